"""How are the facts of a hand-over read? Frozen codes and instants in, sections in the reader's language out (G6)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from mainstay.faces.web.causes import GRADES
from mainstay.faces.web.links import page
from mainstay.faces.web.states import WORDS
from mainstay.network.alarms.choices import IncidentStatus
from mainstay.network.planned_work.choices import WorkStatus
from mainstay.platform.messages.queries import kind_label
from mainstay.service.tickets.choices import PauseReason, TicketStatus
from mainstay.service.tickets.naming import title_of

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """A few words, with the instant they speak of."""

    words: str
    at: datetime | None = None


@dataclass(frozen=True)
class Line:
    """One item: what it is, what is said of it, until when; `key` is what a remark hangs on."""

    key: str
    title: str
    url: str = ""
    grade: str = ""
    text: str = ""
    said: tuple[Said, ...] = ()
    due: Said | None = None
    state: str = ""


@dataclass(frozen=True)
class Section:
    """Items of one kind; `total` may be more than the lines shown."""

    name: str
    title: str
    icon: str
    lines: list[Line] = field(default_factory=list)
    total: int = 0
    more_url: str = ""
    note: str = ""

    @property
    def more(self) -> int:
        """Return how many are not shown."""
        return max(0, self.total - len(self.lines))


def thawed(facts: Any) -> Any:
    """Turn the instants of frozen facts back: every text under a key that ends in `_at`."""
    if isinstance(facts, list):
        return [thawed(each) for each in facts]
    if not isinstance(facts, dict):
        return facts
    return {
        key: datetime.fromisoformat(value) if key.endswith("_at") and isinstance(value, str) else thawed(value)
        for key, value in facts.items()
    }


def sections(facts: Facts) -> list[Section]:
    """Return the sections in the order in which the next shift needs them; empty ones stay, and say so."""
    return [build(facts) for build in BUILDERS]


def numbers(facts: Facts) -> list[tuple[str, int, str]]:
    """Return the shift in numbers: what, how many, where they are listed."""
    counts, incidents = facts["counts"], facts["incidents"]
    live = page("tickets", query="tab=live")
    everything = page("tickets", query="tab=all")
    return [
        (_("Incidents opened"), incidents["opened"], page("incidents", query="tab=all")),
        (_("Incidents ended"), incidents["ended"], page("incidents", query="tab=all")),
        (_("Incidents standing"), incidents["standing"], page("incidents", query="tab=live")),
        (_("Tickets opened"), counts["opened"], everything),
        (_("Tickets restored"), counts["restored"], everything),
        (_("Promises missed"), counts["missed"], page("tickets", query="tab=breached")),
        (_("Tickets running"), counts["running"], live),
        (_("Due in the next shift"), facts["running"]["due_next"], live),
        (_("Reports without incident"), facts["reports"], page("reports")),
        (_("Told to customers"), facts["told"]["total"], page("tickets", query="tab=live")),
        (_("Alarms raised"), facts["storms"]["raised"], page("alarms", query="sort=raised")),
        (_("Alarms standing"), facts["standing_alarms"], page("alarms")),
    ]


def _running(facts: Facts) -> Section:
    lines = [_ticket("ticket", item) for item in facts["running"]["items"]]
    due = facts["running"]["due_next"]
    words = ngettext(
        "%(n)s deadline falls into the next shift; these come first.",
        "%(n)s deadlines fall into the next shift; these come first.",
        due,
    )
    note = words % {"n": due} if due else ""
    more = page("tickets", query="tab=live&sort=deadline")
    return Section("running", _("Tickets still running"), "ticket", lines, facts["running"]["total"], more, note)


def _missed(facts: Facts) -> Section:
    lines = [_ticket("missed", item) for item in facts["missed"]["items"]]
    more = page("tickets", query="tab=breached")
    return Section("missed", _("Promises missed in this shift"), "clock-x", lines, facts["missed"]["total"], more)


def _updates(facts: Facts) -> Section:
    lines = []
    for item in facts["updates"]["items"]:
        late = item["next_update_at"] <= facts["read_at"]
        due = Said(_("was promised for") if late else _("promised for"), item["next_update_at"])
        lines.append(_ticket("update", item, due=due))
    more = page("tickets", query="tab=live")
    return Section("updates", _("Messages promised to customers"), "message", lines, facts["updates"]["total"], more)


def _ticket(kind: str, item: Facts, *, due: Said | None = None) -> Line:
    said = [Said(str(TicketStatus(item["status"]).label))]
    said.append(Said(item["assigned_to"] or _("claimed by nobody")))
    if item["incident"]:
        said.append(Said(item["incident"]))
    if item["missed_at"]:
        said.append(Said(_("missed"), item["missed_at"]))
    if item["next_update_at"] and due is None:
        said.append(Said(_("next update"), item["next_update_at"]))
    if due is None and item["deadline_at"]:
        due = Said(
            _("due in the next shift") if item.get("due_next") else pgettext("shift", "due"), item["deadline_at"]
        )
    circuits = [*item["circuits"], *[""] * (item["circuit_count"] - len(item["circuits"]))]
    return Line(
        key=f"{kind}-{item['id']}",
        title=f"{item['number']} {item['customer']}",
        url=page("ticket", item["id"]),
        grade=item["grade"],
        text=title_of(item["title"], circuits),
        said=tuple(said),
        due=due,
    )


def _incidents(facts: Facts) -> Section:
    given = facts["incidents"]
    lines = [_incident(item) for item in given["items"]]
    more = page("incidents", query="tab=all")
    return Section("incidents", _("Incidents"), "alert-triangle", lines, given["total"], more)


def _incident(item: Facts) -> Line:
    said = [Said(str(IncidentStatus(item["status"]).label))]
    if item["declared"]:
        said.append(Said(_("reported by customers, no alarm")))
    said.append(Said(pgettext("shift", "began"), item["opened_at"]))
    if item["restored_at"]:
        said.append(Said(_("restored"), item["restored_at"]))
    said.append(Said(item["claimed_by"] or _("claimed by nobody")))
    if item["circuits"]:
        hit = _("%(circuits)s circuits, %(customers)s customers") % item
        order = sorted(item["grades"].items(), key=lambda pair: GRADES.index(pair[0]) if pair[0] in GRADES else 9)
        said.append(Said(" · ".join([hit, *(f"{number} {grade}" for grade, number in order)])))
    if item["reports"]:
        said.append(Said(ngettext("%(n)s report", "%(n)s reports", item["reports"]) % {"n": item["reports"]}))
    if item["eta_at"] and not item["restored_at"]:
        said.append(Said(_("expected back"), item["eta_at"]))
    due = Said(_("next update"), item["next_update_at"]) if item["next_update_at"] and not item["restored_at"] else None
    state = "up" if item["restored_at"] else "planned" if item["planned"] else WORDS.get(item["state"], "unknown")
    return Line(
        key=f"incident-{item['id']}",
        title=f"{item['number']} {item['cause']}",
        url=page("incident", item["id"]),
        said=tuple(said),
        due=due,
        state=state,
    )


def _pauses(facts: Facts) -> Section:
    lines = [_pause("pause", item, Said(_("ends by its limit"), item["limit_at"])) for item in facts["pauses"]["items"]]
    more = page("tickets", query="tab=live")
    return Section(
        "pauses", _("Pauses that end in the next shift"), "clock-pause", lines, facts["pauses"]["total"], more
    )


def _approvals(facts: Facts) -> Section:
    given = facts["approvals"]
    lines = [
        _pause("approval", item, Said(pgettext("shift", "asked for"), item["asked_at"])) for item in given["items"]
    ]
    note = ""
    if given["works"]:
        note = ngettext(
            "%(n)s planned work waits for approval, too.", "%(n)s planned works wait for approval, too.", given["works"]
        ) % {"n": given["works"]}
    more = page("works", query="status=planned")
    return Section("approvals", _("Pauses that wait for approval"), "gavel", lines, given["total"], more, note)


def _pause(kind: str, item: Facts, due: Said) -> Line:
    reason = str(PauseReason(item["reason"]).label) if item["reason"] in PauseReason.values else item["reason"]
    return Line(
        key=f"{kind}-{item['id']}",
        title=f"{item['number']} {item['customer']}",
        url=page("ticket", item["id"]),
        grade=item["grade"],
        text=item["evidence"],
        said=(Said(reason), Said(item["asked_by"])),
        due=due,
    )


def _told(facts: Facts) -> Section:
    lines = []
    for item in facts["told"]["items"]:
        said = [Said(ngettext("%(n)s message", "%(n)s messages", item["messages"]) % {"n": item["messages"]})]
        said.append(Said(ngettext("%(n)s customer", "%(n)s customers", item["customers"]) % {"n": item["customers"]}))
        said.append(Said(_("%(n)s not read yet") % {"n": item["unread"]}))
        if item["unreachable"]:
            said.append(Said(_("%(n)s could not be reached") % {"n": item["unreachable"]}))
        lines.append(Line(f"told-{item['kind']}", kind_label(item["kind"]), said=tuple(said)))
    return Section("told", _("What customers were told"), "send", lines, len(lines))


def _works(facts: Facts) -> Section:
    lines = []
    for item in facts["works"]["items"]:
        said = [Said(str(WorkStatus(item["status"]).label)), Said(pgettext("shift", "from"), item["from_at"])]
        said.append(Said(_("announced")) if item["announced_at"] else Said(_("not announced: it excuses nothing")))
        due = Said(pgettext("shift", "until"), item["to_at"])
        lines.append(Line(f"work-{item['id']}", f"{item['number']} {item['title']}", page("work", item["id"]),
                          said=tuple(said), due=due))  # fmt: skip
    total = facts["works"]["total"]
    return Section("works", _("Planned work now and in the next shift"), "calendar-event", lines, total, page("works"))


def _sources(facts: Facts) -> Section:
    lines = []
    for item in facts["sources"]["items"]:
        if item["silent_since_at"]:
            said, state = Said(_("silent since"), item["silent_since_at"]), "unknown"
        else:
            said, state = Said(_("nothing came since"), item["last_report_at"]), ""
        lines.append(Line(f"source-{item['id']}", item["name"], page("settings-sources"), said=(said,), state=state))
    return Section("sources", _("Silent and quiet sources"), "antenna", lines, len(lines))


def _quarantine(facts: Facts) -> Section:
    lines = []
    for item in facts["quarantine"]["items"]:
        held = ngettext("%(n)s alarm report", "%(n)s alarm reports", item["reports"]) % {"n": item["reports"]}
        said = (Said(item["source"]), Said(held), Said(pgettext("shift", "first"), item["first_at"]))
        url = page("quarantine-decide", item["id"])
        lines.append(Line(f"quarantine-{item['id']}", item["name"], url, said=said))
    total = facts["quarantine"]["total"]
    title = _("Names in alarms that nobody has placed")
    return Section("quarantine", title, "help-circle", lines, total, page("quarantine"))


def _storms(facts: Facts) -> Section:
    given = facts["storms"]
    lines = []
    if given["raised"]:
        said = [Said(_("most in one minute: %(n)s") % {"n": given["peak"]}, given["peak_at"])]
        if given["storm_minutes"]:
            blown = given["storm_minutes"]
            words = ngettext("storm for %(n)s minute", "storm for %(n)s minutes", blown) % {"n": blown}
            said.append(Said(words))
        raised = ngettext("%(n)s alarm raised", "%(n)s alarms raised", given["raised"]) % {"n": given["raised"]}
        lines.append(Line("storm", raised, page("alarms"), said=tuple(said)))
    return Section("storms", _("Alarms and storms"), "bolt", lines, len(lines))


def _notes(facts: Facts) -> Section:
    lines = [
        Line(
            f"note-{item['id']}",
            item["text"],
            said=(Said(item["by"]), Said(pgettext("shift", "written"), item["written_at"])),
        )
        for item in facts["notes"]["items"]
    ]
    title = _("Notes of the shift")
    return Section("notes", title, "notes", lines, facts["notes"]["total"], page("shift-log"))


BUILDERS: tuple[Callable[[Facts], Section], ...] = (
    _running, _incidents, _updates, _pauses, _approvals, _missed, _works, _notes, _told, _sources, _quarantine, _storms,
)  # fmt: skip

HEAD = (
    gettext_lazy("Section"), gettext_lazy("Item"), gettext_lazy("Grade"), gettext_lazy("Text"), gettext_lazy("Details"),
    gettext_lazy("Due"), gettext_lazy("Remark"),
)  # fmt: skip


def rows(found: Iterable[Section], remarks: Mapping[str, str], words: Callable[[datetime], str]) -> list[list[str]]:
    """Return all items as rows of a file; `words` says an instant."""
    table = [
        [
            section.title,
            line.title,
            line.grade,
            line.text,
            "; ".join(_in_words(said, words) for said in line.said),
            _in_words(line.due, words) if line.due else "",
            remarks.get(line.key, ""),
        ]
        for section in found
        for line in section.lines
    ]
    return [*table, [_("The whole shift"), "", "", "", "", "", remarks.get("", "")]]


def _in_words(said: Said, words: Callable[[datetime], str]) -> str:
    return f"{said.words} {words(said.at)}" if said.at else said.words
