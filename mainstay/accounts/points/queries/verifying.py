"""Does the ledger hold? Balances, chain, lots and the operator's accounts against the transfers; reads all of them."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

SHOWN = 20


@dataclass(frozen=True)
class Finding:
    """Something that is not as it must be: what was checked, on which row (its key)."""

    check: str
    row: tuple[Any, ...]


EFFECT = (
    "(CASE credit WHEN '{0}' THEN amount ELSE 0 END - CASE debit WHEN '{0}' THEN amount ELSE 0 END)"  # of one account
)
AVAILABLE, FROZEN = EFFECT.format("available"), EFFECT.format("frozen")

CHECKS = {
    "each customer's transfers follow each other without gap, and no balance was ever below zero": f"""
        SELECT customer_id, number FROM (
            SELECT customer_id, number, available_after, frozen_after, {AVAILABLE} AS available, {FROZEN} AS frozen,
                LAG(number) OVER turn AS before, LAG(available_after) OVER turn AS available_before,
                LAG(frozen_after) OVER turn AS frozen_before
            FROM points_transfer WINDOW turn AS (PARTITION BY customer_id ORDER BY number)
        ) AS chain
        WHERE number <> COALESCE(before, 0) + 1 OR available_after < 0 OR frozen_after < 0
            OR available_after <> COALESCE(available_before, 0) + available
            OR frozen_after <> COALESCE(frozen_before, 0) + frozen""",  # noqa: S608
    "each purse holds what its transfers come to": f"""
        SELECT purse.customer_id FROM points_purse AS purse LEFT JOIN (
            SELECT customer_id, COUNT(*) AS count, SUM({AVAILABLE}) AS available, SUM({FROZEN}) AS frozen
            FROM points_transfer GROUP BY customer_id
        ) AS told ON told.customer_id = purse.customer_id
        WHERE purse.available <> COALESCE(told.available, 0) OR purse.frozen <> COALESCE(told.frozen, 0)
            OR purse.count <> COALESCE(told.count, 0)""",  # noqa: S608
    "each transfer belongs to a purse": """
        SELECT transfer.id FROM points_transfer AS transfer LEFT JOIN points_purse AS purse
            ON purse.customer_id = transfer.customer_id WHERE purse.customer_id IS NULL""",
    "each lot is used as far as its uses say": """
        SELECT lot.transfer_id FROM points_lot AS lot LEFT JOIN (
            SELECT lot_id, SUM(amount) AS used FROM points_lotuse GROUP BY lot_id
        ) AS told ON told.lot_id = lot.transfer_id WHERE lot.used <> COALESCE(told.used, 0)""",
    "the lots hold what is available and frozen": """
        SELECT purse.customer_id FROM points_purse AS purse LEFT JOIN (
            SELECT customer_id, SUM(amount - used) AS held FROM points_lot GROUP BY customer_id
        ) AS lots ON lots.customer_id = purse.customer_id
        WHERE purse.available + purse.frozen <> COALESCE(lots.held, 0)""",
    "the operator's accounts hold what the transfers come to": """
        SELECT COALESCE(told.kind, held.kind), told.balance, held.balance FROM (
            SELECT kind, SUM(amount) AS balance FROM (
                SELECT credit AS kind, amount FROM points_transfer
                UNION ALL SELECT debit, -amount FROM points_transfer
            ) AS postings WHERE kind NOT IN ('available', 'frozen') GROUP BY kind
        ) AS told FULL JOIN (
            SELECT kind, SUM(balance) AS balance FROM points_operatoraccount GROUP BY kind
        ) AS held ON held.kind = told.kind
        WHERE COALESCE(told.balance, 0) <> COALESCE(held.balance, 0)""",
    "all accounts together hold zero": """
        SELECT balance FROM (
            SELECT COALESCE((SELECT SUM(available + frozen) FROM points_purse), 0)
                + COALESCE((SELECT SUM(balance) FROM points_operatoraccount), 0) AS balance
        ) AS total WHERE balance <> 0""",
}


def verify() -> list[Finding]:
    """Return what does not hold, at most twenty of a kind; empty: the ledger balances (B4)."""
    found: list[Finding] = []
    with connection.cursor() as cursor:
        for check, statement in CHECKS.items():
            cursor.execute(f"{statement} LIMIT {SHOWN}")
            found += [Finding(check, tuple(row)) for row in cursor.fetchall()]
    return found


def totals() -> dict[str, int]:
    """Return the balance of each account of the house; they add up to zero (1 query for each kind of account)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(SUM(available), 0), COALESCE(SUM(frozen), 0) FROM points_purse")
        available, frozen = cursor.fetchone()
        cursor.execute("SELECT kind, SUM(balance) FROM points_operatoraccount GROUP BY kind")
        return {"available": int(available), "frozen": int(frozen)} | {
            kind: int(sum_) for kind, sum_ in cursor.fetchall()
        }
