"""Faults on the stage as they really come about: reports taken in, judged by the impact worker."""

from datetime import datetime, timedelta

from django.utils import timezone

from mainstay.accounts.customers.models import Contact, Customer
from mainstay.domain.actor import system
from mainstay.network.alarms.actions.intake import NewReport, accept_timed
from mainstay.network.alarms.worker import ImpactWorker
from mainstay.network.inventory.models import Circuit, Hop, Path
from tests.cast import NOW, World

WORKER = system("impact worker")


def minutes_ago(minutes: int) -> datetime:
    """Return an instant before now: pages look at the clock."""
    return timezone.now() - timedelta(minutes=minutes)


def report(world: World, *refs: str, at: datetime, kind: str = "LOS", severity: str = "critical") -> None:
    """Let the stage's source report on resources, and the worker judge it."""
    reports = [
        NewReport(ref, kind, severity, at, external_id=f"{ref}:{kind}:{severity}:{at.timestamp()}") for ref in refs
    ]
    worker = ImpactWorker.start(at=at, by=WORKER)
    accept_timed(world.source, [(each, at) for each in reports], by=system("nms"))
    while worker.step(at=at, by=WORKER):
        pass
    worker.tick(at=at, by=WORKER)


def cut(world: World, *links: str, minutes: int = 20) -> None:
    """Cut links of the ring."""
    report(world, *(f"link-{name}" for name in links), at=minutes_ago(minutes))


def clear(world: World, *links: str, minutes: int = 5) -> None:
    """Let the links come back."""
    report(world, *(f"link-{name}" for name in links), at=minutes_ago(minutes), severity="cleared")


def crowd(world: World, count: int, *, link: str = "BC", first: int = 0) -> list[Circuit]:
    """Let `count` more customers have a circuit over a link."""
    customers = Customer.objects.bulk_create(
        Customer(
            code=f"C9{n:03}", name=f"江城企业 {n} 号", short_name=f"江城 {n}", region_id="4201", service_grade="silver",
            created_at=NOW, changed_at=NOW,
        )
        for n in range(first, first + count)
    )  # fmt: skip
    Contact.objects.bulk_create(
        Contact(customer=customer, name="程远", role="technical", phone="13900000000", notify=True)
        for customer in customers
    )
    circuits = Circuit.objects.bulk_create(
        Circuit(
            number=f"WH-HS-E1-9{n:03}", customer=customer, product=world.product, name="总部—港区", grade="AA",
            technology="mstp", reach="province", bandwidth_kbps=2048, region_code="4201",
        )
        for n, customer in enumerate(customers, start=first)
    )  # fmt: skip
    paths = Path.objects.bulk_create(Path(circuit=circuit, role="working") for circuit in circuits)
    Hop.objects.bulk_create(Hop(path=path, position=1, resource=world.link(link)) for path in paths)
    return circuits
