"""A draft is the row that the model itself would make."""

from datetime import UTC, datetime

import pytest

from mainstay.platform.bulk.drafts import draft
from mainstay.service.tickets.models import Clock, Ticket, TicketEvent

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)


def test_a_draft_reads_as_one_made_by_the_model() -> None:
    for model, values in (
        (TicketEvent, {"kind": "opened", "at": NOW, "ticket_id": 7}),
        (TicketEvent, {"kind": "opened", "body": {"a": 1}}),
        (Clock, {"promise": {"amount": "4"}, "policy": {}, "circuit_id": 3}),
        (Ticket, {"customer_id": 5, "opened_at": NOW}),
    ):
        made, usual = draft(model, **values), model(**values)
        columns = [field.attname for field in model._meta.concrete_fields]
        assert [getattr(made, name) for name in columns] == [getattr(usual, name) for name in columns]
        assert made._state.adding


def test_drafts_do_not_share_what_can_change() -> None:
    one, other = draft(TicketEvent, kind="opened"), draft(TicketEvent, kind="opened")
    one.body["x"] = 1
    assert other.body == {}


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(TypeError, match="TicketEvent has no colour, ticket"):
        draft(TicketEvent, kind="opened", colour="red", ticket=None)
