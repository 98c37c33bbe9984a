"""What does a reader see of sensitive fields: masked, or in clear because they asked? Two queries for any rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mainstay.accounts.consulting.choices import ConsultationState, Sensitive
from mainstay.accounts.consulting.models import Consultation
from mainstay.accounts.consulting.queries.rules import rules
from mainstay.domain.actor import Actor, ActorKind
from mainstay.domain.masking import Mask, is_masked, masked
from mainstay.platform.identity.choices import Permission

PARTS = {
    "customer": ("phone", "identity_number", "birthday_on", "tax_number", "bank_account"),
    "contact": ("phone", "email", "birthday_on", "identity_number"),
}
"""Columns of objects in the audit trail that may be sensitive."""


@dataclass(frozen=True)
class Open:
    """What somebody may read of a customer, under which consultation, until when."""

    consultation_id: int
    until_at: datetime


@dataclass(frozen=True)
class Shown:
    """A value as it is shown. `covered`: it is masked; `key`, `customer_id`: what to ask for to read it."""

    text: str
    covered: bool = False
    key: str = ""
    customer_id: int | None = None
    until_at: datetime | None = None
    consultation_id: int | None = None


@dataclass
class Sight:
    """What one reader sees at one time. Mutable: it notes what it showed in clear, for `asking.note_readings`."""

    actor: Actor
    known: Mapping[str, Sensitive]
    opened: Mapping[tuple[int, str], Open]
    seen: dict[tuple[int, str, int], str] = field(default_factory=dict)

    def guards(self, key: str) -> bool:
        """Say whether a field is sensitive."""
        rule = self.known.get(key)
        return rule is not None and rule.guarded

    def show(self, key: str, value: Any, *, customer_id: int | None, object_id: int = 0, label: str = "") -> Shown:
        """Return how the reader sees a value; nothing is read. `object_id`, `label`: whose it is, for the record."""
        text = "" if value is None else str(value)
        if not text or not self.guards(key) or self.actor.kind == ActorKind.CUSTOMER:
            return Shown(text)
        opened = self.opened.get((customer_id or 0, key))
        if opened is None:
            return Shown(masked(self.known[key].mask, text), True, key, customer_id)
        self.seen[(opened.consultation_id, key, object_id)] = label
        return Shown(text, False, key, customer_id, opened.until_at, opened.consultation_id)

    def hide(self, kind: str, fields: Any, *, customer_id: int | None) -> Any:
        """Return what an entry of the audit trail says of an object, with what is sensitive masked.

        Histories show in clear only what the reader may read now.
        """
        if not isinstance(fields, Mapping):
            return fields
        return {name: self._hidden(kind, name, value, customer_id) for name, value in fields.items()}

    def _hidden(self, kind: str, name: str, value: Any, customer_id: int | None) -> Any:
        if isinstance(value, Mapping):
            return self.hide(kind, value, customer_id=customer_id)
        if isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
            return [self.hide(kind, each, customer_id=customer_id) for each in value]
        key = self._key(kind, name)
        if not key or not isinstance(value, str) or is_masked(value):
            return value
        return self.show(key, value, customer_id=customer_id).text

    def _key(self, kind: str, name: str) -> str:
        if name.endswith("contact_phone"):
            return "circuit_end.contact_phone"
        if name not in PARTS.get(kind, ()):
            return ""
        if (kind, name) == ("customer", "phone"):
            return "individual.phone"  # the trail does not say whose it is: the stricter of the two
        return f"{kind}.{name}"


def sight(actor: Actor, *, at: datetime) -> Sight:
    """Return what a reader sees now (2 queries; none of a customer's own people)."""
    if actor.kind == ActorKind.CUSTOMER:
        return Sight(actor, {}, {})
    return Sight(actor, rules(), _opened(actor, at))


def sealed(actor: Actor) -> Sight:
    """Return a sight that shows nothing in clear, whatever was asked for: for what leaves the house (1 query)."""
    return Sight(actor, rules(), {})


def _opened(actor: Actor, at: datetime) -> dict[tuple[int, str], Open]:
    if actor.user_id is None:
        return {}
    rows = Consultation.objects.filter(
        asked_by=actor.user_id, state=ConsultationState.GRANTED, until_at__gt=at
    ).order_by("until_at", "pk")
    return {(row.customer_id, key): Open(row.pk, row.until_at) for row in rows if row.until_at for key in row.fields}


def customer_key(name: str, kind: str) -> str:
    """Return the key of a customer's field; an individual's telephone is guarded apart from an organisation's."""
    return "individual.phone" if name == "phone" and kind == "individual" else f"customer.{name}"


def cover(actor: Actor) -> Any:
    """Return how exports show sensitive values: masked, but to whom `READ_CLEAR` trusts with them (1 query).

    A masked day is left empty: an import reads an empty cell as "leave it".
    """
    if actor.may(Permission.READ_CLEAR):
        return lambda _key, value, _row: value
    known = rules()

    def covered(key: str, value: Any, row: Mapping[str, Any]) -> Any:
        rule = known.get(customer_key("phone", str(row.get("kind"))) if key == "customer.phone" else key)
        if rule is None or not rule.guarded:
            return value
        return "" if rule.mask == Mask.DATE else masked(rule.mask, value)

    return covered
