"""Every address of the project, as everybody: who gets which answer, and nobody reads what is not theirs (P1).

tests/access/table.py says who gets what; a new address fails here until somebody has thought about it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.stage import NETWORK_WORDS, REVENUE_WORDS, Stage
from tests.access.table import ASKED_BY_QUERY, OUTSIDERS, PEOPLE, TABLE, Address

SIGN_IN = "/sign-in"
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Give (name with namespaces, view) of every address of the project; an unnamed one is named by its route."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from addresses(pattern, space)
        elif isinstance(pattern, URLPattern):
            yield prefix + (pattern.name or str(pattern.pattern)), pattern.callback


def client_of(stage: Stage, person: str) -> Client:
    """Return a browser in which the person is signed in."""
    client = Client(raise_request_exception=False)
    if person != "nobody":
        client.force_login(stage.world.users[person], backend=settings.AUTHENTICATION_BACKENDS[1])
    return client


def body_of(response: Any) -> str:
    """Return all that the reader gets, headers and body or stream; without tokens, in which chance may spell words."""
    sent = b"".join(response) if response.streaming else response.content
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", f"{dict(response.items())}\n{sent.decode(errors='replace')}")


def path_of(stage: Stage, name: str, address: Address) -> str:
    """Return the path of an address, filled with ids of the first customer's objects."""
    ids = {"verb": "note", "import_kind": "customers", "list_name": "tickets", "sync_verb": "release", **stage.ids}
    return reverse(name, kwargs={word: ids.get(kind, kind) for word, kind in address.args.items()})


def asked(stage: Stage) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Give (name, path with query, answers by person) for every way of asking in the table."""
    for name, address in TABLE.items():
        for query in address.queries:
            yield name, path_of(stage, name, address) + query.format(**stage.ids), address.by_person
    for name, query, answers in ASKED_BY_QUERY:
        yield name, reverse(name) + query.format(**stage.ids), Address(answers).by_person


def answer_word(response: Any) -> str:
    """Return the status; `in` for the way to sign-in."""
    to_sign_in = response.status_code == 302 and response["Location"].startswith(SIGN_IN)
    return "in" if to_sign_in else str(response.status_code)


def forbidden_words(stage: Stage, person: str) -> list[str]:
    """Return what this person must not read anywhere."""
    if person in OUTSIDERS:
        return [*stage.of_the_bank, *(NETWORK_WORDS if person in ("nobody", "wu.tong") else ())]
    if person == "zhou.ying":
        return [*stage.of_the_others, *NETWORK_WORDS]
    return stage.of_the_others if person == "wang.min" else []


def read_wrongly(stage: Stage, person: str, path: str, text: str) -> list[str]:
    """Return the words this answer shows and must not; what the reader asked for themselves does not count."""
    own = path.partition("?")[2]
    if path.startswith("/ui/"):
        return []  # samples, made up
    return [word for word in forbidden_words(stage, person) if word in text and word not in own]


def test_every_address_is_in_the_table() -> None:
    known, found = set(TABLE), {name for name, _view in addresses()}
    assert found - known == set(), "Say in tests/access/table.py who may open these"
    assert known - found == set(), "These addresses are gone"


@dataclass(frozen=True)
class Visit:
    """One page that somebody asked for: what they should get, what they got, what they must not read and did."""

    path: str
    wanted: str
    given: str
    text: str
    leaks: list[str]
    writes: list[str]


@pytest.fixture(scope="module")
def walks() -> dict[str, list[Visit]]:
    """Keep the walks, so that each is taken once: reading changes nothing, which is tested too."""
    return {}


def walk(stage: Stage, person: str, walks: dict[str, list[Visit]]) -> list[Visit]:
    """Ask for every address in every way of the table, as the person."""
    if person not in walks:
        client = client_of(stage, person)
        walks[person] = [visit(client, stage, person, path, answers) for _name, path, answers in asked(stage)]
    return walks[person]


def visit(client: Client, stage: Stage, person: str, path: str, answers: dict[str, str]) -> Visit:
    """Ask for one page."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
        text = body_of(response)
    writes = [query["sql"] for query in queries if query["sql"].startswith(WRITES)]
    return Visit(path, answers[person], answer_word(response), text, read_wrongly(stage, person, path, text), writes)


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_gets_the_answer_of_the_table(stage: Stage, person: str, walks: dict[str, list[Visit]]) -> None:
    wrong = [f"{v.path}: {v.given}, not {v.wanted}" for v in walk(stage, person, walks) if v.given != v.wanted]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("person", PEOPLE)
def test_nobody_reads_what_is_not_theirs(stage: Stage, person: str, walks: dict[str, list[Visit]]) -> None:
    leaks = [f"{v.path}: {v.leaks}" for v in walk(stage, person, walks) if v.leaks]
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize("person", PEOPLE)
def test_reading_writes_nothing(stage: Stage, person: str, walks: dict[str, list[Visit]]) -> None:
    wrote = [f"{v.path}: {v.writes}" for v in walk(stage, person, walks) if v.writes]
    assert not wrote, "\n".join(wrote)


@pytest.mark.parametrize("person", [*OUTSIDERS, "wang.min", "zhou.ying"])
def test_fragments_say_no_more_than_pages(stage: Stage, person: str) -> None:
    client, leaks = client_of(stage, person), []
    for _name, path, _answers in asked(stage):
        text = body_of(client.get(path, headers={"HX-Request": "true", "X-Palette": "1"}))
        if words := read_wrongly(stage, person, path, text):
            leaks.append(f"{path}: {words}")
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize("person", ["wang.min", "li.qiang", "admin", "zhou.ying"])
def test_who_may_see_the_bank_does(stage: Stage, person: str, walks: dict[str, list[Visit]]) -> None:
    """Else the tests above would pass on empty pages."""
    read = "".join(v.text for v in walk(stage, person, walks))
    missed = [word for word in stage.of_the_bank if word not in read]
    assert person != "li.qiang" or set(REVENUE_WORDS) <= set(missed)
    # The branch's own page is not visited; a customer sees no cable, contract or own address.
    assert set(missed) <= {
        "大冶路 1 号",
        *(REVENUE_WORDS if person == "li.qiang" else ()),
        *({"CD 光缆", "HT-2026-0001", "027-8555 0100", "建设大道"} if person == "zhou.ying" else ()),
    }


@pytest.mark.parametrize("person", ["liu.fang", "huang.wei", "wu.tong"])
def test_a_hidden_thing_looks_like_a_missing_one(stage: Stage, person: str) -> None:
    client, missing = client_of(stage, person), dict.fromkeys(stage.ids, 999999)
    for name, address in TABLE.items():
        if not address.args or address.by_person[person] != "404":
            continue
        hidden, absent = (
            client.get(path_of(one, name, address)) for one in (stage, Stage(stage.world, missing, stage.tickets))
        )
        assert (hidden.status_code, _plain(hidden)) == (absent.status_code, _plain(absent)), name


def _plain(response: Any) -> str:
    """Return the page without what differs from request to request: tokens, the clock, its own address."""
    text = re.sub(r"csrf\w*\W+(name=\W+csrf\w+\W+value=)?\W*[\w-]+", "", response.content.decode(), flags=re.I)
    return re.sub(r'data-server-now="[^"]*"|/\d+\b', "", text)
