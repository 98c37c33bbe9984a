"""What the tickets room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TicketOpened:
    ticket_id: int
    customer_id: int
    region_code: str
    at: datetime


@dataclass(frozen=True)
class TicketChanged:
    """Anything on the ticket's page changed; `what` is the kind of its newest event."""

    ticket_id: int
    customer_id: int
    region_code: str
    what: str
    at: datetime


@dataclass(frozen=True)
class TicketsSaved:
    """Tickets opened or changed: those of one save, for listeners that take them together."""

    ticket_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True)
class PromiseAtRisk:
    """A clock passed a rung (per cent of its promise)."""

    ticket_id: int
    clock_id: int
    customer_id: int
    region_code: str
    percent: int
    at: datetime
