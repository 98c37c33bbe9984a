"""Which fields are sensitive, who reads them at once, and for which reasons (A3, S1 2.2.4)."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mainstay.domain.masking import Mask

MASK_WORDS = {
    Mask.PHONE: _("Telephone number: its ends stay"),
    Mask.EMAIL: _("E-mail address: its domain stays"),
    Mask.IDENTITY: _("Number of a document: first and last character stay"),
    Mask.ACCOUNT: _("Account: the last four digits stay"),
    Mask.DATE: _("Day: nothing stays"),
    Mask.WHOLE: _("Nothing stays"),
}


class Standing(models.TextChoices):
    """What somebody is to a customer; who is one of those a field names reads it at once, everybody else asks."""

    MANAGER = "manager", _("The customer's account manager")
    ENGINEER = "engineer", _("The customer's engineer")
    LIVE_TICKET = "live_ticket", _("Who works on tickets, while one of the customer is open")
    LEADER = "leader", _("Leaders of its region")
    ADMINISTRATOR = "administrator", _("Administrators")


class Reason(models.TextChoices):
    """Why somebody consults."""

    FAULT = "fault", _("To handle a fault or a complaint")
    VISIT = "visit", _("To visit, call or care for the customer")
    CONTRACT = "contract", _("To prepare or check a contract")
    BILLING = "billing", _("To bill, invoice or collect")
    CHECK = "check", _("To check who somebody is")
    CORRECT = "correct", _("To correct the archive")
    OTHER = "other", _("Another reason (say which)")


class ConsultationState(models.TextChoices):
    ASKED = "asked", _("Waits for approval")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ReviewVerdict(models.TextChoices):
    WAITING = "waiting", _("Not looked at")
    KEPT = "kept", _("Confirmed")
    CHANGE = "change", _("To be changed")


@dataclass(frozen=True)
class Sensitive:
    """How a field is guarded. `at_once`: whose asking is granted at once; `minutes`: how long it is shown then.

    `minutes` 0 means to the end of the day. `guarded` False: it is shown to everybody who sees the customer.
    """

    key: str
    label: str | Promise
    mask: str
    at_once: tuple[str, ...]
    minutes: int = 0
    guarded: bool = True


_CALLERS = (Standing.MANAGER.value, Standing.ENGINEER.value, Standing.LIVE_TICKET.value, Standing.LEADER.value)
_CARERS = (Standing.MANAGER.value, Standing.LEADER.value)

SHIPPED = (
    Sensitive("contact.phone", _("Contact's phone"), Mask.PHONE, _CALLERS),
    Sensitive("contact.email", _("Contact's e-mail"), Mask.EMAIL, _CALLERS),
    Sensitive("contact.birthday_on", _("Contact's birthday"), Mask.DATE, _CARERS),
    Sensitive("contact.identity_number", _("Contact's identity number"), Mask.IDENTITY, (), 30),
    Sensitive("circuit_end.contact_phone", _("Phone at a circuit's end"), Mask.PHONE, _CALLERS),
    Sensitive("individual.phone", _("Individual's phone"), Mask.PHONE, _CALLERS),
    Sensitive("customer.phone", _("Organisation's phone"), Mask.PHONE, _CALLERS, guarded=False),
    Sensitive("customer.identity_number", _("Customer's identity number"), Mask.IDENTITY, (), 30),
    Sensitive("customer.birthday_on", _("Customer's birthday"), Mask.DATE, _CARERS),
    Sensitive("customer.tax_number", _("Tax number"), Mask.IDENTITY, _CARERS),
    Sensitive("customer.bank_account", _("Bank account"), Mask.ACCOUNT, (), 30),
)
"""What holds until an administrator says otherwise (Settings › Sensitive fields)."""

KEYS = frozenset(each.key for each in SHIPPED)
