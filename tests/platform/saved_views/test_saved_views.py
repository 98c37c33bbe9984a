"""A saved view is a way to look: kept, shared with whom one chooses, and never a way to see more (A6)."""

import pytest

from mainstay.domain.errors import NotAllowed
from mainstay.platform.journal.models import Entry
from mainstay.platform.saved_views import actions, queries
from mainstay.platform.saved_views.errors import BadView, NoSuchView, NotYourView
from mainstay.platform.saved_views.models import SavedView
from tests.cast import NOW, World


def save(world: World, username: str, name: str = "断的", audience: str = "me") -> SavedView:
    by = world.actor(username)
    view = actions.save_view("circuits", name, "state=down&cols=state,grade", at=NOW, by=by)
    return actions.change_view(view.pk, name=name, audience=audience, at=NOW, by=by) if audience != "me" else view


def names(world: World, username: str) -> list[str]:
    return [view.name for view in queries.views_for(world.actor(username))]


def test_it_works(world: World) -> None:
    view = save(world, "wang.min")
    again = actions.save_view("circuits", "断的", "state=degraded", at=NOW, by=world.actor("wang.min"))
    assert again.pk == view.pk
    assert names(world, "wang.min") == ["断的"]
    assert names(world, "liu.fang") == []
    assert Entry.objects.filter(action="view.save").count() == 2


@pytest.mark.parametrize(
    ("audience", "seen_by", "hidden_from"),
    [
        ("duty", {"zhao.lei"}, {"li.qiang", "wang.min", "huang.wei"}),
        ("region", {"zhao.lei", "li.qiang", "admin"}, {"huang.wei", "wang.min"}),
        ("everyone", {"zhao.lei", "li.qiang", "huang.wei", "wang.min"}, {"zhou.ying"}),
    ],
)
def test_a_view_is_shared_with_whom_its_owner_says(
    world: World, audience: str, seen_by: set[str], hidden_from: set[str]
) -> None:
    save(world, "zhao.lei", audience=audience)
    assert {name for name in seen_by | hidden_from if names(world, name)} == seen_by


def test_sharing_needs_a_permission(world: World) -> None:
    with pytest.raises(NotAllowed):
        save(world, "wang.min", audience="everyone")
    assert names(world, "liu.fang") == []


def test_only_its_owner_changes_a_view(world: World) -> None:
    view = save(world, "zhao.lei", audience="everyone")
    by = world.actor("li.qiang")
    with pytest.raises(NotYourView):
        actions.delete_view(view.pk, at=NOW, by=by)
    with pytest.raises(NotYourView):
        actions.change_view(view.pk, name="我的", audience="me", at=NOW, by=by)
    private = save(world, "zhao.lei", name="私下")
    with pytest.raises(NoSuchView):
        actions.pin_view(private.pk, True, by=by)


def test_each_pins_and_opens_for_themself(world: World) -> None:
    view = save(world, "zhao.lei", audience="everyone")
    other = save(world, "li.qiang", name="别的")
    by = world.actor("li.qiang")
    actions.pin_view(view.pk, True, by=by)
    actions.open_with(view.pk, True, by=by)
    actions.open_with(other.pk, True, by=by)
    mine = {row.name: (row.pinned, row.default) for row in queries.views_for(by)}
    assert mine == {"断的": (True, False), "别的": (False, True)}
    assert not any(row.pinned for row in queries.views_for(world.actor("zhao.lei")))


def test_names_are_needed_and_unique(world: World) -> None:
    save(world, "wang.min")
    other = save(world, "wang.min", name="另一")
    with pytest.raises(BadView):
        actions.change_view(other.pk, name="断的", audience="me", at=NOW, by=world.actor("wang.min"))
    with pytest.raises(BadView):
        save(world, "wang.min", name="  ")
