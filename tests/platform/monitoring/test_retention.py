"""What machines sent is forgotten when its time is over, a part at a time; what customers were told never is (P4)."""

from datetime import timedelta

import pytest

from mainstay.network.alarms.actions import forgetting
from mainstay.network.alarms.choices import Outcome
from mainstay.network.alarms.models import AlarmReport, AlarmSource, IntakeBatch
from mainstay.platform.messages import actions as messages
from mainstay.platform.messages.actions import NewMessage
from mainstay.platform.messages.models import Message
from mainstay.platform.monitoring import retention
from mainstay.platform.monitoring.retention import Keeping
from tests.cast import NOW, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(world: World) -> AlarmSource:
    return AlarmSource.objects.create(code="forgetful", name="网管")


def report(source: AlarmSource, days: int, outcome: str) -> int:
    at = NOW - timedelta(days=days)
    row = AlarmReport.objects.create(
        source=source, kind="raise", resource_ref="x", alarm_type="los", severity="major", event_at=at,
        received_at=at, outcome=outcome,
    )  # fmt: skip
    return row.pk


def test_judged_reports_are_forgotten_the_oldest_first_and_waiting_ones_never(source: AlarmSource) -> None:
    waiting, placed = report(source, 9, Outcome.WAITING), report(source, 9, Outcome.QUARANTINED)
    old = [report(source, 8, Outcome.STORED), report(source, 7, Outcome.DUPLICATE), report(source, 6, Outcome.CLEARED)]
    young = report(source, 1, Outcome.STORED)
    before = NOW - timedelta(days=5)
    assert forgetting.forget_reports(before, 2) == 2
    assert set(AlarmReport.objects.values_list("pk", flat=True)) == {waiting, placed, old[2], young}
    assert forgetting.forget_reports(before, 2) == 1
    assert forgetting.forget_reports(before, 2) == 0
    assert forgetting.oldest_report() == NOW - timedelta(days=9)


def test_answers_to_batches_are_forgotten(source: AlarmSource) -> None:
    for days in (40, 20):
        IntakeBatch.objects.create(source=source, key=f"{days}", received_at=NOW - timedelta(days=days), answer={})
    assert forgetting.forget_answers(NOW - timedelta(days=30), 500) == 1
    assert forgetting.oldest_answer() == NOW - timedelta(days=20)


def test_what_customers_were_told_is_kept(world: World) -> None:
    staff = NewMessage("warning", "李强", "旧", "旧", "a", user_id=world.users["li.qiang"].pk)
    customer = NewMessage("notice", "周莹", "旧", "旧", "b", contact_id=7)
    messages.send([staff, customer], at=NOW - timedelta(days=500))
    assert messages.forget_to_staff(NOW, 500) == 1
    assert [message.dedupe_key for message in Message.objects.all()] == ["b"]


def test_a_part_at_a_time_and_nothing_that_is_kept_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, object, int]] = []

    def keeping(name: str, days: int) -> Keeping:
        def forget(before: object, limit: int) -> int:
            asked.append((name, before, limit))
            return 3

        return Keeping(name, name, "X", days, forget, lambda: None)

    monkeypatch.setattr(retention, "_keepings", {})
    retention.register(keeping("some", 10), keeping("for good", 0))
    assert retention.forget_some(at=NOW) == 3
    assert asked == [("some", NOW - timedelta(days=10), retention.AT_ONCE)]
