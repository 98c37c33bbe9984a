"""Saved views on a list page: the menu, the sidebar, the view a page opens with (A6)."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from mainstay.faces.web.lists.columns import ListPage
from mainstay.platform.identity.choices import Permission
from mainstay.platform.saved_views.choices import Audience
from mainstay.platform.saved_views.queries import ViewRow, views_for

UNKEPT = ("page", "view", "export")


def bare_query(given: QueryDict) -> str:
    """Return an address's filters, order and columns, as a view keeps them."""
    query = given.copy()
    for name in UNKEPT:
        query.pop(name, None)
    return query.urlencode(safe=",")


def views_of(request: HttpRequest) -> list[ViewRow]:
    """Return the views the reader may use; read once a request."""
    kept: list[ViewRow] | None = getattr(request, "saved_views", None)
    if kept is None:
        kept = views_for(request.actor)  # type: ignore[attr-defined]
        request.saved_views = kept  # type: ignore[attr-defined]
    return kept


def address(view: ViewRow) -> str:
    """Return where a view is looked at."""
    query = f"{view.query}&view={view.id}" if view.query else f"view={view.id}"
    return f"{reverse(f'web:{view.page}')}?{query}"


def default_for(request: HttpRequest, page: str) -> str:
    """Return where the reader wants a page to open, if anywhere."""
    return next((address(view) for view in views_of(request) if view.page == page and view.default), "")


def menu(request: HttpRequest, page: ListPage) -> dict[str, Any]:
    """Return the menu of saved views of a page; `current` is the one looked at, `changed` whether filters differ."""
    given = request.GET
    views = [view for view in views_of(request) if view.page == page.name]
    current = next((view for view in views if str(view.id) == given.get("view", "")), None)
    actor = request.actor  # type: ignore[attr-defined]
    may_share = actor.may(Permission.SHARE_VIEWS)
    return {
        "views": [(view, address(view)) for view in views],
        "current": current,
        "gone": bool(given.get("view", "0") not in ("", "0") and current is None),
        "changed": current is not None and not same(current.query, bare_query(given)),
        "query": bare_query(given),
        "plain_url": f"{request.path}?view=0",
        "audiences": [each for each in Audience.choices if may_share or each[0] == Audience.ME],
    }


def same(one: str, other: str) -> bool:
    """Say whether two queries ask for the same."""
    first, second = dict(QueryDict(one).lists()), dict(QueryDict(other).lists())
    return {k: v for k, v in first.items() if v != [""]} == {k: v for k, v in second.items() if v != [""]}


def pinned(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the sidebar's entries for pinned views."""
    here = request.GET.get("view", "")
    return [
        {"label": view.name, "url": address(view), "active": here == str(view.id), "page": view.page}
        for view in views_of(request)
        if view.pinned
    ]
