"""Promises made for one circuit alone: the most specific level (promise-clocks 14)."""

from django.db import models

from mainstay.accounts.catalog.models import TermAmount
from mainstay.network.inventory.models import Circuit


class CircuitTerm(TermAmount):
    """A term that overrides every other for this circuit."""

    circuit = models.ForeignKey(Circuit, on_delete=models.CASCADE, related_name="terms")
    why = models.CharField(max_length=200, blank=True)
