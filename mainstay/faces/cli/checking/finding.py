"""What a check finds: how bad it is, what it is, what to do. Said in the reader's language when it is read."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from mainstay.platform.monitoring.choices import Level


@dataclass(frozen=True)
class Finding:
    """One thing found. `code` and `subject` name it, however its figures change; a fact has no remedy.

    `sentence` and `advice` are English msgids with %(named)s places for `values`.
    """

    level: Level
    code: str
    sentence: str
    advice: str = ""
    subject: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def what(self) -> str:
        """Say what is found, in the active language."""
        return gettext(self.sentence) % self.values

    @property
    def remedy(self) -> str:
        """Say what to do, in the active language."""
        return gettext(self.advice) % self.values if self.advice else ""


def error(code: str, sentence: str, advice: str, *, subject: str = "", **values: Any) -> Finding:
    """Return a finding that keeps the house from doing its work."""
    return Finding(Level.ERROR, code, sentence, advice, subject, values)


def warning(code: str, sentence: str, advice: str, *, subject: str = "", **values: Any) -> Finding:
    """Return a finding that wants attention."""
    return Finding(Level.WARNING, code, sentence, advice, subject, values)


def fact(code: str, sentence: str, **values: Any) -> Finding:
    """Return something worth knowing."""
    return Finding(Level.FACT, code, sentence, values=values)
