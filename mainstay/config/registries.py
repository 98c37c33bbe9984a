"""Which room answers for what: the lists that let lower rooms serve upper ones without knowing them."""

from collections.abc import Sequence
from datetime import datetime

from mainstay.accounts.contracts import many as contracts_many
from mainstay.accounts.contracts.importing import CONTRACTS
from mainstay.accounts.customers import many as customers_many
from mainstay.accounts.customers import queries as customers
from mainstay.accounts.customers.importing import CUSTOMERS
from mainstay.accounts.customers.importing_contacts import CONTACTS
from mainstay.domain.actor import Actor
from mainstay.network.alarms import many as alarms_many
from mainstay.network.inventory import many as inventory_many
from mainstay.network.inventory.importing_circuits import CIRCUITS
from mainstay.network.inventory.importing_resources import RESOURCES
from mainstay.platform.identity import registry as identity
from mainstay.platform.imports import registry as imports
from mainstay.platform.jobs import registry as jobs
from mainstay.platform.journal import actions as journal
from mainstay.service.tickets import many as tickets_many


def register() -> None:
    """Fill the registries of the platform's rooms."""
    identity.portfolio_of = customers.portfolio_ids
    identity.customers_of_contact = customers.family_ids
    identity.journal = record_for_identity
    imports.register(CUSTOMERS, CONTACTS, CONTRACTS, RESOURCES, CIRCUITS)
    register_jobs()
    mount_commands()


def register_jobs() -> None:
    """Say what can be done to many objects at once."""
    from mainstay.faces.web.lists.files import EXPORT

    for room in (tickets_many, customers_many, contracts_many, inventory_many, alarms_many):
        jobs.register(*room.KINDS)
    jobs.register(EXPORT)


def mount_commands() -> None:
    """Hang the demo's commands on the `mainstay` command."""
    from mainstay.faces.cli.commands import root
    from mainstay.faces.demo.commands import demo
    from mainstay.faces.demo.realworld.command import realworld, realworld_sweeper, realworld_worker

    demo.add_command(realworld)
    demo.add_command(realworld_worker)
    demo.add_command(realworld_sweeper)
    root.add_command(demo)


def record_for_identity(
    action: str, objects: Sequence[tuple[str, int, str, object, object]], *, at: datetime, by: Actor
) -> None:
    """Write audit entries for rooms below the journal."""
    journal.record(
        action,
        [journal.Change(kind, pk, label, before, after) for kind, pk, label, before, after in objects],  # type: ignore[arg-type]
        at=at,
        by=by,
    )
