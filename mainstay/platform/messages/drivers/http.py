"""One HTTP request within a bound of time, and what its answer means for a message."""

import asyncio
import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpx
import orjson

from mainstay.platform.messages.drivers.parcel import Outcome, Way, refused

LARGEST_ANSWER = 64 * 1024
RETRIED = frozenset({408, 409, 423, 425, 429})
"""Refusals of a moment; other 4xx stay what they are."""
PERHAPS = frozenset({500, 502, 504})
"""The message may have been passed on before something behind failed."""


@dataclass(frozen=True)
class Request:
    """What is sent. `content` is the body, if any. `pinned`: the IP address spoken to, "" to look the name up."""

    url: str
    method: str = "POST"
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    pinned: str = ""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, and at most 64 KiB of the body."""

    status: int
    body: bytes

    def json(self) -> Any:
        """Return what the body says, None when it is no JSON."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None


def ask(way: Way, request: Request) -> Answer | Outcome:
    """Send a request; return the 2xx answer, or the Outcome of a failure. Never longer than the way's bound.

    Redirects are not followed, proxies come from the way's option only.
    """
    try:
        with ThreadPoolExecutor(1) as apart:  # a loop may be running in the caller's thread
            answer = apart.submit(lambda: asyncio.run(_within(way, request))).result()
    except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.RemoteProtocolError) as error:
        said = "no answer in time" if isinstance(error, TimeoutError | httpx.TimeoutException) else str(error)
        return refused(f"{said or type(error).__name__} ({way.timeout_s:g} s)", perhaps=True)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        return refused(f"{type(error).__name__}: {error}")
    if 200 <= answer.status < 300:
        return answer
    said = answer.body[:200].decode("utf-8", "replace")
    final = 300 <= answer.status < 500 and answer.status not in RETRIED
    return refused(f"HTTP {answer.status} {said}", final=final, perhaps=answer.status in PERHAPS)


async def _within(way: Way, request: Request) -> Answer:
    async with asyncio.timeout(way.timeout_s):
        return await _exchange(way, request)


@lru_cache(maxsize=32)
def _trust(ca_file: str) -> ssl.SSLContext:
    """Return whom to trust; reading it anew for every message took longer than sending it."""
    return ssl.create_default_context(cafile=ca_file) if ca_file else httpx.create_ssl_context()


async def _exchange(way: Way, request: Request) -> Answer:
    options: dict[str, Any] = {"timeout": way.timeout_s, "verify": _trust(way.option("ca_file")), "trust_env": False}
    if way.option("proxy"):
        options["proxy"] = way.option("proxy")
    url, more = httpx.URL(request.url), {}
    headers = {"User-Agent": "Mainstay", **request.headers}
    if request.pinned:  # the name stays in the header, in TLS and in what the certificate is checked for
        headers["Host"], more = url.netloc.decode(), {"sni_hostname": url.host}
        url = url.copy_with(host=request.pinned)
    async with (
        httpx.AsyncClient(**options) as client,
        client.stream(request.method, url, content=request.content, headers=headers, extensions=more) as response,
    ):
        body = b""
        async for part in response.aiter_bytes():
            body += part
            if len(body) >= LARGEST_ANSWER:
                break
        return Answer(response.status_code, body[:LARGEST_ANSWER])


def json_request(url: str, said: Any, **headers: str) -> Request:
    """Return a POST of JSON."""
    return Request(url, content=orjson.dumps(said), headers={"Content-Type": "application/json", **headers})
