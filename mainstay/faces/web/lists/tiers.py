"""The lists of the tiers: whose grade a run changes; changes of grade that wait for approval (B1, B2)."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.tiers.choices import MOVE_NAMES, MOVES, Level, Standing
from mainstay.accounts.tiers.queries import holders, proposals, rules, runs
from mainstay.accounts.tiers.queries.register import label_of
from mainstay.domain.actor import Actor
from mainstay.faces.web import listing
from mainstay.faces.web.lists import cells
from mainstay.faces.web.lists.columns import Asked, ListPage, column
from mainstay.platform.identity.choices import Permission

MOVE_CHOICES = [(MOVE_NAMES[move], words) for move, words in MOVES.items()]


def _grade_change(row: Any, _asked: Asked) -> object:
    return format_html('{} <span class="text-secondary">→</span> <strong>{}</strong>', row.before, row.after)


def _because(row: Any, _asked: Asked) -> object:
    if not row.row:
        return row.figures or _("No row fits any more")
    return format_html('<span class="text-secondary">{}</span> {}', _("Row %(n)s") % {"n": row.row}, row.figures)


RUN_COLUMNS = (
    column("customer", _("Customer"), lambda r, _a: format_html(
        '<a class="row-link" href="{}?tab=grade">{}</a>', reverse("web:customer", args=[r.customer_id]), r.customer),
        lambda r, _a: r.customer, (_("Code"), lambda r, _a: r.code), sort="customer", fixed=True),
    column("move", _("Change"), lambda r, _a: r.move_words, sort="move", css="text-nowrap"),
    column("grades", _("Grade"), _grade_change, (_("Before"), lambda r, _a: r.before),
           (_("Afterwards"), lambda r, _a: r.after), sort="after", css="text-nowrap"),
    column("because", _("Because"), _because, (_("Row"), lambda r, _a: r.row or ""),
           (_("Figures"), lambda r, _a: r.figures)),
    column("region", _("Region"), lambda r, _a: r.region, css="text-nowrap"),
    column("manager", _("Account manager"), lambda r, _a: cells.person(r.manager), lambda r, _a: r.manager),
)  # fmt: skip


def run_of(asked: Asked) -> Any:
    """Return the run the address names, `?run=5`."""
    return runs.run(asked.actor, listing.number_of(asked.given.get("run", "")) or 0)


def _changes(asked: Asked) -> Any:
    given = asked.given
    wanted = runs.ChangeFilter(given.get("move", ""), given.get("after", ""), given.get("region", ""),
                               given.get("q", ""), listing.number_of(given.get("row", "")))  # fmt: skip
    rows = runs.matching(asked.actor, run_of(asked), wanted)
    return listing.ordered(rows, given.get("sort", ""), runs.SORTS, default="move")


CHANGES = ListPage(
    name="tier-changes",
    title=_("Who would change"),
    object_kind="tier_change",
    columns=RUN_COLUMNS,
    matching=_changes,
    visible=runs.visible_to,
    fetch=lambda rows, _asked: runs.fetched(rows),
    rows=lambda rows, asked: runs.rows_of(run_of(asked), rows),
    url=lambda r: f"{reverse('web:customer', args=[r.customer_id])}?tab=grade",
    id_of=lambda r: int(r.id),
    label_of=lambda r: str(r.customer),
    filters=lambda _actor: [
        {"name": "q", "label": _("Customer"), "kind": "search"},
        {"name": "move", "label": _("Change"), "kind": "chips", "options": MOVE_CHOICES},
    ],
    sorts=frozenset(runs.SORTS),
    others=frozenset({"run", "region", "row", "after"}),
    permission=Permission.READ_REVENUE,
    empty=(_("Nobody changes"), _("Everybody holds what the table gives, or nobody matches these filters."), "users"),
)


def _wanted(asked: Asked) -> proposals.ProposalFilter:
    given = asked.given
    moves = {name: str(int(move)) for move, name in MOVE_NAMES.items()}
    return proposals.ProposalFilter(
        given.get("rules", ""), given.get("standing", Standing.WAITING), moves.get(given.get("move", ""), ""),
        given.get("level", ""), given.get("q", ""),
        timezone.localdate(asked.at) if given.get("overdue") else None, listing.number_of(given.get("customer", "")),
    )  # fmt: skip


def _matching(asked: Asked) -> Any:
    rows = proposals.matching(asked.actor, _wanted(asked))
    return listing.ordered(rows, asked.given.get("sort", ""), proposals.SORTS, default="due")


def _filters(actor: Actor) -> list[dict[str, Any]]:
    owners = [(row.rule_set.code, label_of(row.rule_set)) for row in rules.rule_sets(actor)]
    return [
        {"name": "q", "label": _("Customer"), "kind": "search"},
        {"name": "rules", "label": _("Rules"), "kind": "choice", "options": owners},
        {"name": "standing", "label": _("Status"), "kind": "choice", "options": Standing.choices},
        {"name": "move", "label": _("Change"), "kind": "chips", "options": MOVE_CHOICES},
        {"name": "level", "label": _("Approved by"), "kind": "choice", "options": Level.choices[:3]},
        {"name": "overdue", "label": _("Overdue only"), "kind": "toggle"},
    ]


PROPOSALS = ListPage(
    name="tier-approvals",
    title=_("Changes of grade"),
    object_kind="tier_proposal",
    columns=(
        column("customer", _("Customer"), lambda r, _a: format_html(
            '<a class="row-link" href="{}?tab=grade">{}</a>', reverse("web:customer", args=[r.customer_id]),
            r.customer), lambda r, _a: r.customer, sort="customer", fixed=True),
        column("rules", _("Rules"), lambda r, _a: cells.link("tier-rules", r.rules_code, r.rules),
               lambda r, _a: r.rules),
        column("move", _("Change"), lambda r, _a: r.move_words, css="text-nowrap"),
        column("grades", _("Grade"), _grade_change, (_("Before"), lambda r, _a: r.before),
               (_("Afterwards"), lambda r, _a: r.after), css="text-nowrap"),
        column("because", _("Because"), _because, (_("Row"), lambda r, _a: r.row or ""),
               (_("Figures"), lambda r, _a: r.figures)),
        column("level", _("Approved by"), lambda r, _a: r.level, css="text-nowrap"),
        column("due", _("Decide until"), lambda r, _a: cells.day(r.due_on), lambda r, _a: r.due_on, sort="due",
               css="text-nowrap"),
        column("region", _("Region"), lambda r, _a: r.region, css="text-nowrap"),
        column("manager", _("Account manager"), lambda r, _a: cells.person(r.manager), lambda r, _a: r.manager,
               shown=False),
        column("standing", _("Status"), lambda r, _a: r.standing, css="text-nowrap"),
        column("by", _("Decided by"), lambda r, _a: cells.person(r.decided_by), lambda r, _a: r.decided_by,
               shown=False),
    ),
    matching=_matching,
    visible=proposals.visible_to,
    fetch=lambda rows, _asked: proposals.fetched(rows),
    rows=lambda found, _asked: [proposals.row_of(row) for row in found],
    url=lambda r: f"{reverse('web:customer', args=[r.customer_id])}?tab=grade",
    id_of=lambda r: int(r.id),
    label_of=lambda r: str(r.customer),
    filters=_filters,
    sorts=frozenset(proposals.SORTS),
    others=frozenset({"customer"}),
    permission=Permission.READ_REVENUE,
    empty=(_("Nothing waits"), _("Changes that a run or new figures bring, and that need approval, stand here."),
           "gavel"),
)  # fmt: skip


def _holder(asked: Asked) -> holders.HolderFilter:
    given = asked.given
    return holders.HolderFilter(given.get("rules", ""), given.get("grade", ""), given.get("q", ""),
                                bool(given.get("hand")))  # fmt: skip


def _held(asked: Asked) -> Any:
    rows = holders.matching(asked.actor, _holder(asked))
    return listing.ordered(rows, asked.given.get("sort", ""), holders.SORTS, default="-since")


def _holder_filters(actor: Actor) -> list[dict[str, Any]]:
    owners = [(row.rule_set.code, label_of(row.rule_set)) for row in rules.rule_sets(actor)]
    return [
        {"name": "q", "label": _("Customer"), "kind": "search"},
        {"name": "rules", "label": _("Rules"), "kind": "choice", "options": owners},
        {"name": "hand", "label": _("Set by hand"), "kind": "toggle"},
    ]


def _yuan(fen: int | None) -> str:
    return "—" if fen is None else f"¥\u2009{fen / 100:,.2f}"


HOLDERS = ListPage(
    name="tier-held",
    title=_("Grades held"),
    object_kind="tier_held",
    columns=(
        column("customer", _("Customer"), lambda r, _a: format_html(
            '<a class="row-link" href="{}?tab=grade">{}</a>', reverse("web:customer", args=[r.customer_id]),
            r.customer), lambda r, _a: r.customer, (_("Code"), lambda r, _a: r.code), sort="customer", fixed=True),
        column("grade", _("Grade"), lambda r, _a: format_html("<strong>{}</strong>", r.grade), lambda r, _a: r.grade,
               css="text-nowrap"),
        column("rules", _("Rules"), lambda r, _a: cells.link("tier-rules", r.rules_code, r.rules),
               lambda r, _a: r.rules),
        column("since", _("Since"), lambda r, _a: cells.day(r.since), lambda r, _a: r.since, sort="since",
               css="text-nowrap"),
        column("because", _("Because"), _because, (_("Row"), lambda r, _a: r.row or ""),
               (_("Figures"), lambda r, _a: r.figures)),
        column("spend", _("Billed in a year, yuan"), lambda r, _a: _yuan(r.billed_fen),
               lambda r, _a: "" if r.billed_fen is None else r.billed_fen / 100, sort="spend", numeric=True),
        column("approved", _("Approved by"), lambda r, _a: cells.person(r.approved_by), lambda r, _a: r.approved_by),
        column("region", _("Region"), lambda r, _a: r.region, css="text-nowrap", shown=False),
        column("manager", _("Account manager"), lambda r, _a: cells.person(r.manager), lambda r, _a: r.manager,
               shown=False),
    ),
    matching=_held,
    visible=holders.visible_to,
    fetch=lambda rows, _asked: holders.fetched(rows),
    rows=lambda found, _asked: [holders.row_of(row) for row in found],
    url=lambda r: f"{reverse('web:customer', args=[r.customer_id])}?tab=grade",
    id_of=lambda r: int(r.id),
    label_of=lambda r: str(r.customer),
    filters=_holder_filters,
    sorts=frozenset(holders.SORTS),
    others=frozenset({"grade"}),
    permission=Permission.READ_REVENUE,
    empty=(_("Nobody holds this"), _("Who holds a grade, since when and because of which figures, stands here."),
           "stairs"),
)  # fmt: skip
