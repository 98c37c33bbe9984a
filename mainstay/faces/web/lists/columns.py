"""What is a list: which columns it offers, what each shows and exports, which rows match, what a page of them costs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise

from mainstay.domain.actor import Actor
from mainstay.platform.identity.choices import Permission

Label = str | Promise
SIZES = (25, 50, 100, 200)
SIZE = 50


@dataclass(frozen=True)
class Asked:
    """Who asks for a list, by which address, when; `columns` are those to be shown, in order."""

    actor: Actor
    given: QueryDict
    at: datetime
    columns: tuple["Column", ...] = ()

    @property
    def needs(self) -> frozenset[str]:
        """Return what the chosen columns need beyond the row itself."""
        return frozenset(need for column in self.columns for need in column.needs)

    @property
    def size(self) -> int:
        """Return how many rows a page holds."""
        wanted = self.given.get("size", "")
        return int(wanted) if wanted in map(str, SIZES) else SIZE


Show = Callable[[Any, Asked], object]


@dataclass(frozen=True)
class Column:
    """A column: `cell` is what the screen shows, `values` what a file gets, as (head, value) pairs.

    `needs`: relations or facts that only this column costs. `fixed`: always there and first. `shown`: unless the
    reader chooses otherwise. `permission`: without it the column is not offered.
    """

    name: str
    label: Label
    cell: Show
    values: tuple[tuple[Label, Show], ...]
    sort: str = ""
    css: str = ""
    numeric: bool = False
    shown: bool = True
    fixed: bool = False
    needs: tuple[str, ...] = ()
    permission: str = ""

    @property
    def classes(self) -> str:
        """Return the classes of the column's cells."""
        return f"num {self.css}".strip() if self.numeric else self.css


def column(name: str, label: Label, cell: Show, *values: Any, **more: Any) -> Column:
    """Declare a column: each of `values` is a (head, value) pair, or a value under the column's own head.

    Without any, a file gets what the cell shows.
    """
    pairs = tuple(each if isinstance(each, tuple) else (label, each) for each in values) or ((label, cell),)
    return Column(name, label, cell, pairs, **more)


def no_filters(actor: Actor) -> list[dict[str, Any]]:
    """Return no filter bar."""
    return []


def none_asked(asked: Asked) -> list[dict[str, Any]]:
    """Return no further filter."""
    return []


@dataclass(frozen=True)
class ListPage:
    """A list. `matching` gives what the reader may see and the address asks for, in its order; `fetch` adds what the
    columns need; `rows` turns objects into what the cells read. `sorts`: known orders. `others`: further parameters
    of the address. `windowed`: count the matching rows in the same query. `reckoned`: orders by a figure that is
    reckoned for every row; keys alone are sorted then, and only a page's rows are read.
    `asked_filters`: filters that stand in the bar only where the address asks by them.
    `opened_with`: the permission that the page behind a row needs.
    `empty`: what is said where nothing matches: title, text, icon.
    """

    name: str
    title: Label
    object_kind: str
    columns: tuple[Column, ...]
    matching: Callable[[Asked], "QuerySet[Any]"]
    visible: Callable[[Actor], "QuerySet[Any]"]
    url: Callable[[Any], str]
    id_of: Callable[[Any], int]
    label_of: Callable[[Any], str]
    fetch: Callable[["QuerySet[Any]", Asked], "QuerySet[Any]"] = lambda rows, _asked: rows
    rows: Callable[[list[Any], Asked], list[Any]] = lambda found, _asked: found
    filters: Callable[[Actor], list[dict[str, Any]]] = no_filters
    asked_filters: Callable[[Asked], list[dict[str, Any]]] = none_asked
    sorts: Iterable[str] = ()
    others: frozenset[str] = frozenset()
    live: str = ""
    empty: tuple[Label, Label, str] = ("", "", "inbox")
    permission: str = Permission.READ_CONSOLE
    opened_with: str = Permission.READ_CONSOLE
    windowed: bool = False
    reckoned: frozenset[str] = frozenset()
    row_class: Callable[[Any], str] = lambda _row: ""
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    def bar(self, asked: Asked) -> list[dict[str, Any]]:
        """Return the filters of the bar, with those the address asks by."""
        return [*self.filters(asked.actor), *self.asked_filters(asked)]

    def offered(self, actor: Actor) -> list[Column]:
        """Return the columns this reader may choose from."""
        return [each for each in self.columns if not each.permission or actor.may(each.permission)]

    def chosen(self, actor: Actor, given: QueryDict) -> tuple[Column, ...]:
        """Return the columns `?cols=a,b` names, in that order, behind the fixed ones; else the usual ones."""
        offered = self.offered(actor)
        names = [name for name in given.get("cols", "").split(",") if name]
        fixed = [column for column in offered if column.fixed]
        if not names:
            return tuple(column for column in offered if column.shown or column.fixed)
        by_name = {column.name: column for column in offered}
        wanted = [by_name[name] for name in dict.fromkeys(names) if name in by_name and not by_name[name].fixed]
        return (*fixed, *wanted)

    def asked(self, actor: Actor, given: QueryDict, *, at: datetime) -> Asked:
        """Return what an address asks for."""
        return Asked(actor, given, at, self.chosen(actor, given))
