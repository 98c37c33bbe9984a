"""On which channels a contact is told: by form, by file, and what the audit trail shows of it."""

import pytest

from mainstay.accounts.customers.actions.contacts import NewContact, add_contacts, change_contact
from mainstay.accounts.customers.models import Contact
from mainstay.accounts.customers.queries import addresses_of
from mainstay.domain.actor import Actor
from mainstay.platform.journal.models import Entry
from mainstay.platform.messages.errors import BadAddress
from mainstay.service.tickets.audience import audiences_of
from mainstay.service.tickets.models import Ticket
from tests.cast import NOW, World
from tests.platform.imports.files import table, take
from tests.platform.imports.test_kinds import exported

ROBOT = "693a91f6-7abc-4bc4-97a0-0ec2sifa5aaa"
TOKEN = "566cc69da782ec33e42541b09b08551f09fbe864eb8008112e994b43887"


def test_it_works(world: World, manager: Actor) -> None:
    pk = world.bank_contact.pk
    changed = {"notify_by": ["sms", "dingtalk"], "dingtalk": f"SECabcdef123456@{TOKEN}"}
    contact = change_contact(pk, changed, at=NOW, by=manager)
    assert [a.channel for a in addresses_of(contact)] == ["sms", "dingtalk"]
    said = Entry.objects.get(action="contact.change").after
    assert said == {"notify_by": ["sms", "dingtalk"], "dingtalk": f"…{TOKEN[-4:]}"}


@pytest.mark.parametrize(
    "wrong", [{"wecom": "not a key"}, {"dingtalk": "x"}, {"webhook": "ftp://h"}, {"notify_by": ["fax"]},
              {"notify_by": ["console"]}],
)  # fmt: skip
def test_what_is_no_address_is_refused_and_not_repeated(world: World, manager: Actor, wrong: dict[str, object]) -> None:
    with pytest.raises(BadAddress) as refusal:
        change_contact(world.bank_contact.pk, wrong, at=NOW, by=manager)
    assert "not a key" not in str(refusal.value)


def test_a_robot_alone_is_enough_to_be_told(world: World, manager: Actor) -> None:
    [contact] = add_contacts([NewContact("C0001", "值班群", notify=True, wecom=ROBOT)], at=NOW, by=manager)
    assert [a.channel for a in addresses_of(contact)] == ["wecom"]


def test_whom_nobody_can_reach_does_not_count_as_told(world: World) -> None:
    Contact.objects.filter(pk=world.bank_contact.pk).update(notify_by=["wecom"])
    ticket = Ticket(customer=world.bank)
    assert audiences_of([ticket])[world.bank.pk].receivers == ()


def test_channels_come_by_file_in_either_language_and_go_out_again(world: World, admin: Actor) -> None:
    raw = table(("客户编码", "姓名", "通知渠道", "企业微信机器人"), ("C0001", "周颖", "短信,wecom", ROBOT))
    run = take("contacts", raw, by=admin)
    assert (run.updated, run.refused) == (1, 0)
    contact = Contact.objects.get(pk=world.bank_contact.pk)
    assert (contact.notify_by, contact.wecom) == (["sms", "wecom"], ROBOT)
    assert ROBOT not in str(list(Entry.objects.filter(object_kind="contact").values("before", "after")))
    again = take("contacts", exported("contacts", admin), by=admin)
    assert (again.updated, again.refused, again.unchanged) == (0, 0, again.total)
