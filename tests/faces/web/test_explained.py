"""The circuit's page says which few faults put it where it is, and links to what they hit."""

from mainstay.network.alarms.models import Incident
from mainstay.network.alarms.queries.explaining import explained
from mainstay.network.alarms.worker import ImpactWorker
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.queries.route import route
from tests.cast import World
from tests.faces.web.conftest import SignIn
from tests.faces.web.outage import WORKER, cut, minutes_ago, report


def test_one_duct_explains_what_several_alarms_tell(world: World) -> None:
    report(world, "link-BC", "port-C-west", "duct-BC", at=minutes_ago(5))
    found = explained(route(world.logistics_circuit.pk))
    assert found is not None
    assert [cause.symptom.alarm.resource.code for cause in found.causes] == ["duct-BC"]
    assert (found.state, found.faults, found.causes[0].paths) == (3, 3, ("working",))


def test_a_protected_circuit_that_is_down_needs_a_fault_for_each_path(world: World) -> None:
    cut(world, "AB", "BC", "DA")
    found = explained(route(world.circuit.pk))
    assert found is not None
    assert sorted(cause.paths for cause in found.causes) == [("protection",), ("working",)]


def test_every_circuit_is_explained_as_the_worker_does(world: World) -> None:
    report(world, "duct-AB", "card-D", "port-C-west", "link-CD", at=minutes_ago(9))
    report(world, "link-DA", at=minutes_ago(3), severity="major", kind="BER")
    worker = ImpactWorker.start(at=minutes_ago(1), by=WORKER)
    network = worker.judge.network
    for circuit in Circuit.objects.all():
        index = network.index_of_circuit(circuit.pk)
        assert index is not None
        theirs = worker.judge.engine.explain(index)
        found = explained(route(circuit.pk))
        ours = {cause.symptom.alarm.resource_id for cause in found.causes} if found else set()
        assert ours == {int(network.resource_ids[cause]) for cause in theirs.causes}
        assert (found.state if found else 0) == theirs.state


def test_the_page_names_the_faults_and_links_to_what_they_hit(world: World, signed_in: SignIn) -> None:
    report(world, "link-BC", "duct-BC", at=minutes_ago(5))
    page = signed_in("li.qiang").get(f"/circuits/{world.logistics_circuit.pk}").content.decode()
    assert 'id="explained"' in page
    assert f"/resources/{world.resources['duct-BC'].pk}" in page


def test_the_page_of_a_circuit_that_is_up_explains_nothing(world: World, signed_in: SignIn) -> None:
    report(world, "link-BC", at=minutes_ago(5))
    assert 'id="explained"' not in signed_in("li.qiang").get(f"/circuits/{world.trade_circuit.pk}").content.decode()


def test_the_incidents_story_says_when_the_cause_was_revised_and_why(world: World, signed_in: SignIn) -> None:
    report(world, "port-B-east", at=minutes_ago(9))
    report(world, "port-C-west", at=minutes_ago(9))
    page = signed_in("li.qiang").get(f"/incidents/{Incident.objects.earliest('pk').pk}").content.decode()
    assert "cause revised" in page
    assert "Both ends of 光谷—港区 alarmed within 60 s." in page
