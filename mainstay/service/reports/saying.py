"""Says a report's facts in words and figures as its template reads them (JSON), in the active language.

Availability is cut off after four decimals and never rounded up: 100 % is said only of what never failed.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext, pgettext

from mainstay.network.planned_work.choices import WorkStatus
from mainstay.platform.documents.lettering import safe_name
from mainstay.service.reports.choices import PREFIXES, ReportKind
from mainstay.service.reports.facts import Claim, Fault, PastMonth, ReportFacts, Tally, Work
from mainstay.service.reports.gathering import role_of_manager
from mainstay.service.service_levels.choices import Verdict
from mainstay.service.service_levels.shapes import CircuitResult, View
from mainstay.service.tickets.choices import CauseCode, ClockKind, Responsibility

DRAWN = 24
"""Circuits in the chart of the month; more would be no picture any more."""
CIRCUITS_NAMED = 3


@dataclass(frozen=True)
class Edition:
    """Which version of a document this is; `corrects`: when the one before was sent, and `why` it is corrected."""

    version: int = 1
    corrects_at: datetime | None = None
    why: str = ""


def number_of(facts: ReportFacts, kind: str) -> str:
    """Return the number of a document, the same for all its versions."""
    return f"{PREFIXES[ReportKind(kind)]}-{facts.month:%Y%m}-{facts.about.number}"


def file_name(facts: ReportFacts, kind: str, language: str, suffix: str, version: int) -> str:
    """Return what the file is called when it is fetched."""
    return f"{safe_name(number_of(facts, kind))}-v{version}-{'zh' if language == 'zh-hans' else 'en'}.{suffix}"


def title_of(facts: ReportFacts, kind: str) -> str:
    """Return what the document is called in lists."""
    return f"{ReportKind(kind).label} · {subject(facts)} · {month_label(facts.month)}"


def subject(facts: ReportFacts) -> str:
    """Return whom the report is about."""
    about = facts.about
    return f"{about.customer_name}（{about.contract_number}）" if about.contract_id else about.customer_name


def said(facts: ReportFacts, kind: str, edition: Edition, *, at: datetime) -> dict[str, Any]:
    """Return everything a template reads; see docs/operations-documents.md."""
    return {
        "operator": {"name": settings.OPERATOR_NAME},
        "about": facts.about.customer_name,
        "contract": " ".join(filter(None, (facts.about.contract_number, facts.about.contract_name))),
        "made": instant(at),
        "edition": {
            "number": number_of(facts, kind), "version": edition.version,
            "corrects": day(edition.corrects_at) if edition.corrects_at else "", "why": edition.why,
        },
    } | said_of_month(facts)  # fmt: skip


def said_of_month(facts: ReportFacts) -> dict[str, Any]:
    """Return what the figures say, whichever version says it and whenever."""
    circuits = facts.result.circuits
    shown = facts.spans[:DRAWN]
    told = {
        "customer": {
            "code": facts.about.customer_code, "grade": facts.about.grade, "manager": facts.about.manager,
        },
        "month": _month(facts),
        "summary": _summary(facts),
        "sentences": _sentences(facts),
        "trend": [_past(past) for past in facts.trend],
        "trend_alt": _trend_alt(facts.trend),
        "circuits": [_circuit(circuit) for circuit in circuits],
        "spans": [
            {"name": name, "spans": [[round(s.start, 6), round(s.end, 6), s.state.value] for s in spans]}
            for name, spans in shown
        ],
        "spans_left_out": len(facts.spans) - len(shown),
        "spans_alt": gettext("Circuits that were not in order in the month: %(circuits)s.")
        % {"circuits": ", ".join(name for name, _spans in shown)},
        "faults": [_fault(fault) for fault in facts.faults],
        "promises": [*filter(None, [_of_availability(circuits)]), *(_tally(tally) for tally in facts.tallies)],
        "works": [_work(work) for work in facts.works],
        "contacts": _contacts(facts),
    }  # fmt: skip
    if facts.claims is not None:
        told["claims"] = [_claim(claim) for claim in facts.claims]
    return told


def percent(share: Decimal | None, *, decimals: int = 4) -> str:
    """Say a share 0..1 as per cent, cut off."""
    if share is None:
        return "—"
    return f"{(share * 100).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_FLOOR)}%"


def target(share: Decimal | None) -> str:
    """Say a promised share without needless zeros."""
    return "—" if share is None else f"{(share * 100).normalize():f}%"


def lasting(seconds: int) -> str:
    """Say a duration to the minute; under a minute to the second."""
    if 0 < seconds < 60:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    hours, minutes = divmod(seconds // 60, 60)
    if not hours:
        return pgettext("duration", "%(minutes)s min") % {"minutes": minutes}
    if not minutes:
        return pgettext("duration", "%(hours)s h") % {"hours": hours}
    return pgettext("duration", "%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


def instant(at: datetime) -> str:
    """Say an instant in the shown zone."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def day(at: datetime) -> str:
    """Say the day of an instant in the shown zone."""
    return timezone.localtime(at).strftime("%Y-%m-%d")


def month_label(month: date) -> str:
    """Say a month: 2026年9月, September 2026."""
    if (get_language() or "").startswith("zh"):
        return f"{month.year}年{month.month}月"
    return f"{calendar.month_name[month.month]} {month.year}"


def money(fen: int) -> str:
    """Say an amount given in fen."""
    return f"¥{fen / 100:,.2f}"


def _month(facts: ReportFacts) -> dict[str, Any]:
    last = (facts.to_at - timedelta(seconds=1)).astimezone(timezone.get_default_timezone()).date()
    state = gettext("version %(version)s, closed") if facts.result.closed else gettext("provisional, the month runs")
    return {
        "label": month_label(facts.month),
        "period": gettext("%(first)s to %(last)s") % {"first": facts.month, "last": last},
        "state": state % {"version": facts.result.version} if facts.result.closed else state,
        "days": last.day,
        "zone": settings.TIME_ZONE,
        "source": "",
    }


def _summary(facts: ReportFacts) -> dict[str, Any]:
    result, circuits = facts.result, facts.result.circuits
    counts = {verdict: sum(c.verdict == verdict for c in circuits) for verdict in Verdict}
    targets = [c.target for c in circuits if c.target is not None]
    worst = max(circuits, key=lambda c: c.contract.longest_s, default=None)
    restoration = next((t for t in facts.tallies if t.kind == ClockKind.RESTORATION), Tally(ClockKind.RESTORATION))
    decided = restoration.met + restoration.missed
    touched = {number for work in facts.works for number in work.circuits}
    return {
        "circuits": len(circuits),
        "contract": _bounds(result.contract),
        "felt": _bounds(result.felt),
        "missed": counts[Verdict.MISSED],
        "undecided": counts[Verdict.UNDECIDED],
        "undecided_remark": gettext("%(n)s not decided yet") % {"n": counts[Verdict.UNDECIDED]}
        if counts[Verdict.UNDECIDED] else "",
        "targets": len(targets),
        "target": float(min(targets) * 100) if targets and len(set(targets)) == 1 else None,
        "outages": result.contract.outages,
        "down": lasting(result.contract.down_s),
        "longest": lasting(worst.contract.longest_s) if worst and worst.contract.longest_s else "—",
        "longest_where": worst.number if worst and worst.contract.longest_s else "",
        "restored": f"{restoration.met} / {decided}" if decided else "—",
        "restored_remark": ngettext("%(n)s late", "%(n)s late", restoration.missed) % {"n": restoration.missed}
        if restoration.missed else gettext("none late") if decided else gettext("no restoration fell due"),
        "late": restoration.missed,
        "works": len(facts.works),
        "works_remark": ngettext("over %(n)s circuit", "over %(n)s circuits", len(touched)) % {"n": len(touched)}
        if touched else "",
        "compensation": money(sum(claim.amount_fen for claim in facts.claims or ())),
    }  # fmt: skip


def _bounds(view: View) -> dict[str, str]:
    lower, upper = percent(view.lower), percent(view.upper)
    remark = gettext("at most %(upper)s") % {"upper": upper} if upper != lower else ""
    return {"lower": lower, "upper": upper, "remark": remark}


def _sentences(facts: ReportFacts) -> list[str]:
    """Say the month in a few sentences."""
    view, count = facts.result.contract, len(facts.result.circuits)
    told = [
        ngettext("%(n)s circuit was in service.", "%(n)s circuits were in service.", count) % {"n": count},
    ]  # fmt: skip
    if view.outages:
        told.append(
            ngettext(
                "There was %(n)s interruption, %(down)s in all.", "There were %(n)s interruptions, %(down)s in all.",
                view.outages,
            ) % {"n": view.outages, "down": lasting(view.down_s)}
        )  # fmt: skip
    else:
        told.append(gettext("None of them was interrupted."))
    if view.unknown_s:
        told.append(
            gettext("For %(time)s in all the state of a circuit is not known; that is why two figures are given.")
            % {"time": lasting(view.unknown_s)}
        )
    missed = [c.number for c in facts.result.circuits if c.verdict == Verdict.MISSED]
    if missed:
        told.append(_missed(missed))
    elif any(c.target is not None for c in facts.result.circuits):
        told.append(gettext("Every promised availability was kept."))
    return [sentence + ("" if (get_language() or "").startswith("zh") else " ") for sentence in told]


def _missed(numbers: Sequence[str]) -> str:
    named = gettext(", ").join(numbers[:CIRCUITS_NAMED])
    if len(numbers) > CIRCUITS_NAMED:
        named = gettext("%(named)s and others") % {"named": named}
    return ngettext(
        "%(n)s circuit fell below its promised availability: %(named)s.",
        "%(n)s circuits fell below their promised availability: %(named)s.", len(numbers),
    ) % {"n": len(numbers), "named": named}  # fmt: skip


def _past(past: PastMonth) -> dict[str, Any]:
    label = (
        f"{past.month.month}月" if (get_language() or "").startswith("zh") else calendar.month_abbr[past.month.month]
    )
    return {
        "label": label,
        "availability": None if past.lower is None else float(past.lower * 100),
        "minutes": None if past.down_s is None else round(past.down_s / 60, 1),
    }


def _trend_alt(trend: Sequence[PastMonth]) -> dict[str, str]:
    known = [past for past in trend if past.lower is not None]
    return {
        "availability": "; ".join(f"{past.month:%Y-%m}: {percent(past.lower)}" for past in known),
        "minutes": "; ".join(f"{past.month:%Y-%m}: {lasting(past.down_s or 0)}" for past in known),
    }


def _circuit(circuit: CircuitResult) -> dict[str, Any]:
    return {
        "number": circuit.number,
        "name": circuit.name,
        "grade": circuit.grade,
        "contract": {"lower": percent(circuit.contract.lower), "upper": percent(circuit.contract.upper)},
        "felt": {"lower": percent(circuit.felt.lower), "upper": percent(circuit.felt.upper)},
        "target": target(circuit.target),
        "down": lasting(circuit.contract.down_s) if circuit.contract.down_s else "—",
        "outages": circuit.contract.outages,
        "verdict": circuit.verdict.value,
        "verdict_label": availability_label(circuit),
    }


def availability_label(circuit: CircuitResult) -> str:
    """Say whether a circuit's promised availability was kept."""
    return {
        Verdict.MET: pgettext("availability", "met"), Verdict.MISSED: pgettext("availability", "missed"),
        Verdict.UNDECIDED: pgettext("availability", "not decided"),
        Verdict.NO_PROMISE: pgettext("availability", "none"),
    }[circuit.verdict]  # fmt: skip


def cause_label(fault: Fault) -> str:
    """Say a fault's root cause."""
    return str(CauseCode(fault.cause_code).label) if fault.cause_code in CauseCode.values else gettext("being examined")


def responsibility_label(fault: Fault) -> str:
    """Say whose fault it was."""
    return str(Responsibility(fault.responsibility).label)


def verdict_label(fault: Fault) -> str:
    """Say how the promise to restore in time went."""
    return {
        "met": pgettext("restoration", "in time"), "missed": pgettext("restoration", "late"),
        "open": pgettext("restoration", "open"), "none": pgettext("restoration", "none promised"),
    }[fault.verdict]  # fmt: skip


def _fault(fault: Fault) -> dict[str, Any]:
    over = fault.restored_at
    return {
        "number": fault.number,
        "circuits": list(fault.circuits),
        "began": timezone.localtime(fault.began_at).strftime("%m-%d %H:%M"),
        "restored": timezone.localtime(over).strftime("%m-%d %H:%M") if over else gettext("not yet"),
        "lasted": lasting(int((over - fault.began_at).total_seconds())) if over else "—",
        "cause": cause_label(fault),
        "responsibility": responsibility_label(fault),
        "verdict": fault.verdict,
        "verdict_label": verdict_label(fault),
        "promise": gettext("within %(promised)s") % {"promised": lasting(fault.promised_s)}
        if fault.promised_s else "",
    }  # fmt: skip


def _of_availability(circuits: Sequence[CircuitResult]) -> dict[str, Any] | None:
    """Return the line of the promises on availability."""
    with_target = [circuit.verdict for circuit in circuits if circuit.target is not None]
    if not with_target:
        return None
    met, missed = with_target.count(Verdict.MET), with_target.count(Verdict.MISSED)
    return _line(gettext("Monthly availability"), met, missed, len(with_target) - met - missed)


def _tally(tally: Tally) -> dict[str, Any]:
    return _line(str(ClockKind(tally.kind).label), tally.met, tally.missed, tally.open)


def _line(name: str, met: int, missed: int, left: int) -> dict[str, Any]:
    share = percent(Decimal(met) / (met + missed), decimals=1) if met + missed else "—"
    return {"name": name, "due": met + missed + left, "met": met, "missed": missed, "open": left, "share": share}


def _work(work: Work) -> dict[str, Any]:
    begin, end = timezone.localtime(work.from_at), timezone.localtime(work.to_at)
    until = f"{end:%H:%M}" if begin.date() == end.date() else f"{end:%m-%d %H:%M}"
    named = gettext(", ").join(work.circuits[:CIRCUITS_NAMED])
    more = gettext("%(named)s, %(n)s in all") % {"named": named, "n": len(work.circuits)}
    return {
        "number": work.number,
        "title": work.title,
        "window": f"{begin:%m-%d %H:%M}–{until}",
        "announced": timezone.localtime(work.announced_at).strftime("%m-%d %H:%M") if work.announced_at else "—",
        "circuits": named if len(work.circuits) <= CIRCUITS_NAMED else more,
        "status": str(WorkStatus(work.status).label),
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "number": claim.number, "circuit": claim.circuit, "clause": claim.clause, "derivation": list(claim.derivation),
        "amount": money(claim.amount_fen), "status": claim.status_label,
    }  # fmt: skip


def _contacts(facts: ReportFacts) -> dict[str, Any]:
    about = facts.about
    ours = [{"name": about.manager, "role": role_of_manager(), "phone": about.manager_phone,
             "email": about.manager_email}] if about.manager else []  # fmt: skip
    theirs = [{"name": p.name, "role": p.role, "phone": p.phone, "email": p.email} for p in facts.contacts]
    return {"ours": ours, "theirs": theirs}
