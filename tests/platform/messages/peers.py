"""The other sides of the tests: an HTTP server that answers as it is told, and a mail server."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Answer = tuple[int, str]


@dataclass
class Heard:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: str

    @property
    def said(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


@dataclass
class Peer:
    """Mutable: an HTTP server on localhost; `answer` is asked for each request. `wait` lets it hang until set."""

    url: str = ""
    answer: Callable[[Heard], Answer] = field(default=lambda heard: (200, '{"errcode": 0, "errmsg": "ok"}'))
    heard: list[Heard] = field(default_factory=list)
    hang: threading.Event | None = None


@contextmanager
def http_peer() -> Iterator[Peer]:
    """Run an HTTP server meanwhile."""
    peer = Peer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            heard = Heard(self.command, self.path, headers, self.rfile.read(length).decode())
            peer.heard.append(heard)
            if peer.hang is not None:
                peer.hang.wait(20)
            status, body = peer.answer(heard)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: Any) -> None:
            """Say nothing: the other side may have gone."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    peer.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield peer
    finally:
        if peer.hang is not None:
            peer.hang.set()
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Post:
    """Mutable: a mail server; mails to whom it does not know are refused for good, to `busy` for the moment."""

    address: str = ""
    mails: list[Envelope] = field(default_factory=list)
    unknown: str = "nobody@example.com"
    busy: str = "busy@example.com"
    bye: str = "221 Bye"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if address == self.unknown:
            return "550 5.1.1 no such mailbox"
        if address == self.busy:
            return "450 4.2.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return self.bye

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.mails.append(envelope)
        return "250 queued"


@contextmanager
def mail_peer() -> Iterator[Post]:
    """Run a mail server meanwhile."""
    post = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    post.address = f"smtp://127.0.0.1:{port}"
    try:
        yield post
    finally:
        controller.stop()
