"""The courier as it runs: real peers, a sender that hangs, a courier that dies amid a try."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from mainstay.faces.cli.courier import Courier
from mainstay.platform.messages.actions import Address, NewMessage, send
from mainstay.platform.messages.models import Delivery, Sender
from tests.platform.messages.peers import Peer, Post, http_peer, mail_peer

ROBOT = "693a91f6-7abc-4bc4-97a0-0ec2sifa5aaa"


@pytest.fixture
def peer() -> Iterator[Peer]:
    """Run an HTTP server."""
    with http_peer() as running:
        yield running


@pytest.fixture
def post() -> Iterator[Post]:
    """Run a mail server."""
    with mail_peer() as running:
        yield running


def write(n: int, *addresses: Address) -> None:
    now = datetime.now(UTC)
    send([NewMessage("notice", "周颖", "中断", "正文", f"k{i}", addresses=addresses) for i in range(n)], at=now)


def states(channel: str) -> list[str]:
    return sorted(Delivery.objects.filter(channel=channel).values_list("state", flat=True))


def until_quiet(courier: Courier, *, leave: int = 0) -> None:
    """Turn until nothing more begins and only `leave` tries are in the air."""
    while courier.turn(datetime.now(UTC)) or courier.under_way > leave:
        courier.landed.wait(1)


@pytest.mark.django_db
def test_it_works(peer: Peer, post: Post) -> None:
    Sender.objects.create(channel="email", kind="smtp", name="m", address=post.address, options={"from": "a@b.example"})
    Sender.objects.create(channel="wecom", kind="wecom", name="w", address=peer.url)
    write(20, Address("email", "zhou.ying@example.com"), Address("wecom", ROBOT))
    courier = Courier()
    until_quiet(courier)
    assert states("email") == states("wecom") == ["sent"] * 20
    assert (len(post.mails), len(peer.heard), courier.sent, courier.failed) == (20, 20, 40, 0)
    ids = {mail.original_content.split(b"Message-ID: ")[1].split()[0] for mail in post.mails if mail.original_content}
    assert len(ids) == 20
    courier.land()


@pytest.mark.django_db
def test_a_sender_that_hangs_holds_up_no_other(peer: Peer, post: Post) -> None:
    peer.hang = threading.Event()
    Sender.objects.create(channel="email", kind="smtp", name="m", address=post.address, options={"from": "a@b.example"})
    Sender.objects.create(channel="wecom", kind="wecom", name="w", address=peer.url, at_once=2, timeout_s=30)
    write(10, Address("wecom", ROBOT), Address("email", "zhou.ying@example.com"))
    courier = Courier()
    until_quiet(courier, leave=2)
    assert states("email") == ["sent"] * 10
    assert states("wecom") == ["sending"] * 2 + ["waiting"] * 8
    peer.hang.set()
    until_quiet(courier)
    assert states("wecom") == ["sent"] * 10
    courier.land()


@pytest.mark.django_db
def test_what_the_robot_refused_is_sent_once_it_takes_it(peer: Peer) -> None:
    Sender.objects.create(channel="wecom", kind="wecom", name="w", address=peer.url)
    peer.answer = lambda heard: (200, '{"errcode": 45009, "errmsg": "api freq out of limit"}')
    write(1, Address("wecom", ROBOT))
    courier = Courier()
    until_quiet(courier)
    assert states("wecom") == ["failed"]
    peer.answer = lambda heard: (200, '{"errcode": 0}')
    Delivery.objects.update(due_at=datetime.now(UTC))
    until_quiet(courier)
    assert states("wecom") == ["sent"]
    courier.land()


@pytest.mark.django_db
def test_a_courier_that_died_amid_a_try_is_followed_by_another_and_the_peer_sees_the_same_key(peer: Peer) -> None:
    Sender.objects.create(
        channel="webhook", kind="webhook", name="w", options={"inside_hosts": "127.0.0.1"}, timeout_s=5
    )
    write(3, Address("webhook", peer.url))
    dead, heir = Courier(), Courier()
    dead.turn(datetime.now(UTC))
    while len(peer.heard) < 3:
        dead.landed.wait(0.1)
    Delivery.objects.update(lease_until=datetime.now(UTC) - timedelta(seconds=1))
    until_quiet(heir)
    assert states("webhook") == ["sent"] * 3
    keys = [heard.headers["idempotency-key"] for heard in peer.heard]
    assert (len(keys), len(set(keys))) == (6, 3)
    for courier in (dead, heir):
        for pool in courier.pools.values():
            pool.shutdown()
