"""Files belong to contracts: checked, kept once, seen by whom they are for, each reading written down (D1)."""

import pytest

from mainstay.accounts.contracts import queries
from mainstay.accounts.contracts.actions import NewFile, attach, hand_out, withdraw_attachment
from mainstay.accounts.contracts.errors import BadAttachment, NoSuchAttachment
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.platform.documents.actions.storing import forget_unused_content
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World

PDF = NewFile("签署件.pdf", b"%PDF-1.7 signed", "signed", for_customer=True)


def test_it_works(world: World, manager: Actor, customer: Actor) -> None:
    row = attach(world.contract.pk, PDF, at=NOW, by=manager)
    assert forget_unused_content() == 0
    assert [each.pk for each in queries.attachments(customer, world.contract.pk)] == [row.pk]
    assert hand_out(row.pk, at=NOW, by=customer)[1] == b"%PDF-1.7 signed"
    entry = Entry.objects.get(action="contract.read_file")
    assert (entry.actor_name, entry.object_id) == ("周颖", str(world.contract.pk))


def test_a_file_for_us_alone_is_not_shown_to_the_customer(world: World, manager: Actor, customer: Actor) -> None:
    row = attach(world.contract.pk, NewFile("底价.xlsx", b"PK\x03\x04", "other"), at=NOW, by=manager)
    assert queries.attachments(customer, world.contract.pk) == []
    with pytest.raises(NoSuchAttachment):
        hand_out(row.pk, at=NOW, by=customer)


def test_others_get_nothing(world: World, manager: Actor) -> None:
    row = attach(world.contract.pk, PDF, at=NOW, by=manager)
    for name in ("wu.tong", "liu.fang", "huang.wei"):
        with pytest.raises(NoSuchAttachment):
            hand_out(row.pk, at=NOW, by=world.actor(name))
    with pytest.raises(NotAllowed):
        attach(world.contract.pk, PDF, at=NOW, by=world.actor("li.qiang"))


def test_a_withdrawn_file_stays_kept_for_us(world: World, manager: Actor, customer: Actor) -> None:
    row = attach(world.contract.pk, PDF, at=NOW, by=manager)
    withdraw_attachment(row.pk, why="扫描错页", at=NOW, by=manager)
    assert queries.attachments(customer, world.contract.pk) == []
    assert [each.pk for each in queries.attachments(manager, world.contract.pk)] == [row.pk]
    with pytest.raises(BadAttachment, match="once"):
        withdraw_attachment(row.pk, why="再来", at=NOW, by=manager)


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.exe", b"MZ"), ("x.pdf", b"MZ"), ("x.pdf", b""), ("x.pdf", b"%PDF-" + b"x" * 20_000_001), ("pdf", b"%PDF-")],
)
def test_what_is_refused(world: World, manager: Actor, name: str, content: bytes) -> None:
    with pytest.raises(BadAttachment):
        attach(world.contract.pk, NewFile(name, content), at=NOW, by=manager)


def test_a_name_is_no_path(world: World, manager: Actor) -> None:
    row = attach(world.contract.pk, NewFile("..\\..\\etc/签署件.pdf", b"%PDF-1"), at=NOW, by=manager)
    assert row.file_name == "签署件.pdf"
