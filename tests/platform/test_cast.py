"""The stage itself: what other tests stand on."""

from mainstay.domain.actor import Actor
from mainstay.network.inventory.models import Circuit, Hop
from mainstay.platform.identity.queries import scope
from tests.cast import World


def test_it_works(world: World) -> None:
    assert Circuit.objects.count() == 4
    assert set(world.circuit.paths.values_list("role", flat=True)) == {"working", "protection"}
    assert world.resources["port-B-east"].parent == world.resources["card-B"]


def test_the_two_ways_of_the_protected_circuit_share_only_their_tails(world: World) -> None:
    working, protection = (
        set(Hop.objects.filter(path__circuit=world.circuit, path__role=role).values_list("resource__code", flat=True))
        for role in ("working", "protection")
    )
    shared = {code.split("-")[0] for code in working & protection}
    assert shared == {"converter", "port", "device"}
    assert "link-BC" in working - protection


def test_each_sees_their_own(world: World, customer: Actor, outsider: Actor, officer: Actor, manager: Actor) -> None:
    def seen(actor: Actor) -> set[int]:
        return set(Circuit.objects.filter(scope(actor)).values_list("pk", flat=True))

    bank_and_branch = {world.circuit.pk, world.branch_circuit.pk}
    assert seen(customer) == seen(manager) == bank_and_branch
    assert seen(outsider) == {world.logistics_circuit.pk}
    assert seen(officer) == bank_and_branch | {world.logistics_circuit.pk}
