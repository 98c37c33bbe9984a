"""Read saved views: one's own and those shared with one."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, FilteredRelation, Q

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.saved_views.choices import Audience
from mainstay.platform.saved_views.errors import NoSuchView
from mainstay.platform.saved_views.models import SavedView


@dataclass(frozen=True)
class ViewRow:
    """A view as one person meets it."""

    id: int
    page: str
    name: str
    query: str
    audience: str
    owner_name: str
    mine: bool
    pinned: bool
    default: bool


def views_for(actor: Actor) -> list[ViewRow]:
    """Return the views of all pages that the actor may use, own ones first, by name (1 query)."""
    if actor.user_id is None:
        return []
    rows = SavedView.objects.exclude(audience=Audience.ME) | SavedView.objects.filter(owner=actor.user_id)
    own = FilteredRelation("uses", condition=Q(uses__user=actor.user_id))
    rows = rows.annotate(own=own, is_pinned=F("own__pinned"), is_default=F("own__default"))
    found = rows.select_related("owner").order_by("name", "pk")
    return sorted((_told(view, actor) for view in found if may_use(actor, view)), key=lambda row: not row.mine)


def usable_view(actor: Actor, view_id: int) -> SavedView:
    """Return one view. Raises NoSuchView, also when it is not shared with the actor."""
    found = SavedView.objects.filter(pk=view_id).select_related("owner").first()
    if found is None or not may_use(actor, found):
        raise NoSuchView(msgid("There is no saved view {id} for you; its owner may have deleted it."), id=view_id)
    return found


def may_use(actor: Actor, view: SavedView) -> bool:
    """Say whether a view is the actor's own, or shared with them by duty, by region or with everybody."""
    if not actor.is_staff or actor.user_id is None:
        return False
    if view.owner_id == actor.user_id or view.audience == Audience.EVERYONE:
        return True
    if view.audience == Audience.DUTY:
        return not actor.duties.isdisjoint(view.duties)
    within = [(mine, theirs) for mine in actor.regions for theirs in view.regions]
    return view.audience == Audience.REGION and any(m.startswith(t) or t.startswith(m) for m, t in within)


def _told(view: Any, actor: Actor) -> ViewRow:
    return ViewRow(
        view.pk, view.page, view.name, view.query, view.audience, view.owner.display_name,
        view.owner_id == actor.user_id, bool(view.is_pinned), bool(view.is_default),
    )  # fmt: skip
