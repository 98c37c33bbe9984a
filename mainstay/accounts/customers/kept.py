"""Rows that nobody deletes: staff may delete nothing about a customer, and data are kept for good (A2, S1 2.2.1)."""

from typing import NoReturn, TypeVar

from django.db import models

from mainstay.accounts.customers.errors import NothingDeleted
from mainstay.domain.errors import msgid

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class KeptRows(models.QuerySet[Row_co]):
    """Rows of which none is deleted."""

    def delete(self) -> NoReturn:
        """Refuse. Raises NothingDeleted."""
        raise _refusal()


class Kept(models.Model):
    """A row that nobody deletes; PostgreSQL refuses it by itself (migration `0007_keep_for_good`)."""

    objects = KeptRows.as_manager()

    class Meta:
        abstract = True


def _refusal() -> NothingDeleted:
    return NothingDeleted(
        msgid("Nothing about a customer is deleted; move the customer to the retained archive, or end what has ended.")
    )
