"""The audit trail: filtered, within scope, exported; a change of it does not go unnoticed."""

from django.utils import timezone

from mainstay.accounts.customers.actions import contacts
from mainstay.platform.journal.actions import seal
from mainstay.platform.journal.models import Entry
from tests.cast import World
from tests.faces.web.conftest import SignIn


def add_contact(world: World, name: str, customer: str) -> None:
    """Leave an entry in the trail."""
    new = contacts.NewContact(customer=customer, name=name, phone="1")
    contacts.add_contacts([new], at=timezone.now(), by=world.actor("admin").because("补录"))


def test_it_works(signed_in: SignIn, world: World) -> None:
    add_contact(world, "孙丽", world.bank.code)
    shown = signed_in("zhao.lei").get("/audit?kind=contact&q=孙").content.decode()
    assert "孙丽" in shown
    assert "补录" in shown
    assert "孙丽" not in signed_in("zhao.lei").get("/audit?kind=user").content.decode()
    assert "孙丽" not in signed_in("zhao.lei").get("/audit?to=2020-01-01").content.decode()


def test_a_leader_reads_the_entries_of_the_region_only(signed_in: SignIn, world: World) -> None:
    add_contact(world, "外地人", world.trade.code)
    assert "外地人" not in signed_in("zhao.lei").get("/audit").content.decode()
    assert "外地人" in signed_in("admin").get("/audit").content.decode()
    file = b"".join(signed_in("zhao.lei").get("/audit?export=csv").streaming_content)  # type: ignore[attr-defined]
    assert "外地人" not in file.decode("utf-8-sig")


def test_a_changed_entry_breaks_its_seal(signed_in: SignIn, world: World) -> None:
    add_contact(world, "孙丽", world.bank.code)
    seal()
    assert "Every seal holds" in signed_in("admin").get("/audit/seals").content.decode()
    Entry.objects.filter(object_label="孙丽").update(after={"name": "somebody else"})
    shown = signed_in("admin").get("/audit/seals").content.decode()
    assert "Every seal holds" not in shown
    assert "somebody else" in shown


def test_who_may_not_read_the_trail_is_refused(signed_in: SignIn) -> None:
    for username in ("wang.min", "li.qiang", "zhou.ying"):
        assert signed_in(username).get("/audit/seals").status_code == 403
