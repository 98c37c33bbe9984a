"""What speaks for and against two customers being one, in words."""

from typing import Any

from mainstay.accounts.duplicates.choices import Evidence

AGAINST = {Evidence.FAMILY, Evidence.PLACES}
LABELS = dict(Evidence.choices)


def evidence_told(evidence: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each piece of evidence with its label, its words and whether it speaks against."""
    return [
        {
            "label": LABELS.get(each["kind"], each["kind"]),
            "words": each["words"],
            "against": each["kind"] in AGAINST,
            "percent": round(each["weight"] * 100),
        }
        for each in evidence
    ]
