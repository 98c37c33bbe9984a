"""What did a contract say when? Each version as plain facts, complete by itself, and what differs between two (D1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mainstay.accounts.contracts.models import Contract, ContractLine, ContractVersion
from mainstay.domain.actor import Actor

OF_CONTRACT = ("name", "signed_on", "starts_on", "ends_on", "auto_renew_months", "notice_days", "payment")
OF_LINE = ("product", "grade", "monthly_price_fen")
BATCH = 500


@dataclass(frozen=True)
class Difference:
    """One field that differs; `position` of a line, 0 for the contract; `field` a key of choices.FIELDS.

    A line that came or went is one difference of the field "line", with the line's words on one side.
    """

    field: str
    position: int
    before: Any
    after: Any


def facts_of(contract: Contract, lines: Iterable[ContractLine]) -> dict[str, Any]:
    """Return what a contract says as JSON values; lines have their product fetched."""
    facts = {name: _plain(getattr(contract, name)) for name in OF_CONTRACT}
    return facts | {"lines": [line_facts(line) for line in sorted(lines, key=lambda line: line.position)]}


def line_facts(line: ContractLine) -> dict[str, Any]:
    """Return what a line says."""
    return {
        "position": line.position, "product": line.product.code, "product_name": line.product.name,
        "product_name_en": line.product.name_en, "grade": line.grade, "monthly_price_fen": line.monthly_price_fen,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return what differs between two versions' facts, field by field: the contract's own first, then line by line."""
    found = [
        Difference(name, 0, before.get(name), after.get(name))
        for name in OF_CONTRACT
        if before.get(name) != after.get(name)
    ]
    old, new = ({line["position"]: line for line in facts["lines"]} for facts in (before, after))
    for position in sorted(old.keys() | new.keys()):
        one, other = old.get(position), new.get(position)
        if one is None or other is None:
            found.append(Difference("line", position, one, other))
        else:
            found += [
                Difference(name, position, one[name], other[name]) for name in OF_LINE if one[name] != other[name]
            ]
    return found


def keep_first(contracts: Sequence[Contract], lines: Iterable[ContractLine], *, at: datetime, by: Actor) -> None:
    """Keep the first version of contracts, in the caller's transaction; lines of all of them, product fetched."""
    of: dict[int, list[ContractLine]] = {row.pk: [] for row in contracts}
    for line in lines:
        of[line.contract_id].append(line)
    ContractVersion.objects.bulk_create(
        (
            ContractVersion(contract=row, number=row.version, valid_from=row.starts_on, facts=facts_of(row, of[row.pk]),
                            made_at=at, made_by=by.name[:80])
            for row in contracts
        ),
        batch_size=BATCH,
    )  # fmt: skip


def keep_missing(contracts: Sequence[Contract], *, at: datetime, by: Actor) -> None:
    """Keep what contracts say now as a version, where none was kept yet (laid or older ones); 3 queries at most."""
    kept = set(ContractVersion.objects.filter(contract__in=contracts).values_list("contract", flat=True).distinct())
    bare = [row for row in contracts if row.pk not in kept]
    if bare:
        keep_first(bare, ContractLine.objects.filter(contract__in=bare).select_related("product"), at=at, by=by)


def keep_changes(contracts: Sequence[Contract], *, on: date, why: str, at: datetime, by: Actor) -> list[Contract]:
    """Keep a further version from a day on of those contracts that say something else now; return these.

    For what was changed as a whole, by import: `keep_missing` was called before the change.
    """
    newest: dict[int, ContractVersion] = {}
    for version in ContractVersion.objects.filter(contract__in=contracts).order_by("number"):
        newest[version.contract_id] = version
    lines: dict[int, list[ContractLine]] = {}
    for line in ContractLine.objects.filter(contract__in=contracts, in_force=True).select_related("product"):
        lines.setdefault(line.contract_id, []).append(line)
    new, changed = [], []
    for row in contracts:
        facts, last = facts_of(row, lines.get(row.pk, ())), newest[row.pk]
        if facts == last.facts:
            continue
        row.version, row.revision = last.number + 1, row.revision + 1
        new.append(ContractVersion(contract=row, number=row.version, valid_from=max(on, last.valid_from), facts=facts,
                                   why=why[:400], made_at=at, made_by=by.name[:80]))  # fmt: skip
        changed.append(row)
    ContractVersion.objects.bulk_create(new, batch_size=BATCH)
    Contract.objects.bulk_update(changed, ["version", "revision"], batch_size=BATCH)
    return changed
