"""The sums of results, as the database adds them up: conditions and expressions. Whole numbers only."""

from django.db.models import BigIntegerField, F, Q
from django.db.models.functions import Cast

MILLION = 1_000_000

_ALLOWED = Cast(MILLION - F("target_millionths"), BigIntegerField())
_WHOLE = F("to_s") - F("from_s") - F("planned_s") - F("excluded_s")

MISSED = Q(target_millionths__isnull=False, down_s__gt=_ALLOWED * _WHOLE / MILLION)
"""Missed, not to be mended by what is left of the month: the same as `domain.availability.judge` says."""
