"""Maintenance notes as network operators exchange them: written, read again, taken as planned work (I3)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.network.planned_work.actions import NewWork, announce_work, approve_work, plan_work
from mainstay.network.planned_work.actions.suppliers import forget_object, map_object, take_notes
from mainstay.network.planned_work.errors import BadNote
from mainstay.network.planned_work.maintnotes import Note, read, written
from mainstay.network.planned_work.models import PlannedWork, SupplierCircuit
from mainstay.network.planned_work.queries.notes import Publisher, note_for
from tests.cast import NOW, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOTE = Note(
    "carrier.example", "137.035999173", "WorkOrder-31415", "Fibre swap", NOW + 3 * DAY, NOW + 3 * DAY + 2 * HOUR, NOW,
    "CONFIRMED", "OUTAGE", (("C-1", "OUTAGE"), ("C-2", "NO-IMPACT")), 1, "We splice.", "noc@carrier.example", "42",
)  # fmt: skip
FOREIGN = b"""BEGIN:VCALENDAR\r
PRODID:-//Some carrier//EN\r
VERSION:2.0\r
BEGIN:VEVENT\r
SUMMARY:Emergency maintenance\r
DTSTART;VALUE=DATE-TIME:20261010T080000Z\r
DTEND;VALUE=DATE-TIME:20261010T100000Z\r
DTSTAMP;VALUE=DATE-TIME:20261009T001000Z\r
UID:42\r
SEQUENCE:3\r
X-MAINTNOTE-PROVIDER:carrier.example\r
X-MAINTNOTE-ACCOUNT:acme\r
X-MAINTNOTE-MAINTENANCE-ID:WO-1\r
X-MAINTNOTE-IMPACT:OUTAGE\r
X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=NO-IMPACT:acme-widgets\r
X-MAINTNOTE-OBJECT-ID:acme-widgets-2\r
X-MAINTNOTE-STATUS:TENTATIVE\r
ORGANIZER;CN="Carrier NOC":mailto:noone@example.com\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_it_works() -> None:
    assert read(written([NOTE])) == [NOTE]


def test_a_suppliers_own_file_is_read() -> None:
    (note,) = read(FOREIGN)
    assert (note.provider, note.ref, note.sequence, note.status) == ("carrier.example", "WO-1", 3, "TENTATIVE")
    assert note.objects == (("acme-widgets", "NO-IMPACT"), ("acme-widgets-2", "OUTAGE"))
    assert note.organizer == "noone@example.com"


texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=40).map(
    lambda text: text.strip() or "x"
)
states = st.sampled_from(["NO-IMPACT", "REDUCED-REDUNDANCY", "DEGRADED", "OUTAGE"])


@given(ref=texts, summary=texts, objects=st.lists(st.tuples(texts, states), max_size=3), sequence=st.integers(0, 99))
def test_what_is_written_is_read_again(ref: str, summary: str, objects: list[tuple[str, str]], sequence: int) -> None:
    note = replace(NOTE, ref=ref, summary=summary, objects=tuple(objects), sequence=sequence)
    assert read(written([note])) == [note]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"hello", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        FOREIGN.replace(b"X-MAINTNOTE-PROVIDER:carrier.example\r\n", b""),
        FOREIGN.replace(b"20261010T080000Z", b"20261010T080000"),
        FOREIGN.replace(b"DTEND;VALUE=DATE-TIME:20261010T100000Z\r\n", b""),
        FOREIGN.replace(b"STATUS:TENTATIVE", b"STATUS:PERHAPS"), b"x" * 2_000_001,
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused(content: bytes) -> None:
    with pytest.raises(BadNote):
        read(content)


def test_a_note_becomes_work_is_moved_and_called_off(world: World, officer: Actor) -> None:
    map_object("carrier.example", "C-1", "link-BC", at=NOW, by=officer)
    (taken,) = take_notes([NOTE], at=NOW, by=officer)
    assert (taken.outcome, taken.unknown) == ("planned", ("C-2",))
    work = PlannedWork.objects.get()
    assert [r.code for r in work.resources.all()] == ["link-BC"]
    assert (work.supplier, work.supplier_ref, work.from_at) == ("carrier.example", "WorkOrder-31415", NOTE.from_at)
    (again,) = take_notes([NOTE], at=NOW, by=officer)
    assert again.outcome == "known"
    later = replace(NOTE, from_at=NOTE.from_at + DAY, to_at=NOTE.to_at + DAY, sequence=2)
    assert take_notes([later], at=NOW, by=officer)[0].outcome == "moved"
    assert take_notes([NOTE], at=NOW, by=officer)[0].outcome == "known"
    off = replace(later, status="CANCELLED", sequence=3)
    assert take_notes([off], at=NOW, by=officer)[0].outcome == "cancelled"
    work.refresh_from_db()
    assert (work.status, work.from_at) == ("cancelled", later.from_at)


def test_a_note_about_nothing_known_is_refused_and_says_what(world: World, officer: Actor) -> None:
    (taken,) = take_notes([NOTE], at=NOW, by=officer)
    assert taken.outcome == "refused"
    assert "C-1" in str(taken.error)
    assert not PlannedWork.objects.exists()


def test_one_bad_note_spoils_no_good_one(world: World, officer: Actor) -> None:
    map_object("carrier.example", "C-1", "link-BC", at=NOW, by=officer)
    bad = replace(NOTE, ref="WO-2", objects=(("C-9", "OUTAGE"),))
    assert [each.outcome for each in take_notes([bad, NOTE], at=NOW, by=officer)] == ["refused", "planned"]


def test_names_are_mapped_within_ones_regions(world: World, officer: Actor, leader: Actor) -> None:
    with pytest.raises(BadNote):
        map_object("carrier.example", "C-1", "link-EF", at=NOW, by=officer)
    with pytest.raises(NotAllowed):
        map_object("carrier.example", "C-1", "link-BC", at=NOW, by=leader)
    row = map_object("carrier.example", "C-1", "link-BC", at=NOW, by=officer)
    with pytest.raises(NotAllowed):
        map_object("carrier.example", "C-1", "link-EF", at=NOW, by=world.actor("huang.wei"))
    forget_object(row.pk, at=NOW, by=officer)
    assert not SupplierCircuit.objects.exists()


def test_the_note_for_a_customer_names_only_their_circuits(world: World, officer: Actor, leader: Actor) -> None:
    new = NewWork("GJ-1", "光缆割接", NOW + DAY, NOW + DAY + HOUR, ("duct-BC",))
    work = plan_work(new, at=NOW, by=officer)
    approve_work(work.pk, at=NOW, by=leader)
    work = announce_work(work.pk, at=NOW, by=officer)
    publisher = Publisher("mainstay.example")
    (note,) = read(note_for(work, world.bank, publisher, at=NOW))
    assert note.objects == ((world.circuit.number, "REDUCED-REDUNDANCY"),)
    assert (note.status, note.impact, note.account) == ("CONFIRMED", "REDUCED-REDUNDANCY", world.bank.code)
    (later,) = read(note_for(work, world.logistics, publisher, at=NOW + DAY))
    assert (later.status, later.impact) == ("IN-PROCESS", "OUTAGE")
