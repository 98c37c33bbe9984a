"""What consulting announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ConsultationAsked:
    """Somebody waits for a leader's approval."""

    consultation_id: int


@dataclass(frozen=True)
class ConsultationDecided:
    """A leader granted or refused."""

    consultation_id: int
