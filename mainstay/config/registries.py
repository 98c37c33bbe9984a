"""Which room answers for what: the lists that let lower rooms serve upper ones without knowing them."""

from collections.abc import Sequence
from datetime import datetime

from mainstay.accounts.contracts.importing import CONTRACTS
from mainstay.accounts.contracts.importing_terms import TERMS
from mainstay.accounts.customers import queries as customers
from mainstay.accounts.customers.importing import CUSTOMERS
from mainstay.accounts.customers.importing_contacts import CONTACTS
from mainstay.domain.actor import Actor
from mainstay.network.inventory.importing_circuits import CIRCUITS
from mainstay.network.inventory.importing_parts import PARTS
from mainstay.network.inventory.importing_resources import RESOURCES
from mainstay.platform.identity import registry as identity
from mainstay.platform.imports import registry as imports
from mainstay.platform.journal import actions as journal


def register() -> None:
    """Fill the registries of the platform's rooms."""
    identity.portfolio_of = customers.portfolio_ids
    identity.customers_of_contact = customers.family_ids
    identity.journal = record_for_identity
    imports.register(CUSTOMERS, CONTACTS, CONTRACTS, TERMS, *PARTS, RESOURCES, CIRCUITS)
    mount_commands()


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
