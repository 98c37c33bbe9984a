"""What a customer's accounts tell on their page: the wave of deposits, the accounts, the nominations (B6)."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from mainstay.accounts.nominations.queries import nominated, waves
from mainstay.faces.ui.words import short_number
from mainstay.faces.web.amounts import yuan
from mainstay.faces.web.door import ConsoleRequest
from mainstay.faces.web.lists.vips import origin, reason
from mainstay.faces.web.wave_words import days_of, shares_told, spans, wave_told
from mainstay.platform.identity.choices import Permission


def balances(request: ConsoleRequest, customer: Any, _at: datetime) -> dict[str, Any]:
    """Return the tab: wave by day and month, accounts by kind, why the customer is a VIP (6 queries)."""
    accounts = waves.accounts_of(request.actor, customer.pk)
    newest = max((account.latest_on for account in accounts if account.latest_on), default=None)
    days = days_of(request)
    told: dict[str, Any] = {"accounts": [account_told(account) for account in accounts], "on": newest}
    if newest is not None:
        wave = waves.of_customer(request.actor, customer.pk, on=newest, days=days)
        own = waves.visible_accounts(request.actor).filter(customer=customer.pk)
        told |= {"wave": wave_told(wave), "shares": shares_told(waves.structure(own))}
    wanted = nominated.NominationFilter(customer_id=customer.pk)
    rows = nominated.filtered(request.actor, wanted).order_by("-from_on", "-pk")[:10]
    return told | {
        "nominations": [{"row": row, "how": origin(row), "why": reason(row)} for row in rows],
        "spans": spans(days, extra="tab=balances&"), "days": days,
        "may_propose": request.actor.may(Permission.WRITE_CUSTOMERS),
    }  # fmt: skip


def account_told(account: Any) -> dict[str, Any]:
    """Return an account with its number masked."""
    said = "—" if account.latest_fen is None else yuan(account.latest_fen)
    return {"row": account, "number": waves.masked(account.number), "said": said}


def panel(actor: Any, customer_id: int, at: datetime) -> dict[str, Any]:
    """Return what the page's strip may say: deposits, of which day, and whether the customer is a VIP (2 queries)."""
    accounts = waves.accounts_of(actor, customer_id)
    deposits = [
        (row.latest_fen, row.latest_on) for row in accounts if row.latest_fen is not None and row.kind != "loan"
    ]
    held = nominated.named([customer_id], timezone.localdate(at)).get(customer_id, ()) if actor.is_staff else ()
    total = sum(fen for fen, _on in deposits)
    return {
        "deposits_fen": total if deposits else None,
        "deposits": f"¥\u2009{short_number(total / 100)}" if deposits else "",
        "on": max((on for _fen, on in deposits if on is not None), default=None), "named": held,
    }  # fmt: skip
