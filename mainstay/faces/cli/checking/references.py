"""Does every row name things that are there?"""

from collections.abc import Iterator

from mainstay.domain.errors import msgid
from mainstay.faces.cli.checking.finding import Finding, error
from mainstay.platform.monitoring.references import dangling


def references() -> Iterator[Finding]:
    """Look at every reference that the database does not check itself."""
    for found in dangling():
        yield error(
            "dangling_reference",
            msgid("%(rows)s rows of %(table)s name in %(column)s what is not there, row %(example)s for one."),
            msgid(
                "Nothing in Mainstay deletes what is named. See what was done to the database by hand, and restore it."
            ),
            subject=f"{found.table}.{found.column}",
            rows=found.rows,
            table=found.table,
            column=found.column,
            example=found.example,
        )
