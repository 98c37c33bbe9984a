"""Writes to customers what they are compensated with, and why: a PDF in Chinese and in English, kept as documents (R1).

Letters are set outside of any transaction, a few at a time; what is kept, who is told and that it was done commit
together. What was granted and whose letter is not written yet stands on the claim, so nothing is lost by a restart.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.customers.models import Contact
from mainstay.accounts.customers.queries import addresses_of
from mainstay.domain.actor import Actor
from mainstay.platform.documents.actions.storing import Made, digest_of_facts, mark_sent, store
from mainstay.platform.documents.registry import Template
from mainstay.platform.documents.rendering import pdf
from mainstay.platform.messages.actions import NewMessage, send
from mainstay.platform.messages.models import Message
from mainstay.service.compensation.choices import ClaimKind
from mainstay.service.compensation.finding import note
from mainstay.service.compensation.models import Claim, Letter
from mainstay.service.compensation.wording import instant, lasting, month_words, sentences, yuan
from mainstay.service.tickets.choices import Responsibility

LANGUAGES = ("zh-hans", "en")
_TYPST = Path(__file__).parent / "typst"
TEMPLATE = Template(
    "compensation-letter", _("Compensation letter"), _TYPST / "compensation-letter.typ",
    _TYPST / "compensation-letter.json",
)  # fmt: skip
FETCHED = ("customer__account_manager", "circuit", "contract", "reverses")


def write_due(*, at: datetime, by: Actor, most: int = 10) -> int:
    """Write the letters that are due, at most so many; return how many were written. Raises TemplateBroken."""
    due = list(Claim.objects.filter(letter_due=True).order_by("pk").values_list("pk", flat=True)[:most])
    return sum(write(pk, at=at, by=by) for pk in due)


def write(claim_id: int, *, at: datetime, by: Actor) -> bool:
    """Write, keep and tell of one letter, where it is due; say whether it was. Raises TemplateBroken."""
    claim = Claim.objects.select_related(*FETCHED).filter(pk=claim_id, letter_due=True).first()
    if claim is None:
        return False
    made = [made_of(claim, language, at=at) for language in LANGUAGES]
    return _keep(claim.pk, made, at=at, by=by)


def made_of(claim: Claim, language: str, *, at: datetime) -> Made:
    """Return a letter as a document, not yet kept; claims have FETCHED fetched."""
    facts = facts_of(claim, language, at=at)
    content = pdf(TEMPLATE.code, facts, language=language, at=at)
    with override(language):
        title = gettext("Compensation letter %(number)s") % {"number": claim.number}
    return Made(
        kind=TEMPLATE.code, format="pdf", language=language, title=title, number=claim.number,
        file_name=f"{claim.number}-{language}.pdf", content=content, facts_digest=digest_of_facts(facts),
        customer_id=claim.customer_id, region_code=claim.region_code, about=f"compensation:{claim.pk}",
        about_label=claim.number, month=claim.month, figures=f"{month_words(claim.month)} v{claim.result_version}",
    )  # fmt: skip


def facts_of(claim: Claim, language: str, *, at: datetime) -> dict[str, Any]:
    """Return what the letter's template reads, in a language; see docs/operations-compensation.md."""
    with override(language):
        return {
            "operator": {"name": settings.OPERATOR_NAME},
            "about": claim.customer.name,
            "month": {"label": month_words(claim.month)},
            "edition": {"number": claim.number, "version": 1, "corrects": "", "why": ""},
            "letter": _letter(claim, at),
            "outages": [_outage(event) for event in claim.facts.get("events", ())],
        }


def _letter(claim: Claim, at: datetime) -> dict[str, Any]:
    manager = claim.customer.account_manager
    reverses = claim.reverses
    return {
        "kind": claim.kind, "number": claim.number, "date": f"{timezone.localdate(at):%Y-%m-%d}",
        "customer_code": claim.customer.code, "contract": claim.contract.number if claim.contract else "",
        "circuit": claim.circuit.number if claim.circuit else "",
        "circuit-name": claim.circuit.name if claim.circuit else "", "clause": claim.clause_name,
        "amount": yuan(abs(claim.amount_fen)), "why": claim.why, "reverses": reverses.number if reverses else "",
        "reversed-amount": yuan(reverses.amount_fen) if reverses else "",
        "manager": manager.display_name if manager else "", "lines": list(sentences(claim.lines)),
    }  # fmt: skip


def _outage(event: Mapping[str, Any]) -> dict[str, str]:
    begin, end = (datetime.fromisoformat(event[name]) for name in ("from_at", "to_at"))
    return {
        "begin": instant(event["from_at"]), "end": instant(event["to_at"]),
        "lasted": lasting((end - begin) // timedelta(seconds=1)),
        "side": str(Responsibility(event["responsibility"]).label), "ticket": event["ticket"],
    }  # fmt: skip


@transaction.atomic
def _keep(claim_id: int, made: Iterable[Made], *, at: datetime, by: Actor) -> bool:
    claim = Claim.objects.select_for_update(of=("self",)).select_related("customer").get(pk=claim_id)
    if not claim.letter_due:
        return False
    rows = store(made, at=at, by=by)
    mark_sent([row.pk for row in rows], at=at, by=by)
    Letter.objects.bulk_create(
        Letter(claim=claim, language=row.language, document_id=row.pk, made_at=at, made_by=by.name[:80]) for row in rows
    )
    claim.letter_due = False
    claim.save(update_fields=["letter_due"])
    people = Contact.objects.filter(customer=claim.customer_id, notify=True, left_on__isnull=True).order_by("pk")
    told = [_message(claim, contact) for contact in people]
    send(told, at=at)
    note("compensation.letter", [(claim, None, {"people": len(told)})], at=at, by=by)
    return True


def _message(claim: Claim, contact: Contact) -> NewMessage:
    words = {
        "name": contact.name, "number": claim.number, "month": month_words(claim.month),
        "amount": yuan(abs(claim.amount_fen)),
    }  # fmt: skip
    with override(contact.language):
        if claim.kind == ClaimKind.REVERSAL:
            subject = gettext("Compensation taken back: %(amount)s for %(month)s") % words
        else:
            subject = gettext("Compensation for %(month)s: %(amount)s") % words
        body = gettext(
            "Dear %(name)s,\n\nthe letter %(number)s is there for you in the customer portal under “Compensation”, "
            "with every step of its reckoning."
        ) % words  # fmt: skip
    return NewMessage(
        kind=Message.Kind.INFORMATION, to_name=contact.name, subject=subject, body=body, contact_id=contact.pk,
        user_id=contact.user_id, channel="portal", to_address=contact.phone or contact.email,
        dedupe_key=f"compensation:{claim.pk}:letter:{contact.pk}", object_kind="compensation", object_id=claim.pk,
        customer_id=claim.customer_id, region_code=claim.region_code, addresses=addresses_of(contact), short=subject,
    )  # fmt: skip
