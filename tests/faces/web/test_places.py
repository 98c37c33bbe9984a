"""Every place stands once in the navigation and in the settings, and no key leads to two."""

from collections import Counter

from mainstay.faces.web.settings.pages import TABS
from mainstay.faces.web.shell import PLACES


def twice(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if name and count > 1]


def test_every_place_and_every_settings_page_stands_once() -> None:
    assert twice([place.name for place in PLACES]) == []
    assert twice([tab[0] for tab in TABS]) == []


def test_no_key_leads_to_two_places() -> None:
    assert twice([place.key for place in PLACES]) == []
