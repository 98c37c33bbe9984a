"""Customers for other systems: TMF632 parties and TMF629 customers; what they deliver keeps source and time (A4).

Sensitive fields are masked but for callers with the permission to hand them on in clear. A PATCH names `asOf`, the time
the source speaks of, and may name `reference`, its own number; the answer says of each field what became of it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, Router

from mainstay.accounts.consulting.queries.sight import cover, customer_key
from mainstay.accounts.customers import queries
from mainstay.accounts.customers.actions import delivering
from mainstay.accounts.customers.actions.delivering import DELIVERABLE, Word
from mainstay.accounts.customers.choices import Archive, CustomerKind
from mainstay.accounts.customers.errors import BadCustomer, NoSuchCustomer
from mainstay.domain.errors import NotAllowed, msgid
from mainstay.platform.identity.choices import Permission

tmf629 = Router(tags=["Customer management (TMF629)"])
tmf632 = Router(tags=["Party management (TMF632)"])

MOST = 200
PARTY = "/tmf-api/party/v4"
CUSTOMER = "/tmf-api/customerManagement/v4/customer"
DIRECT = {"name": "name", "tradingName": "short_name", "fullName": "name", "birthDate": "birthday_on"}
"""TMF632 names of fields that stand at the top of a party."""
IDENTIFICATIONS = {"taxNumber": "tax_number", "identityNumber": "identity_number"}
"""`identificationType` of a party's documents, and the field each is."""


@tmf629.get("/customer")
def customers(
    request: HttpRequest, response: HttpResponse, offset: int = 0, limit: int = 50, code: str = "", status: str = ""
) -> list[dict[str, Any]]:
    """List customers the caller may see, by code; `X-Total-Count` says how many there are."""
    actor = _reader(request)
    archive = {"active": Archive.ACTIVE, "retained": Archive.RETAINED}.get(status, "")
    rows = queries.filtered(actor, queries.CustomerFilters(archive=archive))
    rows = rows.filter(code=code) if code else rows
    rows = rows.select_related("region", "account_manager", "parent").order_by("code")
    start, size = max(offset, 0), min(max(limit, 1), MOST)
    response["X-Total-Count"] = str(rows.count())
    return [_customer(row) for row in rows[start : start + size]]


@tmf629.get("/customer/{int:pk}")
def customer(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return one customer; whom it stands for is a party of TMF632."""
    return _customer(queries.customer(_reader(request), pk))


@tmf629.patch("/customer/{int:pk}")
def patch_customer(request: HttpRequest, pk: int, payload: Body[dict[str, Any]]) -> dict[str, Any]:
    """Take what a source says of a customer, as characteristics."""
    return _deliver(request, pk, payload, None)


@tmf632.get("/organization/{int:pk}")
def organization(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return one organisation."""
    return _party(request, pk, individual=False)


@tmf632.get("/individual/{int:pk}")
def individual(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return one individual who is a key account."""
    return _party(request, pk, individual=True)


@tmf632.patch("/organization/{int:pk}")
def patch_organization(request: HttpRequest, pk: int, payload: Body[dict[str, Any]]) -> dict[str, Any]:
    """Take what a source says of an organisation."""
    return _deliver(request, pk, payload, False)


@tmf632.patch("/individual/{int:pk}")
def patch_individual(request: HttpRequest, pk: int, payload: Body[dict[str, Any]]) -> dict[str, Any]:
    """Take what a source says of an individual."""
    return _deliver(request, pk, payload, True)


def _reader(request: HttpRequest) -> Any:
    actor = request.actor  # type: ignore[attr-defined]  # put there by the token
    if not (actor.is_staff and (actor.may(Permission.DELIVER_CUSTOMERS) or actor.may(Permission.READ_CONSOLE))):
        raise NotAllowed(msgid("This token may not read customers; an administrator gives its user a duty that may."))
    return actor


def _customer(row: Any) -> dict[str, Any]:
    kind = "Individual" if row.kind == CustomerKind.INDIVIDUAL else "Organization"
    told = [("code", row.code), ("serviceGrade", row.service_grade), ("region", row.region_id),
            ("accountManager", row.account_manager.username if row.account_manager else ""),
            ("customerSince", row.since_on), ("parent", row.parent.code if row.parent else "")]  # fmt: skip
    return {
        "id": str(row.pk), "href": f"{CUSTOMER}/{row.pk}", "name": row.name, "status": row.archive,
        "statusReason": row.archive_reason,
        "engagedParty": {"id": str(row.pk), "href": f"{PARTY}/{kind.lower()}/{row.pk}", "name": row.name,
                         "@referredType": kind},
        "characteristic": [{"name": name, "value": value} for name, value in told if value not in ("", None)],
        "@type": "Customer",
    }  # fmt: skip


def _party(request: HttpRequest, pk: int, *, individual: bool) -> dict[str, Any]:
    actor = _reader(request)
    row = _of_kind(queries.customer(actor, pk), individual)
    covered = cover(actor)
    values = {
        name: covered(customer_key(name, row.kind), getattr(row, name), {"kind": row.kind}) for name in DELIVERABLE
    }
    documents = [{"identificationType": kind, "identificationId": values[name]}
                 for kind, name in IDENTIFICATIONS.items() if values[name]]  # fmt: skip
    media = [("phone", {"phoneNumber": values["phone"]}), ("postalAddress", {"street1": values["address"]})]
    top = {"fullName": row.name} if individual else {"name": row.name, "tradingName": row.short_name}
    said = {"name", "short_name", "phone", "address", *IDENTIFICATIONS.values()}
    return {
        "id": str(row.pk), "href": f"{PARTY}/{'individual' if individual else 'organization'}/{row.pk}", **top,
        "individualIdentification" if individual else "organizationIdentification": documents,
        "contactMedium": [{"mediumType": kind, "characteristic": told} for kind, told in media if any(told.values())],
        "partyCharacteristic": [{"name": name, "value": value} for name, value in values.items()
                                if name not in said and value not in ("", None)],
        "externalReference": [{"externalReferenceType": "code", "name": row.code}],
        "@type": "Individual" if individual else "Organization",
    }  # fmt: skip


def _of_kind(row: Any, individual: bool | None) -> Any:
    if individual is not None and (row.kind == CustomerKind.INDIVIDUAL) != individual:
        raise NoSuchCustomer(msgid("There is no customer {id} that you may see; check the address."), id=row.pk)
    return row


def _deliver(request: HttpRequest, pk: int, payload: Mapping[str, Any], individual: bool | None) -> dict[str, Any]:
    actor, at = _reader(request), timezone.now()
    source = delivering.source_of(actor)
    _of_kind(queries.customer(actor, pk), individual)
    as_of = _instant(payload.get("asOf")) if payload.get("asOf") else at
    word = Word(_values(payload), as_of, str(payload.get("reference", "")))
    made = delivering.deliver(source, pk, word, at=at, by=actor)
    return {"id": str(pk), "source": source.code, "asOf": as_of, "receivedAt": at, "became": made.became,
            "@type": "PartyUpdate"}  # fmt: skip


def _values(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Read the fields out of a party or customer in the shape of TMF632 or TMF629."""
    found = {field: payload[name] for name, field in DIRECT.items() if name in payload}
    for kind in ("individualIdentification", "organizationIdentification"):
        for each in _list(payload, kind):
            if each.get("identificationType") in IDENTIFICATIONS:
                found[IDENTIFICATIONS[each["identificationType"]]] = each.get("identificationId", "")
    for medium in _list(payload, "contactMedium"):
        told = medium.get("characteristic") or {}
        if "phoneNumber" in told:
            found["phone"] = told["phoneNumber"]
        if "street1" in told:
            found["address"] = told["street1"]
    for kind in ("partyCharacteristic", "characteristic"):
        for each in _list(payload, kind):
            found[str(each.get("name", ""))] = each.get("value")
    if not found:
        raise BadCustomer(msgid("Nothing is said of the customer; name at least one field."))
    return {name: _typed(name, value) for name, value in found.items()}


def _list(payload: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    given = payload.get(name) or []
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise BadCustomer(msgid("“{name}” is a list of objects; correct it."), name=name)
    return given


def _typed(name: str, value: Any) -> Any:
    if name.endswith("_on"):
        return _day(name, value)
    if name == "industry_id" and not value:
        return None
    if value is None:
        return ""
    if not isinstance(value, str) or "\0" in value:
        raise BadCustomer(msgid("“{name}” is text; correct it."), name=name)
    return value.strip()


def _day(name: str, value: Any) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise BadCustomer(msgid("“{name}” is a day such as 2026-09-01; correct it."), name=name) from error


def _instant(value: Any) -> datetime:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise BadCustomer(msgid("“asOf” is an instant such as 2026-09-01T08:00:00+08:00; correct it.")) from error
    if found.tzinfo is None:
        raise BadCustomer(msgid("“asOf” is an instant such as 2026-09-01T08:00:00+08:00; correct it."))
    return found
