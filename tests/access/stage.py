"""The stage for the walk over all addresses: a bad day at the bank, with something of it behind every address.

The bank is the first customer. Its ring is cut twice, so it has incidents, alarms, impacts, tickets, messages; besides
there is planned work, a quarantined name, a note in the shift log, audit entries, search entries.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from mainstay.accounts.contracts.models import SpecialTerm
from mainstay.accounts.customers.actions import customers
from mainstay.domain.actor import Actor, system
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.actions.intake import NewReport
from mainstay.network.alarms.models import Alarm, AlarmReport, EffectRule, Incident, QuarantinedResource, Storm
from mainstay.network.alarms.queries.shift import ShiftSpan
from mainstay.network.alarms.worker import ImpactWorker
from mainstay.network.inventory.models import CircuitEnd
from mainstay.network.planned_work import actions as works
from mainstay.network.planned_work.actions.feeds import make_feed
from mainstay.network.planned_work.actions.freezing import NewRule, add_rule
from mainstay.network.planned_work.actions.suppliers import map_object
from mainstay.network.reconciliation.actions import running as sync_running
from mainstay.network.reconciliation.actions import sources as sync_sources
from mainstay.network.reconciliation.actions.sources import SourceSettings
from mainstay.network.reconciliation.models import Difference
from mainstay.platform.duty import actions as duty
from mainstay.platform.duty import handing_over
from mainstay.platform.duty.models import Shift
from mainstay.platform.duty.queries import Span
from mainstay.platform.identity.models import DutyAssignment, User
from mainstay.platform.imports import actions as imports
from mainstay.platform.imports.reading import read_file
from mainstay.platform.imports.registry import kind_named
from mainstay.platform.jobs import actions as jobs
from mainstay.platform.messages.models import Delivery, Message, Sender
from mainstay.platform.saved_views import actions as views
from mainstay.platform.search.actions import SearchItem, index
from mainstay.service.announcements.models import Announcement
from mainstay.service.promises.models import CircuitTerm
from mainstay.service.tickets.actions import linking, working
from mainstay.service.tickets.actions.departments import load_departments
from mainstay.service.tickets.models import Department, Ticket
from mainstay.service.tickets.queries.shift import shift_facts
from tests.access import billed, documents, loyal, owed
from tests.cast import World, build_world

WORKER = system("impact worker")
NETWORK_WORDS = ("I-0000", "MSTP", "光缆", "管道", "机房", "纤芯", "cable-", "device-A", "device-C", "duct-")
"""What no customer reads: incidents, and our names for our network."""

REVENUE_WORDS = ("ZD-BANK", "SK-BANK", "7,654.00")
"""What of the bank only those read who may see revenue."""

STORM_RULE = {
    "rate_least": "700", "rate_times": "10", "backlog": "2000", "behind_s": "15", "causes": "60",
    "calm_percent": "50", "calm_s": "300",
}  # fmt: skip


@dataclass
class Stage:
    """The cast's world after the bad day; `ids` are those of the first customer's objects, by what they are."""

    world: World
    ids: dict[str, Any]
    tickets: dict[str, Ticket]

    def actor(self, username: str) -> Actor:
        """Return the actor of a user, read anew."""
        return self.world.actor(username)

    @property
    def of_the_bank(self) -> list[str]:
        """Return what only those may read who may see the bank."""
        own = [self.tickets[name].number for name in ("bank", "branch")]
        return [*own, "汉江银行", "WH-HS-E1-0001", "HS-HS-E1-0002", "HT-2026-0001", "建设大道", "027-8555 0100", "周颖",
                "13800000001", *REVENUE_WORDS, "汉口路 1 号", "大冶路 1 号", "CD 光缆"]  # fmt: skip

    @property
    def of_the_others(self) -> list[str]:
        """Return what the bank and its manager must not read."""
        return [self.tickets["logistics"].number, "楚天物流", "HS-WH-E1-0003", "HT-2026-0002", "粤海商贸",
                "GZ-GZ-E1-0004", "吴桐", "13800000002", "光谷路 1 号", "ZD-LOGI", "4,321.00"]  # fmt: skip


def judge(world: World, *refs: str, minutes_ago: float, severity: str = "critical") -> None:
    """Let alarms arrive and be judged; pages look at the real clock, so instants lie before now."""
    at = timezone.now() - timedelta(minutes=minutes_ago)
    worker = ImpactWorker.start(at=at, by=WORKER)
    intake.accept(world.source, [NewReport(ref, "LOS", severity, at) for ref in refs], at=at, by=WORKER)
    while worker.step(at=at, by=WORKER):
        pass
    worker.tick(at=at, by=WORKER)


def restore(stage: Stage) -> None:
    """Let the ring come back."""
    judge(stage.world, "cable-CD", "cable-BC", minutes_ago=5, severity="cleared")


def build_stage() -> Stage:
    """Set the stage; needs an empty database."""
    world = build_world()
    _tell_apart(world)
    judge(world, "cable-CD", minutes_ago=40)
    judge(world, "cable-BC", "nobody-knows-this", minutes_ago=30)
    tickets = {name: Ticket.objects.get(customer=getattr(world, name)) for name in ("bank", "branch", "logistics")}
    stage = Stage(world, {}, tickets)
    _leave_traces(stage)
    stage.ids |= _ids(stage)
    _take_in_a_file(stage)
    _make_findable(stage)
    _let_a_manager_differ(stage)
    _reckon(stage)
    documents.put_up(stage)
    owed.put_up(stage)
    billed.put_up(stage)
    loyal.put_up(stage)
    return stage


def _reckon(stage: Stage) -> None:
    """Reckon and close months (tests.access.level_posts needs the stage)."""
    from tests.access.level_posts import reckon

    reckon(stage)


def _tell_apart(world: World) -> None:
    """Give the others' sites their own people; hire a leader in the other region."""
    others = CircuitEnd.objects.filter(circuit__in=[world.logistics_circuit, world.trade_circuit])
    others.update(contact_name="吴桐", contact_phone="13800000002")
    CircuitEnd.objects.filter(circuit=world.logistics_circuit, side="A").update(address="光谷路 8 号")
    leader = User.objects.create(username="sun.li", display_name="孙丽", password="!", date_joined=timezone.now())
    DutyAssignment.objects.create(user=leader, duty="leader", region_code="44")
    world.users["sun.li"] = leader
    SpecialTerm.objects.create(
        customer=world.bank, metric="restoration", amount=45, unit="natural_minutes", calendar=world.calendar_always,
        valid_from="2020-01-01",
    )  # fmt: skip


def _leave_traces(stage: Stage) -> None:
    """Let staff work on the bank, so that its name stands wherever it can stand."""
    world, at = stage.world, timezone.now() - timedelta(minutes=10)
    officer, manager = stage.actor("li.qiang"), stage.actor("wang.min")
    customers.update_customer(
        world.bank.pk, {"phone": "027-8555 0100 转 1"}, revision=1, at=at, by=manager.because("汉江银行换号")
    )
    ticket = stage.tickets["bank"].pk
    working.note(ticket, "汉江银行 WH-HS-E1-0001：CD 光缆正在熔接，I-000001", at=at, by=officer)
    working.tell_customer(ticket, "正在抢修。", at=at, by=officer)
    linking.link_to_parent(ticket, stage.tickets["logistics"].pk, at=at, by=officer)
    duty.write_note(world.desk.pk, "汉江银行 WH-HS-E1-0001 在抢修，联系周颖 13800000001", at=at, by=officer)
    begin, now = timezone.now() + timedelta(days=2), timezone.now()
    on_duty = {"desk": world.desk, "user": world.users["li.qiang"], "level": 1}
    Shift.objects.create(**on_duty, from_at=now - timedelta(hours=1), to_at=now + timedelta(hours=7))
    work = works.NewWork(
        number="GJ-1",
        title="汉江银行入楼光缆割接",
        from_at=begin,
        to_at=begin + timedelta(hours=2),
        resources=("cable-AB",),
    )
    load_departments(at=at, by=stage.actor("admin"))
    stage.ids["department"] = Department.objects.get(code="transmission").pk
    stage.ids["storm"] = Storm.objects.create(began_at=now - timedelta(hours=1), signals="rate", reports=4000).pk
    span = Span(now - timedelta(hours=10), now - timedelta(hours=2))
    facts = shift_facts(officer, world.desk, ShiftSpan(span.from_at, span.to_at, at, now, span.to_at))
    stage.ids["handover"] = handing_over.sign(
        world.desk.pk, span, facts, {"": "汉江银行 WH-HS-E1-0001 在抢修"}, at=now - timedelta(hours=1), by=officer
    ).pk
    stage.ids["work"] = works.plan_work(work, at=at, by=officer).pk
    _announce_work(stage, at=at)
    CircuitTerm.objects.create(
        circuit=world.circuit, metric="restoration", amount=40, unit="natural_minutes", calendar=world.calendar_always,
        valid_from="2020-01-01",
    )  # fmt: skip


def _announce_work(stage: Stage, *, at: datetime) -> None:
    """Announce work to the bank, and lay down a freeze far ahead."""
    begin, officer = timezone.now() + timedelta(days=4), stage.actor("li.qiang")
    new = works.NewWork(
        "GJ-7", "汉江银行楼道割接", begin, begin + timedelta(hours=2), ("cable-AB",), details="WH-HS-E1-0001"
    )
    work = works.plan_work(new, at=at, by=officer)
    works.approve_work(work.pk, at=at, by=stage.actor("zhao.lei"))
    works.announce_work(work.pk, at=at, by=officer)
    stage.ids["announcement"] = Announcement.objects.get(work=work).pk
    rule = NewRule("会议保障", begin + timedelta(days=30), begin + timedelta(days=31), region_code="42")
    stage.ids["mapping"] = map_object("carrier.example", "C-0", "cable-AB", at=at, by=officer).pk
    stage.ids["feed"] = make_feed("person", at=at, by=officer)[0].pk
    stage.ids["freeze"] = add_rule(rule, at=at, by=stage.actor("zhao.lei")).pk


def _ids(stage: Stage) -> dict[str, Any]:
    world = stage.world
    alarm = Alarm.objects.filter(resource__code="cable-CD").latest("pk")
    return {
        "customer": world.bank.pk,
        "contact": world.bank_contact.pk,
        "circuit": world.circuit.pk,
        "ticket": stage.tickets["bank"].pk,
        "incident": Incident.objects.get(tickets=stage.tickets["bank"]).pk,
        "alarm": alarm.pk,
        "report": AlarmReport.objects.filter(resource_ref="cable-CD").earliest("pk").pk,
        "resource": world.resources["device-A"].pk,
        "quarantine": QuarantinedResource.objects.get().pk,
        "shift": Shift.objects.filter(desk=world.desk).latest("pk").pk,
        "desk": world.desk.pk,
        "profile": world.profile.pk,
        "term": world.profile.terms.get(grade="AAA").pk,
        "calendar": world.calendar_office.pk,
        "user": world.users["chen.tao"].pk,
        "contract": world.contract.pk,
        "special_term": SpecialTerm.objects.get(customer=world.bank).pk,
        "circuit_term": CircuitTerm.objects.get(circuit=world.circuit).pk,
        "source": world.source.pk,
        "rule": EffectRule.objects.earliest("pk").pk,
        "sender": Sender.objects.create(channel="sms", kind="trial", name="试用").pk,
        "delivery": _delivery(),
        "message": Message.objects.filter(user=world.users["zhou.ying"]).earliest("pk").pk,
    }


def _delivery() -> int:
    """Return what could not be delivered to the bank's contact."""
    row = Delivery.objects.filter(message__contact_id__isnull=False, to="13800000001").earliest("pk")
    Delivery.objects.filter(pk=row.pk).update(state="given_up", drop_reason="")
    return row.pk


def _take_in_a_file(stage: Stage) -> None:
    """Let the bank's manager bring a file about the bank."""
    raw = "code,name,phone\nC0001,汉江银行股份有限公司,027-8555 0101\n".encode()
    by, at = stage.actor("wang.min"), timezone.now()
    run = imports.take_in(kind_named("customers"), read_file(raw), file_name="汉江银行.csv", at=at, by=by)
    stage.ids["import"] = run.pk
    ticket = [stage.tickets["bank"].pk]
    note = {"text": "汉江银行：请回电"}
    stage.ids["job"] = jobs.ask("ticket.note", ticket, note, at=at, by=by, title="汉江银行").pk
    stage.ids["view"] = views.save_view("customers", "汉江银行", "q=汉江银行", at=at, by=by).pk


def _let_a_manager_differ(stage: Stage) -> None:
    """Let a network manager say something else of the bank's circuit, once applied, once open; then a row is bad."""
    at, by = timezone.now() - timedelta(hours=3), system("sync")
    settings = SourceSettings("湖北资源系统", region_code="42", default_rule="source", careful_grades=())
    source = sync_sources.save_source("rms", "circuits", settings, at=at, by=by)
    for name in ("汉江银行 WH-HS-E1-0001", "汉江银行 WH-HS-E1-0001 甲", "汉江银行 WH-HS-E1-0001 乙"):
        raw = f"number,name,bandwidth_kbps\nWH-HS-E1-0001,{name},2048\nHS-HS-E1-0002,汉江银行,much\n".encode()
        run = sync_running.take_in(source.pk, raw, file_name="汉江银行.csv", file_at=at, at=at, by=by)
        sync_running.advance(run.pk, clock=timezone.now)
        sync_sources.set_rules(source.pk, {"name": ("ask" if "甲" in name else "source", None)}, at=at, by=by)
    stage.ids |= {
        "sync_source": source.pk, "sync_run": run.pk,
        "difference": Difference.objects.filter(state="applied").earliest("pk").pk,
        "open_difference": Difference.objects.get(state="open").pk,
    }  # fmt: skip


def _make_findable(stage: Stage) -> None:
    """Index what rooms index when they write; the cast is made in bulk, without them."""
    world = stage.world
    customers_of_all = (world.bank, world.branch, world.logistics, world.trade)
    index(
        SearchItem(
            "customer", row.pk, row.name, row.address, customer_id=row.pk, region_code=row.region_id
        )
        for row in customers_of_all
    )  # fmt: skip
    index(
        SearchItem(
            "circuit", row.pk, row.number, row.name, customer_id=row.customer_id, region_code=row.region_code
        )
        for row in world.circuits
    )  # fmt: skip
    contact = world.bank_contact
    index(
        [SearchItem("contact", contact.pk, contact.name, contact.phone, customer_id=world.bank.pk, region_code="4201")]
    )
