"""What the courier does with what is due: claim, try, try again, give up; a crash, two at once, a slow channel."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed, NotFound, Refused
from mainstay.platform.messages import queries
from mainstay.platform.messages.actions import Address, NewMessage, carrying, send, steering
from mainstay.platform.messages.actions.carrying import Done, Job
from mainstay.platform.messages.actions.steering import Receipt
from mainstay.platform.messages.drivers.parcel import Outcome, refused, sent
from mainstay.platform.messages.models import Delivery, DeliveryTry, Message, QuietHours, Sender
from tests.cast import NOW, World

NIGHT = datetime(2026, 9, 1, 16, 0, tzinfo=UTC)
MORNING = datetime(2026, 9, 1, 23, 0, tzinfo=UTC)


def sender(channel: str = "sms", **more: Any) -> Sender:
    return Sender.objects.create(channel=channel, kind="trial", name=f"{channel}-{Sender.objects.count()}", **more)


def write(n: int = 1, *, at: datetime = NOW, channel: str = "sms", **more: Any) -> list[Delivery]:
    given = {"kind": "notice", "to_name": "周颖", "subject": "电路中断", "body": "正文", **more}
    first = Message.objects.count()
    send(
        [
            NewMessage(dedupe_key=f"{channel}{first + i}", addresses=(Address(channel, f"1380000{i:04}"),), **given)
            for i in range(n)
        ],
        at=at,
    )
    return list(Delivery.objects.order_by("-pk")[:n])


def after(seconds: float, since: datetime = NOW) -> datetime:
    return since + timedelta(seconds=seconds)


def one() -> Delivery:
    return Delivery.objects.get()


def take(at: datetime = NOW) -> list[Job]:
    return carrying.claim({}, at=at)


def come_back(job: Job, outcome: Outcome, at: datetime) -> None:
    carrying.record([Done(job, outcome)], at=at)


@pytest.mark.django_db
def test_it_works() -> None:
    sender()
    write()
    [job] = take()
    assert (job.number, job.parcel.to, job.parcel.text) == (1, "13800000000", "电路中断\n正文")
    assert (one().state, one().tries) == ("sending", 1)
    come_back(job, sent("ref-1"), after(1))
    row = one()
    assert (row.state, row.reference, row.sent_at, row.due_at) == ("sent", "ref-1", after(1), None)
    assert DeliveryTry.objects.get().ok
    assert Sender.objects.get().last_ok_at == after(1)
    assert take(after(9_999)) == []


@pytest.mark.django_db
def test_a_failure_is_tried_again_with_the_same_key_and_given_up_in_the_end(world: World) -> None:
    sender(give_up_minutes=30)
    write(region_code="4201", object_kind="ticket", object_id=1)
    at, waits, keys = NOW, [], set()
    while one().state != "given_up":
        [job] = take(at)
        keys.add(job.parcel.key)
        come_back(job, refused("busy"), at)
        if (due_at := one().due_at) is not None:
            waits.append(int((due_at - at).total_seconds()))
            assert take(due_at - timedelta(seconds=1)) == []
            at = due_at
    assert waits == [10, 60, 300, 900]
    assert len(keys) == 1
    assert one().error == "busy"
    told = Message.objects.get(user=world.users["li.qiang"])
    assert "1 " in told.subject
    assert "busy" in told.body
    assert Delivery.objects.count() == 1, "what tells of a failure never leaves the house itself"


@pytest.mark.django_db
def test_what_is_refused_for_good_is_given_up_at_once() -> None:
    sender()
    write()
    come_back(take()[0], refused("no such number", final=True), NOW)
    assert one().state == "given_up"


@pytest.mark.django_db
def test_a_crash_between_claim_and_result_repeats_that_one_try() -> None:
    sender(timeout_s=10)
    write()
    [lost] = take()
    assert take(after(39)) == []
    [again] = take(after(41))
    assert (again.number, again.parcel.key) == (2, lost.parcel.key)
    assert one().perhaps
    come_back(lost, refused("late"), after(42))
    assert one().state == "sending", "a late failure of the first try is not the second's"
    come_back(again, sent(), after(43))
    assert one().state == "sent"
    assert [(t.number, t.ok) for t in queries.tries_of(one().pk)] == [(1, False), (2, True)]


@pytest.mark.django_db
def test_a_late_success_spares_the_repetition() -> None:
    sender(timeout_s=10)
    write()
    [slow] = take()
    Delivery.objects.update(state="failed", due_at=after(41))
    come_back(slow, sent(), after(40))
    assert one().state == "sent"
    assert take(after(99)) == []


@pytest.mark.django_db
def test_no_more_than_a_minute_allows_and_than_may_be_under_way() -> None:
    first = sender(per_minute=3, at_once=2)
    write(10)
    assert len(take()) == 2
    assert len(carrying.claim({first.pk: 2}, at=NOW)) == 0
    assert len(take(after(1))) == 1
    assert len(take(after(30))) == 0
    assert len(take(after(60.5))) == 2


@pytest.mark.django_db
def test_a_full_channel_holds_up_no_other() -> None:
    stuck = sender("sms", at_once=1)
    sender("email")
    write(5)
    write(2, channel="email")
    assert len(take()) == 3
    write(1, channel="email")
    assert [job.parcel.subject for job in carrying.claim({stuck.pk: 1}, at=NOW)] == ["电路中断"]


@pytest.mark.django_db
def test_the_first_active_sender_serves_and_another_takes_over() -> None:
    first, second = sender(), sender()
    write(2)
    [job, _] = take()
    assert job.sender_id == first.pk
    come_back(job, refused("down"), NOW)
    Sender.objects.filter(pk=first.pk).update(active=False)
    [again] = take(after(11))
    assert again.sender_id == second.pk


@pytest.mark.django_db
def test_what_comes_into_quiet_hours_while_it_waits_is_held() -> None:
    sender()
    QuietHours.objects.create(grade="A", from_minute=22 * 60, to_minute=7 * 60, channels=["sms"])
    write(at=NIGHT - timedelta(hours=2, seconds=5), grade="A")
    [job] = take(NIGHT - timedelta(hours=2, seconds=5))
    come_back(job, refused("busy"), NIGHT - timedelta(hours=2, seconds=5))
    assert (one().state, one().due_at) == ("held", MORNING)
    Delivery.objects.update(state="waiting", due_at=NIGHT)
    assert take(NIGHT) == []
    assert (one().state, one().due_at) == ("held", MORNING)
    assert len(take(MORNING)) == 1


@pytest.mark.django_db
def test_a_channel_that_lost_its_senders_is_given_up() -> None:
    sender()
    write()
    Sender.objects.update(active=False)
    assert take() == []
    assert carrying.give_up_stranded(at=after(3600)) == 0
    assert carrying.give_up_stranded(at=after(4 * 3600 + 1)) == 1
    assert one().state == "given_up"


def test_sent_again_or_dropped_by_hand(world: World, officer: Actor, outsider: Actor) -> None:
    sender()
    write(region_code="4201", customer_id=world.bank.pk)
    come_back(take()[0], refused("no", final=True), NOW)
    assert queries.given_up(officer) == 1
    with pytest.raises(NotAllowed):
        steering.retry([one().pk], at=NOW, by=outsider)
    with pytest.raises(NotFound):
        steering.retry([one().pk], at=NOW, by=world.actor("huang.wei"))
    assert steering.retry([one().pk], at=after(5), by=officer) == 1
    [job] = take(after(5))
    with pytest.raises(Refused):
        steering.drop([one().pk], at=after(5), by=officer)
    come_back(job, refused("no", final=True), after(6))
    assert steering.drop([one().pk], at=after(7), by=officer) == 1
    assert (one().state, one().drop_reason, queries.given_up(officer)) == ("dropped", "by_hand", 0)


def test_a_receipt_says_it_arrived_or_did_not(world: World, admin: Actor) -> None:
    from mainstay.platform.messages.actions.senders import issue_receipt_token

    gateway = sender()
    token = issue_receipt_token(gateway.pk, at=NOW, by=admin)
    assert token not in str(Sender.objects.values().get())
    write(3, region_code="4201")
    jobs = take()
    for n, job in enumerate(jobs):
        come_back(job, sent(f"ref-{n}"), NOW)
    receipts = [Receipt("ref-0", True), Receipt("ref-1", False, "absent"), Receipt(jobs[2].parcel.key, True),
                Receipt("unknown", True)]  # fmt: skip
    with pytest.raises(NotAllowed):
        steering.take_receipts(gateway.pk, "rcpt_wrong", receipts, at=after(9))
    assert [steering.take_receipts(gateway.pk, token, receipts, at=after(9)) for _ in range(2)] == [3, 3]
    assert [row.state for row in Delivery.objects.order_by("pk")] == ["delivered", "given_up", "delivered"]
    assert Delivery.objects.get(reference="ref-1").error == "absent"


def test_a_receipt_before_the_result_stands(world: World, admin: Actor) -> None:
    from mainstay.platform.messages.actions.senders import issue_receipt_token

    gateway = sender()
    token = issue_receipt_token(gateway.pk, at=NOW, by=admin)
    write()
    [job] = take()
    steering.take_receipts(gateway.pk, token, [Receipt(job.parcel.key, True)], at=after(1))
    come_back(job, sent("ref"), after(2))
    assert one().state == "delivered"


def tell(kind: str, key: str, at: datetime = NOW, **more: Any) -> None:
    message = NewMessage(
        kind=kind, to_name="周颖", subject="电路", body="正文", dedupe_key=key, contact_id=7, object_kind="ticket",
        object_id=1, addresses=(Address("sms", "13800000001"),), **more,
    )  # fmt: skip
    send([message], at=at)


@pytest.mark.django_db
@pytest.mark.parametrize("crash", [False, True])
def test_what_was_under_way_when_the_all_clear_came_is_not_tried_again(crash: bool) -> None:
    sender()
    tell("notice", "open")
    [job] = take()
    tell("all_clear", "over", after(1))
    if not crash:
        come_back(job, refused("HTTP 503"), after(2))
    taken = take(after(60))
    assert [each.parcel.kind for each in taken] == ["all_clear"]
    come_back(taken[0], sent(), after(61))
    assert Delivery.objects.get(message__kind="notice").drop_reason == "all_clear"
    tell("notice", "again", after(90))
    [again] = take(after(90))
    come_back(again, refused("HTTP 503"), after(91))
    assert [each.parcel.kind for each in take(after(200))] == ["notice"]


def test_what_is_over_is_not_sent_again_by_hand(world: World, officer: Actor) -> None:
    sender()
    tell("notice", "open", NOW, region_code="4201")
    tell("all_clear", "over", after(1), region_code="4201")
    assert {row.state for row in Delivery.objects.all()} == {"dropped"}
    for row in Delivery.objects.all():
        with pytest.raises(Refused):
            steering.retry([row.pk], at=after(2), by=officer)
    assert take(after(9)) == []


@pytest.mark.django_db
def test_what_no_database_keeps_is_no_reason_to_send_twice(world: World, admin: Actor) -> None:
    from mainstay.platform.messages.actions.senders import issue_receipt_token

    gateway = sender()
    token = issue_receipt_token(gateway.pk, at=NOW, by=admin)
    write(3)
    first, second, third = take()
    outcomes = (refused("HTTP 400 \x00\ud800 no", final=True), sent("ref\x00-1"), sent("ref-2"))
    carrying.record([Done(job, said) for job, said in zip((first, second, third), outcomes, strict=True)], at=after(1))
    odd = [Receipt("nobody\x00", True), Receipt("ref-2", False, "\x00 absent")]
    assert steering.take_receipts(gateway.pk, token, odd, at=after(2)) == 1
    rows = list(Delivery.objects.order_by("pk").values_list("state", "reference", "error"))
    assert rows == [("given_up", "", "HTTP 400 no"), ("sent", "ref -1", ""), ("given_up", "ref-2", "absent")]


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["held", "waiting", "given_up"])
def test_a_receipt_of_a_try_whose_answer_was_lost_spares_the_repetition(state: str, world: World, admin: Actor) -> None:
    from mainstay.platform.messages.actions.senders import issue_receipt_token

    gateway = sender()
    token = issue_receipt_token(gateway.pk, at=NOW, by=admin)
    write()
    [job] = take()
    come_back(job, refused("no answer in time", perhaps=True), after(1))
    Delivery.objects.update(state=state)
    steering.take_receipts(gateway.pk, token, [Receipt(job.parcel.key, False, "absent")], at=after(2))
    assert one().state == state
    steering.take_receipts(gateway.pk, token, [Receipt(job.parcel.key, True)], at=after(3))
    assert (one().state, one().due_at) == ("delivered", None)


@pytest.mark.django_db(transaction=True)
def test_two_couriers_at_once_take_nothing_twice_and_keep_the_rate() -> None:
    sender(at_once=7, per_minute=60)
    write(80)

    def run(_: int) -> list[int]:
        try:
            taken = []
            for _n in range(8):
                taken += [job.delivery_id for job in carrying.claim({}, at=NOW)]
            return taken
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        taken = [pk for part in pool.map(run, range(3)) for pk in part]
    assert len(taken) == len(set(taken)) == 60
    assert DeliveryTry.objects.count() == 60
