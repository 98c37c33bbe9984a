"""Which lists are there? By name, as addresses, saved views and jobs name them."""

from django.http import Http404

from mainstay.faces.web.lists.alarms import ALARMS, QUARANTINE
from mainstay.faces.web.lists.arrears import ARREARS
from mainstay.faces.web.lists.circuits import CIRCUITS
from mainstay.faces.web.lists.columns import ListPage
from mainstay.faces.web.lists.compensation import COMPENSATION
from mainstay.faces.web.lists.contracts import CONTRACTS
from mainstay.faces.web.lists.customers import CUSTOMERS
from mainstay.faces.web.lists.incidents import INCIDENTS
from mainstay.faces.web.lists.offered import POLICIES, PRODUCTS, TARIFFS
from mainstay.faces.web.lists.schemes import SCHEME_MODELS, SCHEMES
from mainstay.faces.web.lists.tickets import TICKETS
from mainstay.faces.web.lists.tiers import CHANGES, HOLDERS, PROPOSALS
from mainstay.faces.web.lists.vips import VIPS
from mainstay.faces.web.lists.works import WORKS

PAGES = {page.name: page for page in (TICKETS, CUSTOMERS, CIRCUITS, CONTRACTS, INCIDENTS, ALARMS, QUARANTINE, WORKS,
                                     COMPENSATION, ARREARS, PROPOSALS, CHANGES, HOLDERS)}  # fmt: skip
OFFERED = (PRODUCTS, TARIFFS, POLICIES, SCHEME_MODELS, SCHEMES, VIPS)
PAGES |= {page.name: page for page in OFFERED}


def page_named(name: str) -> ListPage:
    """Return a list. Raises Http404 for a name that is none."""
    found = PAGES.get(name)
    if found is None:
        raise Http404
    return found
