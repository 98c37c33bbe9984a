"""Frozen lists of customers."""

from django.conf import settings
from django.db import models

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.target_groups.choices import GroupState


class TargetGroup(models.Model):
    """Customers as they matched at an instant; never deleted, its members never change.

    `query`: the address of the list it was locked from. `region_code`: the division that holds all members, "" for
    several provinces; who sees all of it sees the group.
    """

    name = models.CharField(max_length=80)
    note = models.CharField(max_length=400, blank=True)
    query = models.CharField(max_length=2000, blank=True)
    region_code = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=8, choices=GroupState.choices, default=GroupState.LOCKING)
    count = models.PositiveIntegerField(default=0)
    locked_at = models.DateTimeField()
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    locked_by_name = models.CharField(max_length=80)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by_name = models.CharField(max_length=80, blank=True)
    why_retired = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (models.Index(fields=("-locked_at",), name="group_by_age"),)

    def __str__(self) -> str:
        return self.name


class TargetGroupMember(models.Model):
    """A customer in a group."""

    group = models.ForeignKey(TargetGroup, on_delete=models.PROTECT, related_name="members")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("customer", "group"), name="member_once"),)
