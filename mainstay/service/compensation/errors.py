"""What can be wrong with clauses, claims and billing runs."""

from mainstay.domain.errors import NotFound, Refused


class BadClaim(Refused):
    """A claim that cannot be made as it was given."""


class WrongStep(Refused):
    """What the claim's or run's state does not allow."""


class SecondPersonNeeded(Refused):
    """Who proposed a claim may not decide it."""


class BadTerms(Refused):
    """Clauses that cannot be kept where or when they were given."""


class BadAnswer(Refused):
    """An answer of billing that does not fit the run."""


class NoSuchClaim(NotFound):
    """No claim the actor may see has this id."""


class NoSuchTerms(NotFound):
    """No clauses the actor may see have this id."""


class NoSuchRun(NotFound):
    """No billing run the actor may see has this id."""
