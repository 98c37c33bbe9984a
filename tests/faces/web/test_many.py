"""From a list, one thing is done to many rows: asked once with their number, each row by its own right (A6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from mainstay.accounts.customers.models import Customer
from mainstay.faces.web.lists import showing
from mainstay.faces.web.lists.pages import PAGES
from mainstay.faces.web.lists.verbs import FORMS
from mainstay.platform.imports import giving
from mainstay.platform.imports.giving import write_workbook
from mainstay.platform.jobs import actions, running
from mainstay.platform.jobs.choices import State
from mainstay.platform.jobs.models import Job, JobSlice
from mainstay.platform.jobs.registry import kinds_of
from mainstay.platform.messages.models import Message
from tests.cast import NOW, World
from tests.faces.web.conftest import SignIn
from tests.faces.web.test_lists import more_customers

ARCHIVE = {"kind": "customer.archive", "archive": "retained", "why": "合并", "sure": "1"}


def finish() -> Job:
    job = Job.objects.latest("pk")
    while running.advance(job.pk, at=NOW):
        pass
    job.refresh_from_db()
    return job


def post(client: Client, data: dict[str, object], name: str = "customers") -> str:
    return client.post(f"/lists/{name}/many", data, follow=True).content.decode()


def ids(prefix: str = "N") -> list[int]:
    return list(Customer.objects.filter(code__startswith=prefix).values_list("pk", flat=True))


def test_it_works(signed_in: SignIn, world: World) -> None:
    more_customers(world, 3)
    client, rows = signed_in("wang.min"), ids()
    asked = post(client, {"kind": "customer.archive", "row": rows})
    assert "This concerns 3 objects" in asked
    assert "新客户 1" in asked
    shown = post(client, ARCHIVE | {"row": rows, "count": 3, "typed": 3})
    assert "all 3 done" in shown
    assert set(Customer.objects.filter(pk__in=rows).values_list("archive", flat=True)) == {"retained"}
    assert "新客户 1" in client.get("/customers?archive=retained").content.decode()
    assert not Message.objects.filter(object_kind="job").exists()


def test_a_dangerous_thing_wants_the_number_typed(signed_in: SignIn, world: World) -> None:
    more_customers(world, 2)
    client, rows = signed_in("wang.min"), ids()
    for wrong in ({"typed": 3, "count": 2}, {"typed": "", "count": 2}, {"typed": 2, "count": 5}):
        assert client.post("/lists/customers/many", ARCHIVE | {"row": rows} | wrong).status_code == 422
    assert not Job.objects.exists()


def test_all_that_match_are_frozen_within_scope_and_run_as_a_job(signed_in: SignIn, world: World) -> None:
    more_customers(world, 30)
    client = signed_in("wang.min")
    answer = client.post("/lists/customers/many", ARCHIVE | {"all": 1, "query": "q=新客户", "count": 30, "typed": "30"})
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.pk}"
    more = Customer.objects.get(pk=ids()[0])
    Customer.objects.create(
        code="N99", name="新客户 99", region_id="4201", created_at=NOW, changed_at=NOW,
        account_manager=more.account_manager,
    )  # fmt: skip
    job = finish()
    assert (job.state, job.done, job.total) == (State.DONE, 30, 30)
    assert Customer.objects.get(code="N99").archive == "active"
    shown = client.get(f"/jobs/{job.pk}").content.decode()
    assert "Done" in shown


def test_all_of_everybody_s_list_is_all_of_mine(signed_in: SignIn, world: World) -> None:
    client = signed_in("liu.fang")
    own = set(Customer.objects.filter(account_manager=world.users["liu.fang"]).values_list("pk", flat=True))
    post(client, ARCHIVE | {"all": 1, "query": "", "count": len(own), "typed": len(own)})
    frozen = {pk for part in JobSlice.objects.all() for pk in part.ids}
    assert frozen == own


def test_typed_in_ids_of_others_are_not_even_counted(signed_in: SignIn, world: World) -> None:
    shown = post(signed_in("wang.min"), {"kind": "customer.archive", "row": [world.logistics.pk]})
    assert "Tick rows first" in shown
    assert world.logistics.name not in shown
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("username", "data"),
    [
        ("li.qiang", {"kind": "customer.archive"}),
        ("wang.min", {"kind": "circuit.regrade"}),
        ("wang.min", {"kind": "list.export"}),
        ("wang.min", {"kind": "nonsense"}),
        ("wang.min", {}),
    ],
)
def test_what_one_may_not_do_is_not_done(
    signed_in: SignIn, world: World, username: str, data: dict[str, object]
) -> None:
    answer = signed_in(username).post("/lists/customers/many", data | {"row": [world.bank.pk], "sure": "1"})
    assert answer.status_code in (302, 403, 404)
    assert not Job.objects.exists()


def test_every_kind_has_a_form_and_a_list(world: World) -> None:
    offered = {kind.name for page in PAGES.values() for kind in kinds_of(page.object_kind, world.actor("admin"))}
    assert offered == set(FORMS)


def test_a_long_list_is_written_by_a_job_and_fetched_by_its_owner_only(
    signed_in: SignIn, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "AT_ONCE", 2)
    more_customers(world, 5)
    client = signed_in("wang.min")
    for kind in ("csv", "xlsx"):
        where = client.get(f"/customers?export={kind}&cols=grade,code&q=新客户")["Location"]
        job = finish()
        assert (job.state, job.done) == (State.DONE, 5)
        file = b"".join(client.get(f"{where}/file").streaming_content)  # type: ignore[attr-defined]
        assert file.startswith(b"\xef\xbb\xbf" if kind == "csv" else b"PK")
        assert signed_in("admin").get(f"{where}/file").status_code == 404
        assert signed_in("liu.fang").get(f"{where}/file").status_code == 404
        if kind == "csv":
            lines = file.decode("utf-8-sig").splitlines()
            assert lines[0] == "Name,Service grade,Reason of the grade,Code"
            assert len(lines) == 6


@pytest.mark.django_db(transaction=True)
def test_a_workbook_is_made_while_no_lock_is_held(
    signed_in: SignIn, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked: list[bool] = []

    def seen(*args: Any, **kwargs: Any) -> int:
        locked.append(connection.in_atomic_block)
        return write_workbook(*args, **kwargs)

    monkeypatch.setattr(showing, "AT_ONCE", 2)
    monkeypatch.setattr(giving, "write_workbook", seen)
    more_customers(world, 5)
    signed_in("wang.min").get("/customers?export=xlsx&q=新客户")
    assert finish().state == State.DONE
    assert locked == [False]


def test_what_a_job_wrote_is_gone_after_a_day_finished_or_not(
    signed_in: SignIn, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "AT_ONCE", 2)
    more_customers(world, 5)
    client = signed_in("wang.min")
    client.get("/customers?export=xlsx&q=新客户")
    done = finish()
    client.get("/customers?export=csv&q=新客户")
    begun = Job.objects.latest("pk")
    running.advance(begun.pk, at=NOW)
    left = [actions.file_path(f"list-{job.pk}.{end}") for job, end in ((done, "xlsx"), (done, "jsonl"), (begun, "csv"))]
    assert all(path.exists() for path in left)
    actions.prune(at=datetime.now(UTC) + actions.FILE_KEPT - timedelta(minutes=5))
    assert all(path.exists() for path in left)
    actions.prune(at=datetime.now(UTC) + actions.FILE_KEPT + timedelta(minutes=5))
    assert not any(path.exists() for path in left)


def test_a_file_half_written_is_cut_back(signed_in: SignIn, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from mainstay.platform.jobs.actions import file_path

    monkeypatch.setattr(showing, "AT_ONCE", 2)
    more_customers(world, 5)
    client = signed_in("wang.min")
    client.get("/customers?export=csv&q=新客户")
    job = Job.objects.get()
    file_path(f"list-{job.pk}.csv").write_bytes(b"half a row that was never committed")
    finish()
    file = b"".join(client.get(f"/jobs/{job.pk}/file").streaming_content)  # type: ignore[attr-defined]
    assert b"half a row" not in file
    assert len(file.decode("utf-8-sig").splitlines()) == 6
