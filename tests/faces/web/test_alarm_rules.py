"""Administrators set how sources are read and what alarms do; everybody at the desk may try the rules."""

import pytest

from mainstay.domain.actor import Actor
from mainstay.network.alarms.actions.sources import Rule, add_rule, change_rule
from mainstay.network.alarms.errors import BadRule
from mainstay.network.alarms.models import EffectRule
from mainstay.network.alarms.queries.effects import verdict
from tests.cast import NOW, World
from tests.faces.web.conftest import SignIn

SOURCE = {"name": "新网管", "silence_after_s": "600", "quiet_s": "0", "skew_tolerance_s": "900", "flap_count": "4",
          "flap_window_s": "120", "flap_hold_s": "120"}  # fmt: skip


def test_it_works(signed_in: SignIn, world: World) -> None:
    client = signed_in("admin")
    given = {"alarm_type": "FAN_FAIL", "resource_kind": "device", "effect": "0", "note": "厂家手册"}
    assert client.post("/settings/effects/new", given).status_code == 302
    rule = EffectRule.objects.get(alarm_type="FAN_FAIL")
    shown = client.get("/settings/effects?type=FAN_FAIL&severity=critical&kind=device").content.decode()
    assert "severity Critical on: Device – no effect." in shown
    assert f"By rule {rule.pk}." in shown
    assert client.post(f"/settings/effects/{rule.pk}", {**given, "effect": "2"}).status_code == 302
    assert client.post(f"/settings/effects/{rule.pk}/remove").status_code == 302
    assert not EffectRule.objects.filter(alarm_type="FAN_FAIL").exists()


def test_the_most_specific_rule_decides(world: World, admin: Actor) -> None:
    EffectRule.objects.all().delete()
    assert verdict(source=None, alarm_type="LOS", kind="port", severity="critical").rule is None
    rules = [
        add_rule(world.source.pk if own else None, rule, at=NOW, by=admin)
        for own, rule in (
            (False, Rule(2, severity="critical")), (False, Rule(1, resource_kind="port")), (True, Rule(2)),
            (False, Rule(0, alarm_type="LOS")), (True, Rule(1, alarm_type="LOS")),
        )
    ]  # fmt: skip
    asked = (
        (None, "AIS", "device", "critical", 0), (None, "AIS", "port", "critical", 1),
        (world.source.pk, "AIS", "port", "critical", 2), (None, "LOS", "port", "critical", 3),
        (world.source.pk, "LOS", "port", "critical", 4),
    )  # fmt: skip
    for source, alarm_type, kind, severity, number in asked:
        found = verdict(source=source, alarm_type=alarm_type, kind=kind, severity=severity)
        assert (found.rule, found.effect) == (rules[number], rules[number].effect)


def test_a_second_rule_for_the_very_same_alarms_is_refused(world: World, admin: Actor) -> None:
    first = add_rule(None, Rule(2, alarm_type="LOS"), at=NOW, by=admin)
    with pytest.raises(BadRule, match=f"Rule {first.pk}"):
        add_rule(None, Rule(0, alarm_type="LOS"), at=NOW, by=admin)
    other = add_rule(None, Rule(0, alarm_type="LOF"), at=NOW, by=admin)
    with pytest.raises(BadRule, match=f"Rule {first.pk}"):
        change_rule(other.pk, None, Rule(0, alarm_type="LOS"), at=NOW, by=admin)


def test_a_source_is_connected_and_changed(signed_in: SignIn, world: World) -> None:
    client = signed_in("admin")
    assert client.post("/settings/sources/new", {**SOURCE, "code": "otn"}).status_code == 302
    twice = client.post("/settings/sources/new", {**SOURCE, "code": "otn"}).content.decode()
    assert "exists already" in twice
    assert client.post(f"/settings/sources/{world.source.pk}", SOURCE).status_code == 302
    world.source.refresh_from_db()
    assert (world.source.name, world.source.silence_after_s) == ("新网管", 600)


def test_the_desk_tries_the_rules_but_sets_none(signed_in: SignIn, world: World) -> None:
    client = signed_in("li.qiang")
    assert client.get("/settings/effects?type=LOS&severity=critical&kind=port").status_code == 200
    part = client.get("/settings/effects?type=LOS&severity=critical&kind=port", headers={"HX-Request": "true"})
    assert 'id="verdict"' in part.content.decode()
    assert "/settings/effects/new" not in client.get("/settings/effects").content.decode()
    assert client.post("/settings/effects/new", {"effect": "2"}).status_code == 403
