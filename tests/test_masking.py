"""Wherever staff look who have not asked: no sensitive value of a customer in any page, list, file or history (A3)."""

import pytest

from tests.access.archive import SECRETS
from tests.access.stage import Stage
from tests.test_access import Visit, walk


@pytest.fixture(scope="module")
def walks() -> dict[str, list[Visit]]:
    """Keep the walks, so that each is taken once."""
    return {}


HANDED_ON = "/exports/"
"""Administrators may hand sensitive fields on in clear: `Permission.READ_CLEAR`."""


@pytest.mark.parametrize("person", ["wang.min", "li.qiang", "sun.li", "admin"])
def test_nobody_reads_what_they_did_not_ask_for(stage: Stage, person: str, walks: dict[str, list[Visit]]) -> None:
    found = [
        f"{visit.path}: {what}"
        for visit in walk(stage, person, walks)
        for what, value in SECRETS.items()
        if value in visit.text
        and value not in visit.path
        and not (person == "admin" and visit.path.startswith(HANDED_ON))
    ]
    assert not found, "\n".join(found)
