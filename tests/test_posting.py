"""Whatever is posted: outsiders change nothing of the bank, and who may leaves an entry in the audit trail (P1, P2)."""

import inspect
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mainstay.network.alarms.models import QuarantinedResource
from mainstay.platform.journal.models import Entry
from mainstay.platform.messages.models import Message
from mainstay.service.tickets.models import Ticket, TicketEvent
from tests.access import tiered_posts
from tests.access.level_posts import LEVEL_POSTS
from tests.access.list_posts import LIST_POSTS
from tests.access.loyal_posts import LOYAL_POSTS
from tests.access.post import Post
from tests.access.posts import NOT_AUDITED
from tests.access.posts import POSTS as OTHER_POSTS
from tests.access.stage import Stage
from tests.access.table import OUTSIDERS, TABLE
from tests.test_access import WRITES, addresses, body_of, client_of, read_wrongly

POSTS = [*OTHER_POSTS, *LIST_POSTS, *LEVEL_POSTS, *LOYAL_POSTS]
DENIED = (302, 400, 401, 403, 404, 405, 422)
TAKES_POSTS = ('request.method == "POST"', "request.POST", "require_POST", "set_language", "AuthenticationForm")


def takes_posts(view: Any) -> bool:
    """Say whether a view does something with what is posted, by its source."""
    view = getattr(view, "view_class", view)
    view = view.func if isinstance(view, partial) else view
    source = inspect.getsource(inspect.unwrap(view))
    return any(sign in source for sign in TAKES_POSTS)


def test_every_address_that_takes_posts_is_in_the_table() -> None:
    known = {post.name for post in POSTS} | set(NOT_AUDITED)
    found = {name for name, view in addresses() if takes_posts(view)}
    assert found - known == set(), "Say in tests/access/posts.py what is posted there, and what the trail calls it"
    assert known <= set(TABLE)


def test_every_verb_of_a_ticket_and_of_planned_work_is_in_the_table() -> None:
    from mainstay.faces.web.ticket_verbs import VERBS
    from mainstay.faces.web.work_page import STEPS

    assert {post.args["verb"] for post in POSTS if post.name == "web:ticket-do"} == set(VERBS)
    assert {post.args["verb"] for post in POSTS if post.name == "web:work-step"} == set(STEPS)


@pytest.mark.parametrize("person", OUTSIDERS)
def test_outsiders_change_nothing_and_learn_nothing(stage: Stage, person: str) -> None:
    client, wrong = client_of(stage, person), []
    stage.ids |= {"other_profile": stage.ids["profile"], "second": stage.ids["ticket"]}
    stage.ids |= {"reported": stage.ids["ticket"], "declared": stage.ids["incident"]}
    for post in POSTS:
        for data in (post.data(stage), {}):
            if is_own(post, person):
                continue
            with CaptureQueriesContext(connection) as queries:
                response = client.post(post.path(stage), data)
            writes = [query["sql"][:90] for query in queries if query["sql"].startswith(WRITES)]
            leaks = read_wrongly(stage, person, "", body_of(response))
            shown_again = response.status_code == 200 and not post.args  # a form about nothing in particular
            if writes or leaks or not (shown_again or response.status_code in DENIED):
                wrong.append(f"{post.label}: {response.status_code}, wrote {writes}, told {leaks}")
    assert not wrong, "\n".join(wrong)


def is_own(post: Post, person: str) -> bool:
    """Say whether the post is the person's by right: their password, file or view; names of no region."""
    by_right = {
        "web:quarantine-decide": "huang.wei", "web:import-new": "liu.fang", "web:agent-new": "liu.fang",
        "web:duplicates-scan": "sun.li", "web:vip-filter-run": "sun.li", "web:portfolio-handover-new": "liu.fang",
    }  # fmt: skip
    of_the_house = tiered_posts.RULES | {"package-propose", "package-decide"}  # not of any region
    if person == "sun.li" and post.name.removeprefix("web:") in of_the_house:
        return True
    own = (
        "web:password", "web:my-channels", "web:view-save", "web:feed-new", "portal:works-subscribe",
        "web:offer-reckon",
    )  # fmt: skip
    return post.name in own or by_right.get(post.name) == person


@pytest.mark.parametrize("post", POSTS, ids=[post.label for post in POSTS])
def test_every_write_leaves_an_entry(stage: Stage, post: Post) -> None:
    post.before(stage)
    client = Client()
    client.force_login(stage.world.users[post.by], backend=settings.AUTHENTICATION_BACKENDS[1])
    request_id = "the-request-of-the-test"
    response = client.post(post.path(stage), post.data(stage), headers={"X-Request-ID": request_id})
    is_file = response.get("Content-Disposition", "").startswith("attachment")
    assert is_file or response.status_code in (201, 204, 302), body_of(response)
    entries = list(Entry.objects.filter(request_id=request_id))
    assert any(entry.action.startswith(post.action) for entry in entries), [entry.action for entry in entries]
    for entry in entries:
        assert entry.user_id == stage.world.users[post.by].pk
        assert entry.before is not None or entry.after is not None
        assert entry.before != entry.after


def test_own_forms_take_no_ids_of_others(stage: Stage) -> None:
    """What one may open must not reach, by an id that was typed in, what one may not."""
    ids, logistics = stage.ids, stage.tickets["logistics"].pk
    report, own = "/tickets/report", f"/tickets/{logistics}"
    tries = (
        ("liu.fang", f"{own}/link", {"ticket": stage.tickets["bank"].number}),
        ("liu.fang", f"{own}/mark_duplicate", {"ticket": stage.tickets["bank"].number}),
        ("liu.fang", f"{own}/call", {"inbound": "1", "contact_id": ids["contact"], "text": "来电"}),
        ("liu.fang", f"{report}?customer={stage.world.logistics.pk}", _report(circuit_id=ids["circuit"])),
        ("liu.fang", f"{report}?customer={stage.world.logistics.pk}", _report(contact_id=ids["contact"])),
        ("huang.wei", f"/alarms/quarantine/{ids['quarantine']}", {"verb": "place", "code": "device-A"}),
        ("huang.wei", "/messages/read", {"message": ids["message"]}),
        ("liu.fang", "/messages/read", {"message": ids["message"]}),
        ("wu.tong", "/portal/report", {"subject": ids["circuit"], "text": "断"}),
        ("wu.tong", "/portal/report", {"subject": f"customer:{ids['customer']}", "text": "断"}),
    )
    wrong = []
    for person, path, data in tries:
        before = _everything_of_the_bank()
        response = client_of(stage, person).post(path, data)
        leaks = read_wrongly(stage, person, "?" + str(data), body_of(response))
        if leaks or _everything_of_the_bank() != before:
            wrong.append(f"{person} {path} {data}: {response.status_code} {leaks}")
    assert not wrong, "\n".join(wrong)


def _report(**more: int) -> dict[str, Any]:
    return {"text": "断", "origin": "phone", "kind": "fault", **more}


def _everything_of_the_bank() -> list[Any]:
    """Return what none of these tries may change: tickets, their stories, names placed, messages read."""
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (Ticket, TicketEvent, QuarantinedResource, Message)
    ]
