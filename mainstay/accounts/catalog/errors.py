"""What can be wrong with products, profiles and terms."""

from mainstay.domain.errors import NotFound, Refused


class BadCatalog(Refused):
    """A product, profile or term that cannot be kept as it was given."""


class BadTerm(BadCatalog):
    """A term whose amount, unit, calendar or dates do not make a promise."""


class NoSuchProfile(NotFound):
    """No profile has this id or code."""


class NoSuchTerm(NotFound):
    """No term has this id."""
