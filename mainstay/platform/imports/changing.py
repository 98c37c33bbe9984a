"""What rooms share that write rows of imports: change many objects at once, take created ones out again (A7)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.db.models import ForeignObjectRel, Model, QuerySet

from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.bulk.rows import update_many
from mainstay.platform.imports.errors import BadImport
from mainstay.platform.imports.registry import Taken
from mainstay.platform.journal.actions import differences

Thing = TypeVar("Thing", bound=Model)
Item = TypeVar("Item")
Done = TypeVar("Done")


@dataclass(frozen=True)
class Changed(Generic[Thing]):
    """An object with what of it changed; both are empty where nothing did."""

    thing: Thing
    before: dict[str, Any]
    after: dict[str, Any]


def set_columns(wanted: Iterable[tuple[Thing, Mapping[str, Any]]]) -> list[Changed[Thing]]:
    """Set columns (by attribute name) of objects in memory and say what changed; nothing is written."""
    found = []
    for thing, columns in wanted:
        before, after = differences({name: getattr(thing, name) for name in columns}, dict(columns))
        for name, value in after.items():
            setattr(thing, name, value)
        found.append(Changed(thing, before, after))
    return found


def write_columns(changed: Sequence[Changed[Thing]], *also: str) -> list[Changed[Thing]]:
    """Write what changed, in the caller's transaction, with the columns `also`; return those that did change."""
    real = [each for each in changed if each.after]
    columns = sorted({name for each in real for name in each.after} | (set(also) if real else set()))
    if real:
        rows = [(*(getattr(each.thing, name) for name in columns), each.thing.pk) for each in real]
        update_many(type(real[0].thing), columns, rows)
    return real


def former_values(model: type[Model], before: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return kept values as the model holds them: the journal keeps days and amounts as text."""
    known = {field.attname: field for field in model._meta.concrete_fields}
    return {name: known[name].to_python(value) for name, value in (before or {}).items() if name in known}


def take_back(
    rows: Sequence[Taken],
    things: "QuerySet[Thing]",
    *,
    owned: Iterable[str] = (),
    take_out: Callable[[list[Thing]], None],
    change: Callable[[list[tuple[Thing, dict[str, Any]]]], object],
    former: Callable[[type[Model], Mapping[str, Any] | None], dict[str, Any]] = former_values,
) -> list[MainstayError | None]:
    """Take created objects out and give changed ones their former values; say of each row why not, else None.

    `things`: those the actor may see. `owned`: columns, as "path.circuit", whose rows go with the object; anything
    else that refers to it keeps it. `take_out` deletes, `change` writes; both audit. `former` turns what the journal
    keeps into what `change` takes.
    """
    there = things.in_bulk([row.object_id for row in rows])
    errors: dict[int, MainstayError] = {row.object_id: gone(row) for row in rows if row.object_id not in there}
    created = [row for row in rows if row.created and row.object_id in there]
    errors |= in_use(things.model, created, set(owned)) if created else {}
    take_out([there[row.object_id] for row in created if row.object_id not in errors])
    changed = [row for row in rows if not row.created and row.object_id in there]
    change([(there[row.object_id], former(things.model, row.before)) for row in changed])
    return [errors.get(row.object_id) for row in rows]


def gone(row: Taken) -> BadImport:
    """Return the error of a row whose object is not there to be undone."""
    return BadImport(
        msgid("{label} is no longer there, or not within what you look after; nothing of it was undone."),
        label=row.label,
    )


def in_use(model: type[Model], rows: Sequence[Taken], owned: set[str]) -> dict[int, MainstayError]:
    """Say which objects others refer to (1 query per kind of reference, however many objects)."""
    labels = {row.object_id: row.label for row in rows}
    users: dict[int, tuple[str, int]] = {}
    among: dict[int, set[int]] = {}
    for relation in _references(model, owned):
        name = relation.field.attname
        found = relation.related_model._default_manager.filter(**{f"{name}__in": list(labels)})
        for used, by in found.values_list(name, "pk"):
            if relation.related_model is model and by in labels:
                among.setdefault(used, set()).add(by)
            else:
                users[used] = (str(relation.related_model._meta.verbose_name), users.get(used, ("", 0))[1] + 1)
    while more := {pk: users[by] for pk, parts in among.items() if pk not in users for by in parts if by in users}:
        users |= more
    return {pk: _used(labels[pk], *told) for pk, told in users.items()}


def _references(model: type[Model], owned: set[str]) -> list[ForeignObjectRel]:
    return [
        field
        for field in model._meta.get_fields(include_hidden=True)
        if isinstance(field, ForeignObjectRel)
        and not field.many_to_many
        and f"{field.related_model._meta.model_name}.{field.field.name}" not in owned
    ]


def _used(label: str, what: str, count: int) -> BadImport:
    return BadImport(
        msgid("{label} stays: {count} {what} refer to it since; take those away first."),
        label=label, count=count, what=what,
    )  # fmt: skip


def by_halves(items: Sequence[Item], act: Callable[[Sequence[Item]], Sequence[Done]]) -> list[Done | MainstayError]:
    """Let an action that takes all or none take as many as it will: what it refuses is halved until the bad ones show.

    For what can only be seen of many together (rings) or is rare; costs about 2·log2(n) actions per bad item.
    """
    if not items:
        return []
    try:
        with transaction.atomic():
            return list(act(items))
    except MainstayError as error:
        if len(items) == 1:
            return [error]
    middle = len(items) // 2
    return [*by_halves(items[:middle], act), *by_halves(items[middle:], act)]
