"""Users, the duties they hold in regions, and the tokens of programs."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.platform.identity.choices import Duty


class User(AbstractUser):
    """A person who signs in: staff, or (with a customer) one of a customer's people."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(_("name"), max_length=80)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    customer_id = models.BigIntegerField(null=True, blank=True, db_index=True)

    REQUIRED_FIELDS = ["display_name"]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """Return the name people read."""
        return self.display_name

    def get_short_name(self) -> str:
        """Return the name people read."""
        return self.display_name


class DutyAssignment(models.Model):
    """A user holds a duty in a region ("" is everywhere) and, for account managers, for their portfolio only."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="duties")
    duty = models.CharField(max_length=32, choices=Duty.choices)
    region_code = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "duty", "region_code"), name="one_duty_per_region"),)


class ApiToken(models.Model):
    """A program's key: only its SHA-256 is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
