"""What the alarms room refuses."""

from mainstay.domain.errors import NotFound, Refused


class NoSuchAlarm(NotFound):
    """The alarm does not exist, or not for this actor."""


class NoSuchIncident(NotFound):
    """The incident does not exist, or not for this actor."""


class NoSuchStorm(NotFound):
    """There was no storm of this id."""


class NoSuchSource(NotFound):
    """No source of alarms has this code."""


class NoSuchRule(NotFound):
    """No rule of effects has this id."""


class BadReport(Refused):
    """A report that cannot be taken in."""


class TooManyWaiting(Refused):
    """So many reports wait, or for so long, that none is taken in for `retry_s` seconds; nothing was stored."""

    retry_s = 5


class BadStep(Refused):
    """An order of steps that makes no sense for the incident as it stands."""


class BadRule(Refused):
    """A rule of effects that cannot be kept as it was given."""


class ReportsForgotten(Refused):
    """The log of reports no longer begins at its beginning."""
