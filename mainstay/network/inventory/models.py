"""Resources, circuits and their routes."""

from datetime import datetime

from django.db import models

from mainstay.accounts.catalog.choices import CircuitGrade, Reach
from mainstay.accounts.catalog.models import Product
from mainstay.accounts.contracts.models import ContractLine
from mainstay.accounts.customers.models import Customer, Site
from mainstay.network.inventory.choices import (
    CircuitStatus,
    DeviceRole,
    LiveState,
    PathRole,
    ResourceKind,
    Side,
    Technology,
)


class Resource(models.Model):
    """Anything that can fail. `parent` holds it; a link also has two ends (ports or devices) and what it runs in.

    `retired_at`: since when it is out of service; it stays readable.
    """

    code = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=8, choices=ResourceKind.choices)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    a_end = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    z_end = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12, blank=True)
    role = models.CharField(max_length=12, choices=DeviceRole.choices, blank=True)
    technology = models.CharField(max_length=8, choices=Technology.choices, blank=True)
    vendor = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=200, blank=True)
    management_ip = models.GenericIPAddressField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("kind", "region_code"), name="resource_by_kind"),
            models.Index(fields=("region_code",), name="resource_by_region"),
        )

    def __str__(self) -> str:
        return self.name


class Dependency(models.Model):
    """`resource` fails when `on` fails, beyond containment: a link on its fibre, a leased link on another's path."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="dependencies")
    on = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="dependants")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("resource", "on"), name="one_dependency"),)


class Circuit(models.Model):
    """A leased line A–Z of a customer. How it does now is in LiveCircuit; who reads many fetches "live" with them."""

    number = models.CharField(max_length=48, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="circuits", db_index=False)
    contract_line = models.ForeignKey(
        ContractLine, null=True, blank=True, on_delete=models.PROTECT, related_name="circuits"
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160, blank=True)
    grade = models.CharField(max_length=4, choices=CircuitGrade.choices)
    technology = models.CharField(max_length=8, choices=Technology.choices)
    reach = models.CharField(max_length=8, choices=Reach.choices)
    bandwidth_kbps = models.BigIntegerField()
    status = models.CharField(max_length=8, choices=CircuitStatus.choices, default=CircuitStatus.ACTIVE)
    region_code = models.CharField(max_length=12)
    opened_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("customer", "number"), name="circuit_by_customer"),
            models.Index(
                fields=("customer",), name="circuit_of_customer", condition=models.Q(status=CircuitStatus.ACTIVE)
            ),
            models.Index(fields=("region_code", "number"), name="circuit_by_region"),
            models.Index(fields=("grade", "number"), name="circuit_by_grade"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def live_state(self) -> int:
        """Return its LiveState now."""
        known = self._known
        return LiveState.UP if known is None else known.state

    @property
    def live_planned(self) -> bool:
        """Say whether announced work made it so."""
        known = self._known
        return known is not None and known.planned

    @property
    def live_since(self) -> datetime | None:
        """Return since when it is so; None if it never was otherwise."""
        known = self._known
        return None if known is None else known.since

    @property
    def _known(self) -> "LiveCircuit | None":
        return getattr(self, "live", None)


class LiveCircuit(models.Model):
    """How a circuit does now, in a table of its own: a storm changes thousands, and a circuit stands in many indexes.

    One row for each circuit that ever changed; a circuit without one is up. Written by the impact worker only.
    """

    circuit = models.OneToOneField(
        Circuit, primary_key=True, on_delete=models.CASCADE, related_name="live", db_constraint=False
    )
    state = models.PositiveSmallIntegerField(choices=LiveState.choices)
    planned = models.BooleanField(default=False)
    since = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("state",), name="circuit_impaired", condition=models.Q(state__gt=LiveState.UP)),
        )

    def __str__(self) -> str:
        return f"{self.circuit_id}: {self.get_state_display()}"


class FormerStanding(models.Model):
    """What a circuit was until a day (exclusive), by what promises and prices depend on; since its former change."""

    circuit = models.ForeignKey(Circuit, on_delete=models.CASCADE, related_name="former")
    until = models.DateField()
    contract_line = models.ForeignKey(ContractLine, null=True, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=4, choices=CircuitGrade.choices)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    reach = models.CharField(max_length=8, choices=Reach.choices)

    class Meta:
        indexes = (models.Index(fields=("circuit", "until"), name="former_by_circuit"),)


class CircuitEnd(models.Model):
    """One end at the customer's premises: where, and which equipment stands there (A1)."""

    circuit = models.ForeignKey(Circuit, on_delete=models.CASCADE, related_name="ends")
    side = models.CharField(max_length=1, choices=Side.choices)
    site_name = models.CharField(max_length=120)
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="ends")
    address = models.CharField(max_length=200, blank=True)
    contact_name = models.CharField(max_length=60, blank=True)
    contact_phone = models.CharField(max_length=32, blank=True)
    region_code = models.CharField(max_length=12, blank=True)
    converter = models.ForeignKey(Resource, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    router = models.ForeignKey(Resource, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    interface = models.CharField(max_length=40, blank=True)
    protocol = models.CharField(max_length=40, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        ordering = ("side",)
        constraints = (models.UniqueConstraint(fields=("circuit", "side"), name="two_ends_a_circuit"),)


class Path(models.Model):
    """One way a circuit takes from A to Z; every path lists all its resources, shared tails included."""

    circuit = models.ForeignKey(Circuit, on_delete=models.CASCADE, related_name="paths")
    role = models.CharField(max_length=12, choices=PathRole.choices)

    class Meta:
        ordering = ("-role",)
        constraints = (models.UniqueConstraint(fields=("circuit", "role"), name="one_path_per_role"),)


class Hop(models.Model):
    """A resource on a path, in order from A to Z."""

    path = models.ForeignKey(Path, on_delete=models.CASCADE, related_name="hops")
    position = models.PositiveSmallIntegerField()
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="hops")

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("path", "position"), name="one_hop_per_position"),)


class TopologyRevision(models.Model):
    """One row that counts the changes of resources, dependencies and routes; see TopologyChange for what each was."""

    number = models.BigIntegerField(default=0)


class TopologyChange(models.Model):
    """What one counted change touched: ids of resources and circuits, or `everything`. Old ones are pruned."""

    number = models.BigIntegerField(primary_key=True)
    resources = models.JSONField(default=list)
    circuits = models.JSONField(default=list)
    everything = models.BooleanField(default=False)
