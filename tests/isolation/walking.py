"""What does a reader get, wherever they look? Every address that can be read, in every way one may ask."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, reverse

from mainstay.domain.errors import MainstayError
from tests.access.stage import Stage
from tests.access.table import ASKED_BY_QUERY, TABLE
from tests.isolation.doubling import MARK, Doubling

BY_CHANCE = re.compile(
    r"\b[A-Za-z0-9]{64}\b"  # first: the letters of "csrf" may stand in a token, too
    r"|csrf\w*\W+(name=\W+csrf\w+\W+value=)?\W*[\w-]+"
    r"|name=\"once\" value=\"\w+\""
    r"|nonce\W+[\w+/=-]+"
    r"|X-Request-ID[^,}]*|Set-Cookie[^,}]*|'Expires': '[^']*'",
    re.IGNORECASE,
)
"""What differs from request to request, whoever is in the house."""
OF_THE_HOUSE = frozenset({"healthz", "readyz", "prometheus-django-metrics"})
"""Tell of programs and queues only, and differ from second to second."""
PROGRAMS = ("/api/", "/tmf-api/")
REFUSED = ("401", "403", "405")
"""Said before anybody looks at what is asked; tests/test_access.py asks for the fragments of these too."""
FRAGMENT = {"HX-Request": "true", "X-Palette": "1"}


@dataclass
class Reading:
    """Mutable: what a reader got by how they asked: a path, in a browser, as a fragment of a page, by their token.

    Asked is in every way that can tell more than the ways before: who is refused a page is not asked for its fragment
    and files, a page that gives no CSV for no workbook, one that is the same with a word as without for no other word.
    """

    client: Client
    token: str
    got: dict[str, str] = field(default_factory=dict)

    def read_all(self, stage: Stage) -> dict[str, str]:
        """Read every address with the first owner's ids, every way of asking in the table; lists as files, searched."""
        for name, address in TABLE.items():
            if name not in OF_THE_HOUSE:
                path = _path(stage, name, address.args)
                for query in address.queries:
                    self._ask(path + query.format(**stage.ids))
                if not address.args:
                    self._ask_lists(path)
        for name, query, _answers in ASKED_BY_QUERY:
            self._ask(reverse(name) + query.format(**stage.ids))
        return self.got

    def read_again(self, before: Iterable[str]) -> dict[str, str]:
        """Read in the same ways again."""
        return {way: self._read(way) for way in before}

    def _ask(self, path: str) -> str:
        told = self._once(path)
        if not told.startswith(REFUSED):
            self._once(f"fragment {path}")
        if path.startswith(PROGRAMS):
            self._once(f"token {path}")
        return told

    def _ask_lists(self, path: str) -> None:
        plain, by_program = self._once(path), path.startswith(PROGRAMS)
        if plain.startswith(REFUSED) and not by_program:
            return
        if "attachment" in self._once(f"{path}?export=csv").partition("\n")[0]:
            self._once(f"{path}?export=xlsx")
        if self._ask(f"{path}?q={MARK}") != plain or by_program:
            for text in ("geqiang", "gqy", "隔墙以"):
                self._ask(f"{path}?q={text}")

    def _once(self, way: str) -> str:
        if way not in self.got:
            self.got[way] = self._read(way)
        return self.got[way]

    def _read(self, way: str) -> str:
        kind, _space, path = way.rpartition(" ")
        if kind == "token":
            return read(Client(raise_request_exception=False), path, Authorization=f"Bearer {self.token}")
        return read(self.client, path, **(FRAGMENT if kind else {}))


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
