"""What can be wrong with samples, thresholds and targets."""

from mainstay.domain.errors import NotFound, Refused


class BadSample(Refused):
    """A sample that cannot be taken."""


class TooFarBehind(Refused):
    """Too much waits to be judged and rolled up; nothing was stored."""

    retry_s = 10


class NoSuchSampleSource(NotFound):
    """No source of samples has this code."""


class BadSampleSource(Refused):
    """A source of samples that cannot be."""


class BadThreshold(Refused):
    """A threshold that cannot hold."""


class NoSuchThreshold(NotFound):
    """No threshold has this id."""


class BadTarget(Refused):
    """Something a probe cannot sample."""


class NoSuchTarget(NotFound):
    """No target has this id."""
