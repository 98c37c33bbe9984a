"""What does a reader get, wherever they look? Every address that can be read, in every way one may ask."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, reverse

from mainstay.domain.errors import MainstayError
from tests.access.stage import Stage
from tests.access.table import ASKED_BY_QUERY, TABLE
from tests.isolation.doubling import MARK, Doubling

BY_CHANCE = re.compile(
    r"csrf\w*\W+(name=\W+csrf\w+\W+value=)?\W*[\w-]+"
    r"|name=\"once\" value=\"\w+\""
    r"|nonce\W+[\w+/=-]+"
    r"|X-Request-ID[^,}]*|Set-Cookie[^,}]*|'Expires': '[^']*'"
    r"|\b[A-Za-z0-9]{64}\b",
    re.IGNORECASE,
)
"""What differs from request to request, whoever is in the house."""
OF_THE_HOUSE = frozenset({"healthz", "readyz", "prometheus-django-metrics"})
"""Tell of programs and queues only, and differ from second to second."""
FRAGMENT = {"HX-Request": "true", "X-Palette": "1"}


def paths(stage: Stage) -> Iterator[str]:
    """Give every address with the first owner's ids, every way of asking in the table; lists also as files."""
    for name, address in TABLE.items():
        if name in OF_THE_HOUSE:
            continue
        path = _path(stage, name, address.args)
        yield from (path + query.format(**stage.ids) for query in address.queries)
        if not address.args and "?export=csv" not in address.queries:
            yield path + "?export=csv"
            yield path + "?export=xlsx"
    for name, query, _answers in ASKED_BY_QUERY:
        yield reverse(name) + query.format(**stage.ids)


def searches() -> Iterator[str]:
    """Give every list and search, asked for what only the other has: whole, in pinyin, in initials, mistyped."""
    for name, address in TABLE.items():
        if not address.args and name not in OF_THE_HOUSE:
            for text in (MARK, "geqiang", "gqy", "隔墙以"):
                yield f"{reverse(name)}?q={text}"


def others_paths(stage: Stage, doubling: Doubling) -> Iterator[str]:
    """Give every address with the ids of the doubles, where they are named by what they are."""
    for name, address in TABLE.items():
        twins = {
            word: doubling.twin_of(kind, stage.ids[kind]) for word, kind in address.args.items() if kind in stage.ids
        }
        if twins and all(twin is not None for twin in twins.values()):
            try:
                yield reverse(name, kwargs={word: twins.get(word, kind) for word, kind in address.args.items()})
            except NoReverseMatch:
                continue


def _path(stage: Stage, name: str, args: dict[str, str]) -> str:
    ids = {"verb": "note", "import_kind": "customers", "list_name": "tickets", "sync_verb": "release", **stage.ids}
    return reverse(name, kwargs={word: ids.get(kind, kind) for word, kind in args.items()})


def read(client: Client, path: str, **headers: str) -> str:
    """Return all that a reader gets: status, headers, body, also of a workbook; without what chance says."""
    response: Any = client.get(path, headers=headers)
    try:
        sent = b"".join(response) if response.streaming else response.content
    except MainstayError as error:  # a file that broke off: what the reader would find in the log
        return f"500 {error}"
    if sent[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(sent)) as book:
            text = "\n".join(book.read(name).decode(errors="replace") for name in sorted(book.namelist()))
        return f"{response.status_code} {re.sub(r'<dcterms:.*?>.*?<', '<', text)}"
    return BY_CHANCE.sub("", f"{response.status_code} {dict(response.items())}\n{sent.decode(errors='replace')}")
