"""The province of the demo: the same for a seed, plausible, joined up, and lived through the real engine."""

import re

import pytest
from django.db.models import Count, Exists, F, OuterRef

from mainstay.accounts.contracts.models import Contract
from mainstay.accounts.customers.models import Contact, Customer
from mainstay.faces.demo import cast
from mainstay.faces.demo.facts import tables
from mainstay.faces.demo.loading import Loader
from mainstay.faces.demo.names import TAKEN
from mainstay.network.alarms.models import Alarm, AlarmReport, Impact, Incident, QuarantinedResource
from mainstay.network.alarms.rejudging import rejudge as rejudge_impacts
from mainstay.network.inventory.models import Circuit, CircuitEnd, Dependency, Resource
from mainstay.platform.duty import queries as duty
from mainstay.platform.identity import queries as identity
from mainstay.service.tickets.models import Clock, Ticket, TicketEvent
from mainstay.service.tickets.rejudge import rejudge as rejudge_clocks
from tests.faces.demo.conftest import AT

pytestmark = pytest.mark.django_db
ENTERED_TWICE = ("KH-90001", "KH-90002")
"""Customers the demo takes on a second time, so that there are duplicates to merge."""


def test_the_province_is_there(province: Loader) -> None:
    assert Customer.objects.exclude(code__in=ENTERED_TWICE).count() == 12
    assert Customer.objects.filter(code__in=ENTERED_TWICE).count() == 2
    assert Circuit.objects.count() > 50
    assert Contract.objects.count() == 12
    assert set(cast.with_duty("account_manager")) <= set(identity.users().values_list("username", flat=True))
    assert Customer.objects.filter(kind="group", subsidiaries__isnull=False).exists()
    assert Customer.objects.filter(kind="individual").exists()


def test_the_backbone_is_the_real_one(province: Loader) -> None:
    assert len(tables.backbone_nodes()) == 37
    devices = Resource.objects.filter(kind="device", code__startswith="BB-").exclude(code__endswith="-JR1")
    assert devices.count() == 37
    trunks = Resource.objects.filter(kind="link", code__startswith="BB-LK", a_end__isnull=False, z_end__isnull=False)
    assert trunks.count() >= len(tables.backbone_links())


def test_names_read_like_names_and_are_nobodys_twice(province: Loader) -> None:
    names = list(Customer.objects.exclude(code__in=ENTERED_TWICE).values_list("name", flat=True))
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[\u4e00-\u9fff]+", name) for name in names)
    assert not any(name.startswith(tuple(TAKEN)) for name in names)


def test_telephone_numbers_are_well_formed_and_in_no_range_in_use(province: Loader) -> None:
    numbers = Contact.objects.values_list("phone", flat=True)
    assert all(re.fullmatch(r"1990000\d{4}|", number) for number in numbers)


def test_circuits_have_ends_with_equipment_and_ways_that_join(province: Loader) -> None:
    assert not Circuit.objects.filter(paths__isnull=True).exists(), "open_circuits checks that a route joins up"
    assert CircuitEnd.objects.filter(side="A", converter__isnull=False, router__isnull=False).count() == (
        Circuit.objects.count()
    )
    protected = Circuit.objects.filter(paths__role="protection")
    assert protected.exists()
    assert len(set(Circuit.objects.values_list("technology", flat=True))) >= 4


def test_links_depend_on_fibres_in_ducts_and_some_share_one(province: Loader) -> None:
    through = Dependency.objects.filter(resource__kind="link", on__kind="fibre")
    assert not through.filter(on__parent__parent__kind__isnull=True).exists()
    shared = Resource.objects.filter(kind="duct").annotate(cables=Count("parts")).filter(cables__gt=1)
    assert shared.exists()


def test_somebody_is_on_duty_around_the_clock(province: Loader) -> None:
    for level in (1, 2, 3):
        assert duty.on_duty("4201", level, AT)
    assert [user.username for user in duty.on_duty("4211", 1, AT)] == ["li.qiang"]
    assert duty.on_duty("42", 1, AT.replace(day=20))


def test_things_happened_and_some_still_stand(province: Loader) -> None:
    assert Incident.objects.filter(status="closed").exists()
    assert Incident.objects.filter(status__in=("open", "claimed")).exists()
    assert Ticket.objects.filter(status__in=("open", "assigned")).exists()
    assert QuarantinedResource.objects.exists()
    assert Impact.objects.filter(to_at__isnull=True).exists()
    assert not AlarmReport.objects.filter(outcome="").exists()


def test_nothing_was_put_in_closed(province: Loader) -> None:
    """Every alarm has its report, every closed ticket the whole story from opening on, every clock its beginning."""
    assert not Alarm.objects.filter(~Exists(AlarmReport.objects.filter(alarm_id=OuterRef("pk")))).exists()
    for kind in ("opened", "closed"):
        story = TicketEvent.objects.filter(ticket=OuterRef("pk"), kind=kind)
        assert not Ticket.objects.filter(status="closed").filter(~Exists(story)).exists()
    assert not Incident.objects.filter(status="closed", restored_at__gt=F("closed_at")).exists()
    assert not TicketEvent.objects.filter(recorded_at__gt=AT).exists()


def test_judged_again_the_log_gives_the_same(province: Loader) -> None:
    assert rejudge_impacts(at=AT).differences == []
    assert list(rejudge_clocks(at=AT)) == []


def test_clocks_of_planned_work_and_of_the_unprotected_do_not_run(province: Loader) -> None:
    excused = Impact.objects.filter(state=1).values("circuit")
    only = Circuit.objects.filter(pk__in=excused).exclude(impacts__state__gte=2)
    assert not Clock.objects.filter(circuit__in=only).exists()
