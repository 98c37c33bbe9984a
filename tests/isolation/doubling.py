"""Everything that is somebody's is there twice: the same rows again for another owner, every text of them marked.

Generic: it knows no room. A row is somebody's when its customer, its region (for a city) or anything it points to is;
a room that is added later is doubled by itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from mainstay.accounts.customers.models import Customer
from mainstay.platform.identity.models import DutyAssignment, User

MARK = "隔墙乙"
"""Stands in every text of the other's rows, and nowhere else."""
AWAY = 10**9
"""Added to ids of what is named by words only, so that it is nothing of the first owner's."""
_MACHINE_WORD = re.compile(r"[a-z][a-z0-9_.\-]*|zh-hans|[0-9]{1,3}")
_LEFT = frozenset({"password", "language", "region_code", "object_kind", "object_id"})
"""Fields that say who, where or in which form, and are no text that anybody reads."""

Key = tuple[type[models.Model], Any]


def rooms() -> list[type[models.Model]]:
    """Return every model of the project."""
    return [model for model in apps.get_models() if model.__module__.startswith("mainstay.")]


@dataclass
class Doubling:
    """Mutable: doubles what belongs to customers and users, or to a region and all below it.

    `users`: staff who own things, and who owns the doubles of these; both are colleagues that everybody knows.
    `region` and `other`: codes of the region that is doubled and of the one that the doubles stand in.
    """

    customers: set[int] = field(default_factory=set)
    users: dict[int, int] = field(default_factory=dict)
    region: str = ""
    other: str = ""
    owned: dict[Key, models.Model] = field(default_factory=dict)
    twin: dict[Key, Any] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    cut: list[tuple[models.Model, str, Key]] = field(default_factory=list)

    def run(self) -> None:
        """Find what is owned and double it: who owns first, since stamps name owners without pointing to them."""
        self._collect()
        owners = {key: row for key, row in self.owned.items() if key[0] in (User, Customer) and key not in self.twin}
        for key in sorted(owners, key=lambda key: (key[0] is User, key[1])):  # who was first is first among doubles
            self._double(key, owners[key])
        self._double_all({key: row for key, row in self.owned.items() if key not in self.twin})
        for other, name, key in self.cut:
            if key in self.twin:
                type(other)._base_manager.filter(pk=other.pk).update(**{name: self.twin[key]})

    def _double_all(self, left: dict[Key, models.Model]) -> None:
        while left:
            ready = [key for key, row in left.items() if not self._waits(row, left)]
            for key in ready or [next(iter(left))]:  # a circle is cut at its first
                self._double(key, left.pop(key))

    def doubled(self) -> set[str]:
        """Return the names of all models of which there are doubles."""
        return {model._meta.label for model, _pk in self.twin}

    def twin_of(self, word: str, pk: Any) -> Any:
        """Return the double's key of what a test names by a word and a key; None where there is none."""
        found = [(model, twin) for (model, own), twin in self.twin.items() if str(own) == str(pk)]
        named = [twin for model, twin in found if _same(word, str(model._meta.model_name))]
        return named[0] if named else None

    def _collect(self) -> None:
        rows = {model: list(model._base_manager.all()) for model in rooms()}
        for user in rows[User]:
            if getattr(user, "customer_id", None) in self.customers:
                self.owned[User, user.pk] = user
        self.twin |= {(User, own): other for own, other in self.users.items()}
        for row in rows[Customer]:
            if row.pk in self.customers:
                self.owned[Customer, row.pk] = row
        before = -1
        while before != len(self.owned):
            before = len(self.owned)
            for model, each in rows.items():
                if model not in (User, Customer):
                    self.owned |= {(model, row.pk): row for row in each if self._is_owned(row)}

    def _is_owned(self, row: models.Model) -> bool:
        if isinstance(row, DutyAssignment):
            return (User, row.user_id) in self.owned  # colleagues keep their duties
        region = getattr(row, "region_code", None)
        if self.region and region:
            return str(region).startswith(self.region)
        customer = getattr(row, "customer_id", None)
        if customer is not None:
            return customer in self.customers
        known = self.owned.keys() | self.twin.keys()
        return (User, getattr(row, "user_id", None)) in known or any(
            (target, pk) in known for _name, target, pk in _pointers(row)
        )

    def _waits(self, row: models.Model, left: dict[Key, models.Model]) -> bool:
        return any((target, pk) in left and left[target, pk] is not row for _name, target, pk in _pointers(row))

    def _double(self, key: Key, row: models.Model) -> None:
        model, own = key
        other = model(**{each.attname: getattr(row, each.attname) for each in model._meta.concrete_fields})
        if isinstance(model._meta.pk, models.AutoField):
            other.pk = None
        if not self._repoint(other):
            self.failed.setdefault(model._meta.label, "points to what could not be doubled")
            return
        for each in model._meta.concrete_fields:
            self._mark(other, each)
        if not (self._saved(other) or (self._set_apart(other, own) and self._saved(other))):
            return
        _keep_instants(other, row)
        self.twin[model, own] = other.pk

    def _saved(self, other: models.Model) -> bool:
        try:
            with transaction.atomic():
                other.save(force_insert=True)
        except IntegrityError as error:
            self.failed[other._meta.label] = str(error).splitlines()[0]
            return False
        self.failed.pop(other._meta.label, None)
        return True

    def _set_apart(self, other: models.Model, own: Any) -> bool:
        """Mark also words for machines, where they must differ together with others; say whether there are any."""
        names = {name for each in other._meta.total_unique_constraints for name in each.fields}
        names |= {name for each in other._meta.constraints for name in getattr(each, "fields", ())}
        texts = [each for each in other._meta.concrete_fields if each.name in names and _is_text(each)]
        for each in texts:
            apart = f"{getattr(other, each.attname)}{MARK}{own}"
            setattr(other, each.attname, apart[-(each.max_length or 999) :])
        return bool(texts)

    def _repoint(self, other: models.Model) -> bool:
        """Let a double point to doubles, and stand in the other region; say whether that was possible."""
        for name, target, pk in _pointers(other):
            if (target, pk) in self.twin:
                setattr(other, name, self.twin[target, pk])
            elif (target, pk) in self.owned and _field(other, name).null:
                setattr(other, name, None)
                self.cut.append((other, name, (target, pk)))
            elif (target, pk) in self.owned:
                return False
        for name, owner in _stamps(other):
            if (owner, getattr(other, name)) in self.twin:
                setattr(other, name, self.twin[owner, getattr(other, name)])
        for name in ("region_code", "region_id"):
            code = getattr(other, name, None)
            if self.region and code and str(code).startswith(self.region):
                setattr(other, name, self.other)
        if hasattr(other, "object_kind") and hasattr(other, "object_id"):
            self._rename(other)
        _put_in_order(other)
        return True

    def _rename(self, other: Any) -> None:
        """Let what names an object by words name its double, or nothing."""
        found = self.twin_of(str(other.object_kind), other.object_id)
        if found is not None:
            other.object_id = type(other.object_id)(found)
        elif str(other.object_id).isdigit():
            other.object_id = type(other.object_id)(AWAY + int(other.object_id))

    def _mark(self, other: Any, each: "models.Field[Any, Any]") -> None:
        value = getattr(other, each.attname)
        if each.is_relation or each.choices or each.name in _LEFT:
            return
        if isinstance(each, models.JSONField):
            setattr(other, each.attname, _marked_within(value))
        elif isinstance(each, models.CharField | models.TextField):
            setattr(other, each.attname, _marked(value, each))


def _is_text(each: Any) -> bool:
    return isinstance(each, models.CharField) and not each.choices and not each.is_relation and each.name not in _LEFT


def _marked(value: Any, each: "models.Field[Any, Any]") -> Any:
    """Return a text with the mark at its end; words for machines stay unless nobody else may have them."""
    text = str(value or "")
    most = getattr(each, "max_length", None)
    if not each.unique and (_MACHINE_WORD.fullmatch(text) or (not text and (each.null or (most or 999) < 60))):
        return value
    if each.unique and value is None:
        return None
    return (text if most is None else text[: max(0, most - len(MARK))]) + MARK[: most or None]


def _marked_within(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _marked_within(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_marked_within(each) for each in value]
    if isinstance(value, str) and value and not _MACHINE_WORD.fullmatch(value) and not value[:4].isdigit():
        return value + MARK
    return value


def _pointers(row: models.Model) -> Iterator[tuple[str, type[models.Model], Any]]:
    """Give (attribute, model, key) of everything a row points to."""
    for each in row._meta.concrete_fields:
        target: Any = each.related_model
        pk = getattr(row, each.attname, None)
        if isinstance(target, type) and pk is not None:
            yield each.attname, target, pk


def _stamps(row: models.Model) -> Iterator[tuple[str, type[models.Model]]]:
    """Give (attribute, model) of whatever names a customer or a user, also by a bare number."""
    for each in row._meta.concrete_fields:
        if each.attname.endswith(("customer_id", "user_id")):
            yield each.attname, Customer if each.attname.endswith("customer_id") else User


def _put_in_order(row: models.Model) -> None:
    """Swap two ends of which the lower must be first."""
    for each in row._meta.constraints:
        told = getattr(getattr(each, "condition", None), "children", ())
        for name, bound in (part for part in told if isinstance(part, tuple)):
            if name.endswith("__lt") and isinstance(bound, models.F):
                low, high = row._meta.get_field(name.removesuffix("__lt")), row._meta.get_field(bound.name)
                first, second = sorted((getattr(row, low.attname), getattr(row, high.attname)))
                setattr(row, low.attname, first)
                setattr(row, high.attname, second)


def _field(row: models.Model, name: str) -> Any:
    return next(each for each in row._meta.concrete_fields if each.attname == name)


def _keep_instants(other: models.Model, row: models.Model) -> None:
    """Give a double the instants of its first: what `auto_now` set says when the test ran."""
    times = {
        each.attname: getattr(row, each.attname)
        for each in row._meta.concrete_fields
        if isinstance(each, models.DateTimeField) and (each.auto_now or each.auto_now_add)
    }
    if times:
        type(row)._base_manager.filter(pk=other.pk).update(**times)


def _same(word: str, name: str) -> bool:
    """Say whether a word of a test means a model."""
    plain = word.replace("_", "")
    meant = {
        "import": "importrun", "work": "plannedwork", "view": "savedview", "message": "message", "term": "specialterm",
        "grantedclaim": "claim", "compensation": "claim", "source": "alarmsource",
    }.get(plain, plain)  # fmt: skip
    return name in (meant, plain) or plain.endswith(name)
