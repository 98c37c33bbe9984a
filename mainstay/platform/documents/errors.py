"""What can be wrong with a document, its template or its schedule."""

from mainstay.domain.errors import MainstayError, NotFound, Refused


class TemplateBroken(Refused):
    """A template that cannot be set; the sentence names template, line and remedy."""


class FontsMissing(MainstayError):
    """The fonts have not been built."""


class PressStopped(MainstayError):
    """A process that makes documents ended in the midst of one."""


class NoSuchTemplate(NotFound):
    """No template has this code."""


class NoSuchDocument(NotFound):
    """No document the actor may see has this number."""


class BadDocument(Refused):
    """A document that cannot be kept, sent or corrected as wanted."""


class NoSuchSchedule(NotFound):
    """No schedule the actor may see has this number."""


class BadSchedule(Refused):
    """A schedule that cannot be as wanted."""
