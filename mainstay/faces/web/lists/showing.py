"""Show a list: a page of rows in the chosen columns, or all of it as a file; say what an address asks for in vain."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Page
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from mainstay.domain.actor import Actor
from mainstay.faces.ui.tags.tables import link
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest
from mainstay.faces.web.lists.columns import SIZES, Asked, ListPage
from mainstay.faces.web.lists.saving import bare_query, default_for, menu
from mainstay.platform.bulk.paging import MOST, LongPaginator, counting
from mainstay.platform.jobs import actions as jobs
from mainstay.platform.jobs.registry import kinds_of

AT_ONCE = 5_000
"""A longer list is written by a job."""
BATCH = 500
OWN = frozenset({"sort", "cols", "col", "size", "page", "view", "export"})
"""Parameters every list knows."""
Extra = dict[str, Any]


def show(request: ConsoleRequest, page: ListPage, template: str, **more: Any) -> HttpResponse:
    """Answer for a list: the page, its live part, a file, or the way to a job that writes the file.

    An address without anything after it opens the reader's own view of the page, where there is one.
    """
    given = request.GET
    if "col" in given:
        return _with_columns(request)
    if not given and not request.htmx and (own := default_for(request, page.name)):
        return redirect(own)
    asked = page.asked(request.actor, given, at=timezone.now())
    if listing.wants_file(request):
        return _file(request, page, asked)
    context = {"list": context_of(request, page, asked), "data_at": asked.at} | more
    return render(request, "web/lists/_rows.html" if request.htmx else template, context)


def context_of(request: ConsoleRequest, page: ListPage, asked: Asked) -> Extra:
    """Return what the templates of a list read."""
    found = page_of(page, asked, listing.page_number(request))
    part: Extra = {
        "name": page.name,
        "title": page.title,
        "page": found,
        "columns": asked.columns,
        "rows": [told(page, row, asked) for row in found.object_list],
        "live": page.live,
        "empty": page.empty,
        "verbs": kinds_of(page.object_kind, asked.actor),
        "total": found.paginator.count,
        "query": bare_query(request.GET),
    }
    if request.htmx:
        return part
    filters = page.bar(asked)
    return part | {
        "filters": filters,
        "vain": in_vain(page, asked, filters),
        "menu": menu(request, page),
        "chooser": chooser(page, asked),
        "plain_columns_url": link(request.GET, cols=None) if "cols" in request.GET else "",
        "kept": [(name, value) for name, values in request.GET.lists() if name not in ("cols", "col", "page", "size")
                 for value in values],
        "sizes": SIZES,
        "size": asked.size,
        "csv_url": listing.export_url(request),
        "xlsx_url": listing.export_url(request, "xlsx"),
    }  # fmt: skip


def page_of(page: ListPage, asked: Asked, number: int) -> Page:
    """Return a page of rows; one out of range is the nearest."""
    if page.windowed:
        number = min(number, MOST // asked.size)
        found, total = _slice_of(page, asked, (number - 1) * asked.size)
        if found or number == 1:
            return listing.numbered(page.rows(found, asked), total, number, asked.size)
    rows = page.fetch(page.matching(asked), asked)
    cut = LongPaginator(rows, asked.size).get_page(number)
    cut.object_list = page.rows(list(cut.object_list), asked)
    return cut


def _slice_of(page: ListPage, asked: Asked, start: int) -> tuple[list[Any], int]:
    """Return the rows of a page from a place on, and how many there are in all (1 query; 2 for a reckoned order)."""
    matching = page.matching(asked)
    if asked.given.get("sort", "").removeprefix("-") not in page.reckoned:
        rows = list(counting(page.fetch(matching, asked))[start : start + asked.size])
        return rows, rows[0].matching_in_all if rows else 0
    counted = list(counting(matching).values_list("pk", "matching_in_all")[start : start + asked.size])
    by_key = page.fetch(matching.order_by(), asked).in_bulk([key for key, _total in counted])
    return [by_key[key] for key, _total in counted if key in by_key], counted[0][1] if counted else 0


def told(page: ListPage, row: Any, asked: Asked) -> Extra:
    """Return a row as its template reads it."""
    cells = [{"column": column, "html": column.cell(row, asked), "classes": column.classes} for column in asked.columns]
    url = page.url(row) if asked.actor.may(page.opened_with) else ""
    return {"id": page.id_of(row), "url": url, "label": page.label_of(row), "cells": cells,
            "css": page.row_class(row)}  # fmt: skip


def chooser(page: ListPage, asked: Asked) -> list[Extra]:
    """Return the columns to choose from: the chosen ones first, in their order."""
    rest = [column for column in page.offered(asked.actor) if column not in asked.columns]
    return [{"column": column, "on": column in asked.columns} for column in (*asked.columns, *rest)]


def in_vain(page: ListPage, asked: Asked, filters: list[Extra]) -> list[str]:
    """Return the parts of an address that this list does not know (any more): parameters, choices, columns, orders."""
    given = asked.given
    known = OWN | page.others | {each["name"] for each in filters}
    vain = [f"{name}={given[name]}" for name in given if name not in known]
    for each in filters:
        value, options = given.get(each["name"], ""), each.get("options")
        if value and options is not None and value not in {str(option[0]) for option in options}:
            vain.append(f"{each['label']}: {value}")
    sort = given.get("sort", "")
    if sort and sort.removeprefix("-") not in {each.removeprefix("-") for each in page.sorts}:
        vain.append(f"sort={sort}")
    offered = {column.name for column in page.offered(asked.actor)}
    return vain + [f"cols={name}" for name in given.get("cols", "").split(",") if name and name not in offered]


def _with_columns(request: ConsoleRequest) -> HttpResponseRedirect:
    """Turn the chooser's ticks (`col=a&col=b`) into `cols=a,b`, and come back."""
    query = request.GET.copy()
    query["cols"] = ",".join(query.pop("col"))
    for name in ("page", "export"):
        query.pop(name, None)
    return HttpResponseRedirect(f"{request.path}?{query.urlencode(safe=',')}")


def _file(request: ConsoleRequest, page: ListPage, asked: Asked) -> HttpResponse:
    """Stream a list as a file; ask for a job when it is long."""
    ids = page.matching(asked).values_list("pk", flat=True)
    kind = request.GET.get("export", "csv")
    if ids.count() > AT_ONCE:
        query = request.GET.copy()
        query.pop("export")
        arguments = {"list": page.name, "query": query.urlencode(), "format": kind}
        job = jobs.ask(
            "list.export", ids.iterator(chunk_size=10_000), arguments, at=asked.at, by=request.actor,
            title=f"{page.title} · {kind.upper()}", language=get_language() or "",
        )  # fmt: skip
        return redirect(reverse("web:job", args=[job.pk]))
    return listing.table_file(request, page.name, head(asked), every_row(page, asked, list(ids)))


def head(asked: Asked) -> list[str]:
    """Return the heads of a file in the reader's language."""
    return [str(label) for column in asked.columns for label, _value in column.values]


def every_row(page: ListPage, asked: Asked, ids: list[int]) -> Iterator[list[object]]:
    """Give the rows of these ids in their order, as a file holds them; those out of sight are left out."""
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        seen = page.fetch(page.visible(asked.actor).filter(pk__in=part), asked)
        found = {page.id_of(row): row for row in page.rows(list(seen), asked)}
        for pk in part:
            if pk in found:
                yield [value(found[pk], asked) for column in asked.columns for _label, value in column.values]


def ids_matching(page: ListPage, actor: Actor, query: str) -> list[int]:
    """Return the ids of all rows an address shows the actor, in its order."""
    asked = page.asked(actor, QueryDict(query), at=timezone.now())
    return list(page.matching(asked).values_list("pk", flat=True))
