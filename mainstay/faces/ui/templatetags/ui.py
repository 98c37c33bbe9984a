"""The one tag library a page loads: `{% load ui %}`; the tags live by kind in `mainstay.faces.ui.tags`."""

from django import template

from mainstay.faces.ui.tags import forms, layout, marks, money, pictures, tables, verbs

register = template.Library()
for part in (marks, tables, layout, verbs, forms, pictures, money):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
