"""Many rows by one statement say the same as rows saved one by one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from mainstay.platform.bulk.rows import AT_ONCE, insert_many, insert_returning, update_many
from mainstay.platform.journal.models import Entry, OutboxEvent
from mainstay.platform.timers.models import Timer

NOW = datetime(2026, 9, 1, 8, 30, 15, 123000, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def _said(row: Any) -> dict[str, Any]:
    return {key: value for key, value in model_to_dict(row).items() if key != "id"}


def test_a_row_inserted_reads_as_one_saved() -> None:
    body = {"状态": [1, None, "x"], "deep": {"at": "2026-09-01"}}
    columns = {
        "at": NOW,
        "kind": "ticket",
        "object_kind": "ticket",
        "object_id": "7",
        "customer_id": None,
        "body": body,
    }
    insert_many(OutboxEvent, tuple(columns), [tuple(columns.values())])
    inserted = OutboxEvent.objects.get()
    saved = OutboxEvent.objects.create(**columns)
    saved.refresh_from_db()
    assert _said(inserted) == _said(saved)


def test_what_is_not_named_gets_its_default() -> None:
    insert_many(Entry, ("at", "actor_name"), [(NOW, "王敏")])
    entry = Entry.objects.get()
    assert (entry.before, entry.why, entry.seal_number, entry.digest) == (None, "", None, "")


def test_no_rows_take_no_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        insert_many(Entry, ("at",), [])
        update_many(Entry, ("at",), [])
        assert insert_returning(Entry, ("at",), []) == []


def test_keys_come_back_in_the_order_of_the_rows() -> None:
    numbers = list(range(2 * AT_ONCE + 1))
    keys = insert_returning(Entry, ("at", "object_id"), [(NOW, str(number)) for number in numbers])
    assert dict(Entry.objects.values_list("pk", "object_id")) == dict(zip(keys, map(str, numbers), strict=True))


def test_keys_may_be_given() -> None:
    insert_many(Entry, ("id", "at"), [(41, NOW), (42, NOW)])
    assert set(Entry.objects.values_list("pk", flat=True)) == {41, 42}


def test_only_the_named_columns_of_the_named_rows_are_updated() -> None:
    first, second, third = insert_returning(Entry, ("at", "why", "action"), [(NOW, "a", "x")] * 3)
    later = NOW + timedelta(hours=1)
    update_many(Entry, ("why", "at", "after"), [("b", later, {"k": 1}, first), ("c", NOW, None, third)])
    rows = Entry.objects.order_by("pk").values_list("pk", "why", "at", "after", "action")
    assert list(rows) == [
        (first, "b", later, {"k": 1}, "x"), (second, "a", NOW, None, "x"), (third, "c", NOW, None, "x"),
    ]  # fmt: skip


def test_a_row_that_is_there_is_updated_instead() -> None:
    key = ("purpose", "owner_kind", "owner_id", "rung")
    columns = (*key, "due_at", "cancelled_at")
    later = NOW + timedelta(hours=1)
    rows = [("clock", "clock", 1, "50", NOW, NOW), ("clock", "clock", 2, "50", NOW, None)]
    insert_many(Timer, columns, rows)
    Timer.objects.update(fired_at=NOW)
    again = [("clock", "clock", 1, "50", later, None), ("clock", "clock", 1, "75", later, None)]
    insert_many(Timer, columns, again, unique=key, update=("due_at", "cancelled_at"))
    found = Timer.objects.order_by("owner_id", "rung").values_list(
        "owner_id", "rung", "due_at", "cancelled_at", "fired_at"
    )
    assert list(found) == [(1, "50", later, None, NOW), (1, "75", later, None, None), (2, "50", NOW, None, NOW)]


@pytest.mark.parametrize("said", ["", "\\N", "\\.", "a\tb\nc\r\\", "'\"{},", "线路中断 ☂", " ends with a blank "])
def test_texts_come_through_as_they_are(said: str) -> None:
    body = {said or "-": [said, {"deep": said}], "n": 2**40}
    insert_many(OutboxEvent, ("at", "kind", "object_kind", "object_id", "body"), [(NOW, "t", "t", said, body)] * 2)
    (key,) = insert_returning(Entry, ("at", "why", "after"), [(NOW, said, body)])
    assert list(OutboxEvent.objects.values_list("object_id", "body")) == [(said, body)] * 2
    assert Entry.objects.values_list("why", "after", "at").get(pk=key) == (said, body, NOW)


def test_what_a_constraint_refuses_is_an_error_of_the_database() -> None:
    row = ("clock", "clock", 1, "50", NOW)
    insert_many(Timer, ("purpose", "owner_kind", "owner_id", "rung", "due_at"), [row])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many(Timer, ("purpose", "owner_kind", "owner_id", "rung", "due_at"), [row])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_returning(Timer, ("purpose", "owner_kind", "owner_id", "rung", "due_at"), [row])
