"""What stands behind the addresses of the customer archive: sensitive values of the bank, and somebody asking."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from mainstay.accounts.consulting.actions import asking, reviews
from mainstay.accounts.consulting.models import ReviewLine
from mainstay.accounts.customers.actions import agents, delivering, sites, suggestions
from mainstay.accounts.customers.models import ArchiveDifference, Contact, Customer
from mainstay.platform.identity.models import DutyAssignment, User

if TYPE_CHECKING:
    from tests.access.stage import Stage

SECRETS = {
    "contact's phone": "13800000001", "contact's e-mail": "zhou.ying@secret.example",
    "contact's identity number": "420106198503081234", "contact's birthday": "1985-03-08",
    "customer's account": "6222020200099887766", "customer's tax number": "91420100MA4K0SECRT",
    "phone at an end": "13911112222",
}  # fmt: skip
"""What nobody reads who has not asked; each is nowhere else."""


def put_up(stage: "Stage") -> None:
    """Put everything up."""
    at, world, manager = timezone.now(), stage.world, stage.actor("wang.min")
    _keep_secrets(stage)
    bank = world.bank.pk
    site = sites.add_site(bank, {"name": "汉江银行总行", "address": "建设大道 1 号"}, at=at, by=manager)
    told = suggestions.NewSuggestion("service", "汉江银行希望月报提前到 3 日", timezone.localdate(at))
    agent = agents.add_agent("AG-1", {"name": "汉江银行代理商", "region_id": "4201"}, at=at, by=stage.actor("admin"))
    stage.ids |= {
        "site": site.pk,
        "suggestion": suggestions.note_suggestion(bank, told, at=at, by=manager).pk,
        "agent": agent.pk,
        "agency": agents.assign_agent(bank, agent.pk, on=date(2026, 1, 1), at=at, by=manager).pk,
        "circuit_end": world.circuit.ends.get(side="A").pk,
    }
    question = asking.Question(bank, ("customer.bank_account",), "billing", "汉江银行对账")
    stage.ids["consultation"] = asking.ask(question, at=at, by=manager)[0].pk
    stage.ids["review"] = reviews.begin_review(at=at, by=stage.actor("admin")).pk
    stage.ids["review_line"] = _line(stage)
    _let_billing_differ(stage)


def _keep_secrets(stage: "Stage") -> None:
    world = stage.world
    Contact.objects.filter(pk=world.bank_contact.pk).update(
        email=SECRETS["contact's e-mail"], identity_number=SECRETS["contact's identity number"],
        birthday_on=date(1985, 3, 8),
    )  # fmt: skip
    Customer.objects.filter(pk=world.bank.pk).update(
        bank_account=SECRETS["customer's account"], tax_number=SECRETS["customer's tax number"]
    )
    world.circuit.ends.filter(side="A").update(contact_name="门卫", contact_phone=SECRETS["phone at an end"])


def _line(stage: "Stage") -> int:
    return ReviewLine.objects.get(review=stage.ids["review"], user__username="chen.tao").pk


def _let_billing_differ(stage: "Stage") -> None:
    user = User.objects.create(username="billing", display_name="计费系统", date_joined=timezone.now())
    DutyAssignment.objects.create(user=user, duty="system_client", region_code="")
    wanted = delivering.SourceSettings("计费", "ask", {"address": "overwrite"}, user_id=user.pk)
    at = timezone.now()
    source = delivering.save_source("billing", wanted, at=at, by=stage.actor("admin"))
    stage.ids["customer_source"] = source.pk
    word = delivering.Word(
        {"bank_account": "6222020200099887767", "address": "武汉市建设大道 2 号"}, at - timedelta(minutes=5), "B-1"
    )
    delivering.deliver(source, stage.world.bank.pk, word, at=at, by=stage.actor("billing"))
    stage.ids["archive_difference"] = ArchiveDifference.objects.get().pk
