"""Nobody learns of another's things: with all of it there twice, everything a reader gets stays as it was (P1).

Lists, counts, suggestions, exports, files, fragments, error texts, programs' answers, the live stream. Compared are the
answers before the other owner's rows were there and after; what is marked must stand in none of them. One module for
each reader takes these proofs over, so that they run side by side.
"""

import difflib
import json
from dataclasses import dataclass, field

from django.conf import settings
from django.test import Client

from mainstay.accounts.customers.models import Customer
from mainstay.faces.cli.live import Reader
from mainstay.platform.identity.models import User
from mainstay.platform.journal.following import Follower
from mainstay.platform.places.models import Region
from tests.access.stage import Stage
from tests.isolation.doubling import MARK, Doubling
from tests.isolation.walking import others_paths, read
from tests.test_posting import POSTS

CITY = "4201"
OF_COLLEAGUES = {"identity.DutyAssignment", "identity.ApiToken", "consulting.ReviewLine"}
"""What the other manager has already."""


@dataclass
class Walk:
    """Mutable: what a reader got by address, before and after the doubles were there."""

    stage: Stage
    doubling: Doubling
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)


def doubling_for(stage: Stage, reader: str) -> Doubling:
    """Return what is doubled: another portfolio in the same city, or another city."""
    world = stage.world
    if reader == "city.one":
        Region.objects.create(code="4203", name="十堰市", name_en="Shiyan", latitude=32.65, longitude=110.79)
        here = Customer.objects.filter(region__code__startswith=CITY).values_list("pk", flat=True)
        return Doubling(customers=set(here), region=CITY, other="4203")
    return Doubling(
        customers={world.bank.pk, world.branch.pk}, users={world.users["wang.min"].pk: world.users["liu.fang"].pk}
    )


def signed_in(stage: Stage, reader: str) -> Client:
    """Return a browser in which the reader is signed in."""
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username=reader), backend=settings.AUTHENTICATION_BACKENDS[1])
    return client


def test_it_works(walk: tuple[str, Walk]) -> None:
    """Enough is read, and nearly everything is there twice."""
    reader, taken = walk
    answered = [path for path, text in taken.before.items() if text.startswith("200")]
    assert len(answered) > (40 if reader == "zhou.ying" else 80)
    assert len(taken.doubling.doubled()) > 25
    of_two = taken.doubling.doubled()  # ends and hops between two owners' things are doubled only where both are
    assert set(taken.doubling.failed) - of_two <= OF_COLLEAGUES, taken.doubling.failed


def test_nothing_of_the_other_is_read(walk: tuple[str, Walk]) -> None:
    _reader, taken = walk
    leaks = [
        f"{path}: …{text[max(0, text.index(MARK) - 120) : text.index(MARK) + 20]}…"
        for path, text in taken.after.items()
        if MARK in text and f"q={MARK}" not in path
    ]
    assert not leaks, f"{len(leaks)}\n" + "\n".join(leaks[:40])


def test_nothing_a_reader_gets_depends_on_the_other(walk: tuple[str, Walk]) -> None:
    _reader, taken = walk
    changed = [
        f"{path}:\n{told}" for path, text in taken.before.items() if (told := difference(text, taken.after[path]))
    ]
    assert not changed, f"{len(changed)}\n" + "\n".join(changed[:25])


def difference(before: str, after: str) -> str:
    """Return what differs, shortly."""
    if before == after:
        return ""
    pieces = difflib.SequenceMatcher(None, before, after, autojunk=False) if len(before) < 4000 else None
    if pieces:
        steps = [step for step in pieces.get_opcodes() if step[0] != "equal"][:3]
        return " | ".join(f"{before[a - 40 : b + 10]!r} → {after[c - 40 : d + 10]!r}" for _tag, a, b, c, d in steps)
    lines = difflib.unified_diff(
        before.replace(">", ">\n").split("\n"), after.replace(">", ">\n").split("\n"), n=1, lineterm=""
    )
    return "\n".join(list(lines)[2:14])


def test_asked_for_by_its_id_the_other_is_not_there(walk: tuple[str, Walk]) -> None:
    reader, taken = walk
    client, wrong, tried = signed_in(taken.stage, reader), [], 0
    for path in others_paths(taken.stage, taken.doubling):
        tried += 1
        text = read(client, path)
        if MARK in text or text.startswith(("200", "500")):
            wrong.append(f"{path}: {text[:80]}")
    assert tried > 20
    assert not wrong, "\n".join(wrong)


def test_what_is_posted_to_the_other_is_refused_without_a_word_of_it(walk: tuple[str, Walk]) -> None:
    reader, taken = walk
    client, wrong = signed_in(taken.stage, reader), []
    for post in POSTS:
        twins = {
            word: taken.doubling.twin_of(kind, taken.stage.ids[kind])
            for word, kind in post.args.items()
            if kind in taken.stage.ids
        }
        if not twins or None in twins.values():
            continue
        ids = taken.stage.ids | {kind: twins[word] for word, kind in post.args.items() if word in twins}
        other = Stage(taken.stage.world, ids, taken.stage.tickets)
        for given in ({}, {"sure": "1"}):
            response = client.post(post.path(other), given)
            text = response.content.decode(errors="replace")
            if MARK in text or response.status_code not in (302, 400, 403, 404, 405):
                wrong.append(f"{post.label}: {response.status_code} {text[:60]}")
    assert not wrong, "\n".join(wrong)


def test_the_live_stream_tells_nothing_of_the_other(walk: tuple[str, Walk]) -> None:
    reader, taken = walk
    listener = Reader("", taken.stage.actor(reader), 0.0)
    told = [event for event in Follower(0).next(0.0, limit=100_000) if listener.wants(event)]
    own = {event.object_id for event in told}
    assert own
    assert not [event for event in told if MARK in json.dumps(event.body, ensure_ascii=False)]
