"""Who looks after which customers: the pool, returning to it, hand-overs, contact notes (A8, C1, C4)."""

from mainstay.faces.web.portfolios import handovers, holders, notes, pool, returning

urlpatterns = [
    *pool.urlpatterns,
    *returning.urlpatterns,
    *holders.urlpatterns,
    *handovers.urlpatterns,
    *notes.urlpatterns,
]
