"""Circuits: which are there, in what state, for whom (E1, E2)?"""

from django.core.paginator import Page
from django.http import HttpResponse
from django.urls import path

from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.lists.circuits import CIRCUITS
from mainstay.faces.web.lists.showing import show
from mainstay.faces.web.states import state_of


@door()
def circuits(request: ConsoleRequest) -> HttpResponse:
    """List circuits, the worst first."""
    return show(request, CIRCUITS, "web/circuits/circuits.html")


def with_states(page: Page) -> Page:
    """Put the state's word on each circuit."""
    page.object_list = list(page.object_list)
    for circuit in page.object_list:
        circuit.state = state_of(circuit)
    return page


urlpatterns = [path("circuits", circuits, name="circuits")]
