"""Keep, rename, share, pin and delete views (A6)."""

from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.saved_views.choices import Audience
from mainstay.platform.saved_views.errors import BadView, NotYourView
from mainstay.platform.saved_views.models import SavedView, ViewUse
from mainstay.platform.saved_views.queries import usable_view

LONGEST = 2_000
"""Characters of a query that is kept."""


@transaction.atomic
def save_view(page: str, name: str, query: str, *, at: datetime, by: Actor) -> SavedView:
    """Keep how a list is looked at, under a name; the actor's own view of that name is written over."""
    user_id = _user(by)
    name = _name(name)
    if len(query) > LONGEST:
        raise BadView(msgid("The filters are too long to be kept; take some away."))
    view = SavedView.objects.filter(owner=by.user_id, page=page, name=name).first()
    before: dict[str, object] | None = {"query": view.query} if view else None
    if view is None:
        view = SavedView(page=page, name=name, owner_id=user_id, made_at=at)
    view.query, view.changed_at = query, at
    view.save()
    _tell(view, "view.save", before, {"page": page, "query": query}, at=at, by=by)
    return view


@transaction.atomic
def change_view(view_id: int, *, name: str, audience: str, at: datetime, by: Actor) -> SavedView:
    """Rename a view of one's own and say who else may use it; sharing needs the permission to share."""
    view = _own(view_id, by)
    if audience not in Audience.values:
        raise BadView(msgid("“{audience}” is nobody to share with; choose from the list."), audience=audience)
    if audience not in (Audience.ME, view.audience):
        require(by, Permission.SHARE_VIEWS)
    name = _name(name)
    if SavedView.objects.filter(owner=by.user_id, page=view.page, name=name).exclude(pk=view.pk).exists():
        raise BadView(msgid("You have a view “{name}” on this page already; choose another name."), name=name)
    before: dict[str, object] = {"name": view.name, "audience": view.audience}
    view.name, view.audience, view.changed_at = name, audience, at
    view.duties, view.regions = sorted(by.duties), sorted(by.regions)
    view.save()
    _tell(view, "view.change", before, {"name": name, "audience": audience}, at=at, by=by)
    return view


@transaction.atomic
def delete_view(view_id: int, *, at: datetime, by: Actor) -> SavedView:
    """Delete a view of one's own; whoever pinned it loses it."""
    view = _own(view_id, by)
    _tell(view, "view.delete", {"page": view.page, "query": view.query}, {}, at=at, by=by)
    view.delete()
    return view


@transaction.atomic
def pin_view(view_id: int, pinned: bool, *, by: Actor) -> None:
    """Put a view into one's sidebar, or take it out; a matter of taste, so the journal is not told."""
    view = usable_view(by, view_id)
    ViewUse.objects.update_or_create(user_id=_user(by), view=view, defaults={"page": view.page, "pinned": pinned})


@transaction.atomic
def open_with(view_id: int, wanted: bool, *, by: Actor) -> None:
    """Let a page open with a view for oneself, instead of any other; a matter of taste."""
    view = usable_view(by, view_id)
    ViewUse.objects.filter(user_id=_user(by), page=view.page, default=True).update(default=False)
    ViewUse.objects.update_or_create(user_id=_user(by), view=view, defaults={"page": view.page, "default": wanted})


def _own(view_id: int, by: Actor) -> SavedView:
    view = usable_view(by, view_id)
    if view.owner_id != by.user_id:
        raise NotYourView(
            msgid("View “{name}” belongs to {owner}; save it under a name of your own to change it."),
            name=view.name, owner=view.owner.display_name,
        )  # fmt: skip
    return view


def _user(by: Actor) -> int:
    require(by, Permission.READ_CONSOLE)
    if by.user_id is None:
        raise BadView(msgid("Only a person keeps views; sign in."))
    return by.user_id


def _name(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= 60:
        raise BadView(msgid("A view needs a name of at most 60 characters."))
    return name


def _tell(
    view: SavedView, action: str, before: dict[str, object] | None, after: dict[str, object], *, at: datetime, by: Actor
) -> None:
    journal.record(action, [Change("view", view.pk, view.name, before, after)], at=at, by=by)
