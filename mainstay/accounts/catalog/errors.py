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


class NoSuchProduct(NotFound):
    """No product has this id or code."""


class BadTariff(BadCatalog):
    """A tariff that cannot be kept: unknown product or place, dates out of order, or it overlaps another."""


class NoSuchTariff(NotFound):
    """No tariff has this id."""


class NoSuchPolicy(NotFound):
    """No marketing policy has this id."""
