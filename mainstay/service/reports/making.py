"""Makes the reports of a part of a run: facts in flat queries, documents by processes; writes nothing (R1).

What a customer or contract gets is the product of reports, languages and formats asked for. The same facts as in the
version that was sent make no new one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import product
from typing import Any

from django.utils.translation import gettext, override

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.documents import queries as documents
from mainstay.platform.documents.actions.storing import Made, digest_of_facts
from mainstay.platform.documents.choices import Format
from mainstay.platform.documents.models import Document
from mainstay.platform.documents.rendering import Presses, Set, Wanted
from mainstay.service.reports import saying, sheets
from mainstay.service.reports.choices import Subject
from mainstay.service.reports.errors import BadReport
from mainstay.service.reports.facts import About, ReportFacts
from mainstay.service.reports.gathering import facts_of_contracts, facts_of_customers
from mainstay.service.reports.scoping import visible_ids


@dataclass(frozen=True)
class Asked:
    """What a run makes, as the job keeps it. `why`: why a sent report is corrected, where that is wanted."""

    month: date
    reports: tuple[str, ...]
    languages: tuple[str, ...]
    formats: tuple[str, ...]
    send: bool = False
    audience: str = ""
    channels: tuple[str, ...] = ()
    why: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, Any]) -> "Asked":
        """Read it from a job's arguments."""
        return cls(
            date.fromisoformat(arguments["month"]), tuple(arguments["reports"]), tuple(arguments["languages"]),
            tuple(arguments["formats"]), bool(arguments.get("send")), arguments.get("audience", ""),
            tuple(arguments.get("channels", ())), arguments.get("why", ""),
        )  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        """Return it as a job keeps it."""
        return {
            "month": self.month.isoformat(), "reports": list(self.reports), "languages": list(self.languages),
            "formats": list(self.formats), "send": self.send, "audience": self.audience,
            "channels": list(self.channels), "why": self.why,
        }  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What was made for one object; `unchanged`: documents that were sent and say the same."""

    made: tuple[Made, ...]
    unchanged: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Sheet:
    """One document on its way: what is known of it, and what is to be set (None: a workbook, made here)."""

    made: Made
    wanted: Wanted | None


def facts_by_subject(subject: str, ids: Iterable[int], month: date) -> dict[int, ReportFacts]:
    """Return facts by id of customer or contract. No scope."""
    chosen = list(ids)
    return facts_of_contracts(chosen, month) if subject == Subject.CONTRACTS else facts_of_customers(chosen, month)


def make(
    subject: str, ids: Sequence[int], asked: Asked, presses: Presses, *, job_id: int | None, at: datetime, by: Actor
) -> dict[int, Outcome | MainstayError]:
    """Make the reports of some customers or contracts; of those the actor may not see, say only that there are none."""
    seen = visible_ids(by, subject, ids)
    plans: dict[int, tuple[list[_Sheet], list[int]]] = {}
    for language in asked.languages:
        with override(language):  # facts hold words, too: what a grade is called, how an amount was come to
            facts = facts_by_subject(subject, seen, asked.month)
            latest = _latest([of.about for of in facts.values()], asked)
            for pk, of in facts.items():
                sheets_, unchanged = plans.setdefault(pk, ([], []))
                _plan(of, asked, language, latest, sheets_, unchanged, job_id=job_id, at=at)
    outcomes: dict[int, Outcome | MainstayError] = {pk: _nothing(asked.month) for pk in ids}
    outcomes |= _printed(plans, presses)
    return outcomes


def _nothing(month: date) -> MainstayError:
    return BadReport(
        msgid("There are no figures for {month}: no circuit was in service, or the month is not reckoned yet."),
        month=f"{month:%Y-%m}",
    )


def _latest(abouts: Sequence[About], asked: Asked) -> Mapping[documents.Key, Document]:
    """Return the newest documents of the same month about the same (1 query)."""
    customers, keys = {about.customer_id for about in abouts}, {about.key for about in abouts}
    return documents.latest(customers, asked.reports, asked.month, about=keys)


def _plan(
    facts: ReportFacts, asked: Asked, language: str, latest: Mapping[documents.Key, Document], plan: list[_Sheet],
    unchanged: list[int], *, job_id: int | None, at: datetime,
) -> None:  # fmt: skip
    """Add which documents are to be made of facts in the language now spoken, and which stand as they are."""
    digest = digest_of_facts(saying.said_of_month(facts))
    for kind, format_ in product(asked.reports, asked.formats):
        key = (facts.about.customer_id, facts.about.key, kind, facts.month, language, format_)
        former = latest.get(key)
        if former is not None and former.sent_at is not None and former.facts_digest == digest:
            unchanged.append(former.pk)
            continue
        edition = edition_after(former, facts, asked.why)
        made = _described(facts, kind, language, format_, edition, digest=digest, job_id=job_id)
        plan.append(_sheet(made, facts, edition, at=at))


def edition_after(former: Document | None, facts: ReportFacts, why: str) -> saying.Edition:
    """Return which version comes now: the draft's own again, or the one that corrects what was sent."""
    if former is None:
        return saying.Edition()
    sent = former if former.sent_at is not None else former.corrects
    if sent is None:
        return saying.Edition()
    revised = gettext("the figures were revised (%(was)s, now %(now)s)") % {"was": sent.figures, "now": facts.figures}
    return saying.Edition(sent.version + 1, sent.sent_at, why or revised)


def _described(
    facts: ReportFacts, kind: str, language: str, format_: str, edition: saying.Edition, *, digest: str,
    job_id: int | None,
) -> Made:  # fmt: skip
    about = facts.about
    return Made(
        kind=kind, format=format_, language=language, title=saying.title_of(facts, kind),
        number=saying.number_of(facts, kind),
        file_name=saying.file_name(facts, kind, language, format_, edition.version),
        content=b"", facts_digest=digest, version=edition.version, customer_id=about.customer_id,
        region_code=about.region_code, about=about.key, about_label=saying.subject(facts), month=facts.month,
        why=edition.why, figures=facts.figures, job_id=job_id,
    )  # fmt: skip


def _sheet(made: Made, facts: ReportFacts, edition: saying.Edition, *, at: datetime) -> _Sheet:
    """Make a workbook at once; leave a PDF to the presses."""
    if made.format == Format.XLSX:
        return _Sheet(replace(made, content=sheets.workbook(facts, made.kind, edition, at=at)), None)
    return _Sheet(made, Wanted(made.kind, saying.said(facts, made.kind, edition, at=at), made.language, at))


def _printed(
    plans: Mapping[int, tuple[list[_Sheet], list[int]]], presses: Presses
) -> Iterator[tuple[int, Outcome | MainstayError]]:
    """Give by object what was made, or the first reason why something was not."""
    flat = [(pk, sheet) for pk, (sheets_of, _unchanged) in plans.items() for sheet in sheets_of]
    printed = presses.run([sheet.wanted for _pk, sheet in flat if sheet.wanted is not None])
    made: dict[int, list[Made]] = {pk: [] for pk in plans}
    failed: dict[int, MainstayError] = {}
    for pk, sheet in flat:
        result = next(printed) if sheet.wanted is not None else Set(sheet.made.content)
        if isinstance(result, MainstayError):
            failed.setdefault(pk, result)
        else:
            made[pk].append(replace(sheet.made, content=result.content, rare=result.rare))
    for pk, (_sheets, unchanged) in plans.items():
        yield pk, failed.get(pk) or Outcome(tuple(made[pk]), tuple(unchanged))
