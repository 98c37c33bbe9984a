"""How does a list page sort, page and export its rows? All of it lives in the URL."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from tempfile import TemporaryFile
from typing import Any, TypeVar

from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date

from mainstay.platform.bulk.paging import LongPaginator
from mainstay.platform.imports import giving

Row = TypeVar("Row", bound=Model)

PAGE_SIZE = 50
YEARS = range(1971, 2200)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sorted_by(
    rows: QuerySet[Row], request: HttpRequest, columns: Mapping[str, Sequence[str]], *, default: str
) -> QuerySet[Row]:
    """Order rows by `?sort=key` or `?sort=-key`; an unknown key falls back to `default`."""
    return ordered(rows, request.GET.get("sort", ""), columns, default=default)


def ordered(rows: QuerySet[Row], wanted: str, columns: Mapping[str, Sequence[str]], *, default: str) -> QuerySet[Row]:
    """Order rows by `key` or `-key`; an unknown or empty one falls back to `default`."""
    wanted = wanted or default
    key, falling = wanted.removeprefix("-"), wanted.startswith("-")
    if key not in columns:
        key, falling = default.removeprefix("-"), default.startswith("-")
    return rows.order_by(*(_turned(name) if falling else name for name in columns[key]))


def _turned(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def page_of(rows: QuerySet[Row] | Sequence[Any], request: HttpRequest, *, size: int = PAGE_SIZE) -> Page:
    """Return the page `?page=` names, its rows already fetched; a number out of range gives the nearest page."""
    page = LongPaginator(rows, size).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    return page


def numbered(rows: list[Any], total: int, number: int, size: int) -> Page:
    """Return rows already cut out of a longer list as a page of it, for `{% pagination %}`; see `paging.counted`."""
    return Page(rows, number, LongPaginator(range(total), size))


def wants_file(request: HttpRequest) -> bool:
    """Say whether the reader asked for the whole list as a file (`?export=csv`, `?export=xlsx`)."""
    return request.GET.get("export") in ("csv", "xlsx")


def export_url(request: HttpRequest, kind: str = "csv") -> str:
    """Return the page's own address as a download, filters and order kept; `kind`: csv or xlsx."""
    query = request.GET.copy()
    query.pop("page", None)
    query["export"] = kind
    return f"?{query.urlencode()}"


def list_file(
    request: HttpRequest,
    name: str,
    head: Sequence[object],
    rows: Iterable[Any],
    cells: Callable[[Any], Sequence[object]],
) -> HttpResponse:
    """Return a list as the file asked for."""
    return table_file(request, name, head, (cells(row) for row in rows))


def table_file(
    request: HttpRequest, name: str, head: Sequence[object], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """Stream rows as CSV, or give a workbook written with constant memory; `?export=` says which."""
    kind = "xlsx" if request.GET.get("export") == "xlsx" else "csv"
    response: Any
    if kind == "xlsx":
        file = TemporaryFile()  # noqa: SIM115 - the answer closes it
        giving.write_workbook(file, head, rows)
        file.seek(0)
        response = FileResponse(file, content_type=WORKBOOK)
    else:
        response = StreamingHttpResponse(giving.csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y%m%d}.{kind}"'
    return response  # type: ignore[no-any-return]


def day_of(text: str | None) -> date | None:
    """Read a day from the URL; nonsense, and days no calendar here reaches, are as good as none."""
    try:
        found = parse_date(text or "")
    except ValueError:
        return None
    return found if found and found.year in YEARS else None


def day_start(on: date | None) -> datetime | None:
    """Return the instant a day begins in the shown zone."""
    return timezone.make_aware(datetime.combine(on, time.min)) if on else None


def day_end(on: date | None) -> datetime | None:
    """Return the instant a day ends in the shown zone."""
    return day_start(on + timedelta(days=1)) if on else None


def number_of(text: str | None) -> int | None:
    """Read an id from the URL; nonsense, and more than an id can be, are as good as none."""
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 19 else None


def filled(options: Iterable[tuple[object, object]]) -> list[tuple[str, str]]:
    """Return choices as a filter's options, without the empty one."""
    return [(str(value), str(label)) for value, label in options if value != ""]


def page_number(request: HttpRequest) -> int:
    """Return the page the URL names, 1 for nonsense."""
    given = request.GET.get("page", "1")
    return int(given) if given.isdecimal() and given.isascii() and len(given) < 9 else 1


def export_urls(request: HttpRequest) -> dict[str, str]:
    """Return both downloads of a page, as its template names them."""
    return {"export_url": export_url(request), "workbook_url": export_url(request, "xlsx")}
