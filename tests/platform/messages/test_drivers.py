"""Each kind of sender against a real peer: taken, refused within a 200, broken, slow, away."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from httpcore import ConnectError
from httpcore._backends.auto import AutoBackend

from mainstay.platform.messages.drivers.carrying import carry
from mainstay.platform.messages.drivers.http import Answer, Request, ask
from mainstay.platform.messages.drivers.parcel import Outcome, Parcel, Way
from tests.platform.messages.peers import Peer, Post, http_peer, mail_peer

AT = datetime(2026, 9, 1, tzinfo=UTC)
ROBOT = "693a91f6-7abc-4bc4-97a0-0ec2sifa5aaa"
TOKEN = "566cc69da782ec33e42541b09b08551f09fbe864eb8008112e994b43887"


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


def parcel(to: str, **more: Any) -> Parcel:
    given = {"subject": "电路中断", "body": "2 条电路\n“中断”", "text": "电路中断: 2 条", **more}
    return Parcel(to=to, to_name="周颖", key="k" * 32, number=1, kind="notice", at=AT, **given)


def hand(kind: str, address: str, to: str, **options: Any) -> Outcome:
    timeout_s, secret = options.pop("timeout_s", 5), options.pop("secret", "")
    return carry(Way(kind, address, timeout_s, secret, options), parcel(to))


def test_a_mail_is_taken_under_a_message_id_of_its_own(post: Post) -> None:
    done = hand(
        "smtp", post.address, "zhou.ying@example.com", **{"from": "noc@operator.example", "from_name": "值班台"}
    )
    assert (done.ok, done.reference) == (True, f"<{'k' * 32}@operator.example>")
    mail = message_from_bytes(post.mails[0].original_content or b"", policy=policy.default)
    assert (mail["Message-ID"], mail["Subject"]) == (done.reference, "电路中断")
    assert mail.get_content().split() == ["2", "条电路", "“中断”"]


@pytest.mark.parametrize(("to", "final"), [("nobody@example.com", True), ("busy@example.com", False), ("a b", True)])
def test_a_mail_refused_for_good_or_for_now(post: Post, to: str, final: bool) -> None:
    done = hand("smtp", post.address, to, **{"from": "noc@operator.example"})
    assert (done.ok, done.final, done.perhaps) == (False, final, False)


def test_a_name_with_a_line_break_adds_no_header(post: Post) -> None:
    way = Way("smtp", post.address, 5, "", {"from": "noc@operator.example", "from_name": "值班\r\nBcc: x@example.com"})
    done = carry(way, replace(parcel("zhou.ying@example.com"), to_name="周\nBcc: y@example.com"))
    assert done.ok
    mail = message_from_bytes(post.mails[0].original_content or b"", policy=policy.default)
    assert mail["Bcc"] is None
    assert mail["To"].addresses[0].display_name == "周 Bcc: y@example.com"


def test_a_mail_that_was_taken_counts_although_the_good_bye_failed(post: Post) -> None:
    post.bye = "421 too busy to say good-bye"
    assert hand("smtp", post.address, "zhou.ying@example.com", **{"from": "noc@operator.example"}).ok


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        for kind, scheme, to in (("smtp", "smtp", "a@example.com"), ("wecom", "http", ROBOT)):
            done = hand(kind, f"{scheme}://127.0.0.1:{port}", to, **{"from": "noc@operator.example"})
            assert (done.ok, done.final, done.perhaps) == (False, False, False)


def test_a_wecom_robot_says_the_short_text(peer: Peer) -> None:
    assert hand("wecom", peer.url, f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={ROBOT}").ok
    assert peer.heard[0].path == f"/cgi-bin/webhook/send?key={ROBOT}"
    assert peer.heard[0].said == {"msgtype": "text", "text": {"content": "电路中断: 2 条"}}


def test_a_dingtalk_robot_with_a_secret_is_signed(peer: Peer) -> None:
    assert hand("dingtalk", peer.url, f"SECabcdef123456@{TOKEN}").ok
    asked = parse_qs(urlsplit(peer.heard[0].path).query)
    assert asked["access_token"] == [TOKEN]
    assert asked["timestamp"] == [str(int(AT.timestamp() * 1000))]
    assert len(asked["sign"][0]) == 44


@pytest.mark.parametrize(("kind", "to"), [("wecom", ROBOT), ("dingtalk", TOKEN)])
@pytest.mark.parametrize(
    ("status", "body", "final", "perhaps"),
    [
        (200, '{"errcode": 93000, "errmsg": "invalid webhook url"}', True, False),
        (200, '{"errcode": 310000, "errmsg": "keywords not in content"}', True, False),
        (200, '{"errcode": 45009, "errmsg": "api freq out of limit"}', False, False),
        (200, "<html>a proxy's page</html>", False, True),
        (200, "[]", False, True),
        (302, "", True, False),
        (404, "gone", True, False),
        (429, "slow down", False, False),
        (500, "oops", False, True),
        (503, "busy", False, False),
    ],
)
def test_what_a_robot_refuses_does_not_count_as_sent(
    peer: Peer, kind: str, to: str, status: int, body: str, final: bool, perhaps: bool
) -> None:
    peer.answer = lambda heard: (status, body)
    done = hand(kind, peer.url, to)
    assert (done.ok, done.final, done.perhaps) == (False, final, perhaps)
    assert done.error


def test_a_slow_peer_is_left_in_time_and_may_have_taken_it(peer: Peer) -> None:
    peer.hang = threading.Event()
    began = time.monotonic()
    done = hand("wecom", peer.url, ROBOT, timeout_s=0.4)
    assert time.monotonic() - began < 3
    assert (done.ok, done.final, done.perhaps) == (False, False, True)


def test_a_peer_that_trickles_is_left_in_time_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stop = threading.Event()

        def trickle() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not stop.wait(0.05):
                    try:
                        connection.sendall(b"X: y\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=trickle)
        thread.start()
        began = time.monotonic()
        done = hand("dingtalk", f"http://127.0.0.1:{listening.getsockname()[1]}", TOKEN, timeout_s=0.5)
        stop.set()
        thread.join()
    assert time.monotonic() - began < 3
    assert done.perhaps


def test_a_gateway_is_spoken_to_by_template_and_its_answer_read(peer: Peer) -> None:
    peer.answer = lambda heard: (200, '{"code": "0", "data": [{"sid": 4711}]}')
    done = hand(
        "http", peer.url + "/sms/{to}?n={number}", "+86 138-0000-0001", secret="s3cret-key", channel="sms",
        body='{"phone": "{to}", "content": "{body}", "auth": {"key": "{secret}"}}', headers={"X-Key": "{secret}"},
        ok_path="code", ok_values="0", reference_path="data.0.sid",
    )  # fmt: skip
    assert (done.ok, done.reference) == (True, "4711")
    heard = peer.heard[0]
    assert heard.path == "/sms/%2B8613800000001?n=1"
    assert heard.said == {"phone": "+8613800000001", "content": "2 条电路\n“中断”", "auth": {"key": "s3cret-key"}}
    assert heard.headers["idempotency-key"] == "k" * 32


def test_a_gateway_may_want_a_form_or_a_get(peer: Peer) -> None:
    form = "application/x-www-form-urlencoded"
    assert hand("http", peer.url, "13800000001", channel="sms", content_type=form, body="m={to}&c={text}").ok
    assert parse_qs(peer.heard[0].body) == {"m": ["13800000001"], "c": ["电路中断: 2 条"]}
    assert hand("http", peer.url + "/?c={text}", "13800000001", channel="sms", method="GET").ok
    assert parse_qs(urlsplit(peer.heard[1].path).query) == {"c": ["电路中断: 2 条"]}


def test_a_gateways_refusal_within_a_200_is_one_and_shows_no_secret(peer: Peer) -> None:
    peer.answer = lambda heard: (200, json.dumps({"code": 12, "why": "bad key s3cret-key"}))
    done = hand(
        "http", peer.url, "13800000001", secret="s3cret-key", channel="sms", ok_path="code", ok_values="0",
        error_path="why",
    )  # fmt: skip
    assert not done.ok
    assert "12" in done.error
    assert "s3cret" not in done.error


def test_a_webhook_takes_json_with_its_key(peer: Peer) -> None:
    assert hand("webhook", "", peer.url + "/in", secret="bearer-1", inside_hosts="127.0.0.1").ok
    heard = peer.heard[0]
    assert heard.headers["authorization"] == "Bearer bearer-1"
    assert (heard.said["id"], heard.said["subject"], heard.said["try"]) == ("k" * 32, "电路中断", 1)


def test_a_webhook_is_no_way_into_our_own_network(peer: Peer) -> None:
    done = hand("webhook", "", peer.url + "/in")
    assert (done.ok, done.final, peer.heard) == (False, True, [])


def test_a_webhooks_name_is_looked_up_once(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["93.184.216.34", "127.0.0.1"])
    spoken: list[str] = []

    def lookup(host: str, *args: Any, **kwargs: Any) -> list[Any]:
        address = next(answers) if host == "rebound.example" else host
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))]

    async def connect(self: Any, host: str, *args: Any, **kwargs: Any) -> Any:
        spoken.append(host)
        raise ConnectError("not today")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(AutoBackend, "connect_tcp", connect)
    assert not hand("webhook", "", peer.url.replace("127.0.0.1", "rebound.example")).ok
    assert spoken == ["93.184.216.34"]


def test_a_pinned_address_hears_the_name_it_was_asked_by(peer: Peer) -> None:
    named = peer.url.replace("127.0.0.1", "hooks.example")
    assert isinstance(ask(Way("webhook", "", 5), Request(named + "/in", pinned="127.0.0.1", content=b"{}")), Answer)
    assert peer.heard[0].headers["host"] == named.removeprefix("http://")


def test_a_service_of_apprise(peer: Peer) -> None:
    host = urlsplit(peer.url).netloc
    assert hand("apprise", "", "13800000001", secret=f"json://user:pa55word@{host}/to/{{to}}").ok
    assert peer.heard[0].path.startswith("/to/13800000001")
    peer.answer = lambda heard: (500, "")
    done = hand("apprise", "", "13800000001", secret=f"json://user:pa55word@{host}/to/{{to}}")
    assert not done.ok
    assert "pa55word" not in done.error
    assert hand("apprise", "", "1", secret="nonsense").final


def test_the_trial_writes_a_file_and_sends_nothing(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    assert hand("trial", "", "13800000001", refuses="0000").ok
    assert not hand("trial", "", "13800000000", refuses="0000").ok
    lines = (tmp_path / "trial-messages.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["to"] for line in lines] == ["13800000001"]


def test_a_driver_that_fails_says_so_without_the_secret() -> None:
    done = hand("smtp", "smtp://[nonsense", "a@example.com", secret="s3cret-key", **{"from": "noc@operator.example"})
    assert not done.ok
    assert "s3cret" not in done.error
