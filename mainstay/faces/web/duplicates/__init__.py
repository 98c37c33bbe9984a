"""Customers that may be one: the list of pairs, deciding, merging, undoing (A8)."""

from mainstay.faces.web.duplicates import merging, pairs

urlpatterns = [*pairs.urlpatterns, *merging.urlpatterns]
