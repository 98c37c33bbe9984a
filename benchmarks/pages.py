"""How fast do pages answer at full size, asked one after the other of one web process? Prints p50, p95 and the longest.

MAINSTAY_HOME=… mainstay demo run --size large   (or `mainstay web` on a loaded database), then:
.venv/bin/python -m benchmarks.pages --url http://localhost:8000 [--times 50] [--only tickets] [--status]

`--status` instead reports faults, and claims, notes, pauses, resumes and resolves tickets, each once. Bars: lists and
customers 300 ms, search and changes of a ticket 100 ms. Ends with 1 when a page misses its bar.
"""

import argparse
import re
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import httpx

PASSWORD = "mainstay-demo"
PEOPLE = {"duty": "li.qiang", "manager": "wang.min", "leader": "zhao.lei", "admin": "admin", "portal": "zhou.ying"}
PAGE, SEARCH, CHANGE = 300.0, 100.0, 100.0
LISTS = {
    "customers": ("name", "-name", "grade", "-grade", "circuits", "-circuits", "impaired", "-impaired"),
    "circuits": ("-state", "state", "number", "-number", "customer", "-customer", "grade", "-grade"),
    "tickets": (
        "deadline", "-deadline", "grade", "-grade", "-opened", "opened", "customer", "-customer", "status", "-status",
    ),
    "alarms": ("raised", "-raised", "severity", "last", "reports"),
    "incidents": ("opened", "-opened", "state"),
    "contracts": ("ends", "-ends", "number", "-number", "customer"),
}  # fmt: skip
FILTERED = {
    "customers": ("grade=gold", "region=4206", "q=银行", "q=KH-0777", "impaired=1", "kind=group", "page=300"),
    "circuits": ("grade=AAA", "state=3", "q=WH-WH", "q=00123", "page=1000", "region=4205"),
    "tickets": (
        "tab=all", "tab=all&page=2000", "tab=all&grade=AAA", "tab=all&q=银行", "tab=all&q=T-500000", "tab=breached",
        "tab=unclaimed", "tab=mine", "tab=all&sort=customer", "tab=all&sort=grade", "tab=all&sort=deadline",
        "tab=all&sort=status", "q=WH-WH-MSTP-00012",
    ),
    "alarms": ("page=500", "severity=critical", "effect=2", "standing=0", "q=ZH-0012", "tab=all", "tab=all&page=2000"),
    "incidents": ("tab=all", "tab=all&page=3000", "status=closed", "q=ZH-0012"),
    "contracts": ("q=银行", "page=800", "status=active"),
}  # fmt: skip
OTHERS = ("/", "/wall", "/shift-log", "/works", "/audit", "/settings/users", "/alarms/quarantine")
WORDS = {
    "name": ("银行", "物流", "霁砚", "分行", "汽车工业"), "pinyin": ("yinhang", "wuliu", "qiche", "yiyuan"),
    "initials": ("yh", "wl", "jxyh", "qcgy"), "circuit": ("WH-WH-MSTP-00012", "whwhptn00123", "00077", "YC-YC"),
    "phone": ("19900012345", "19900123", "0275000"), "one letter": ("a", "w", "z", "1"),
    "one character": ("银", "王", "汉"), "two characters": ("武汉", "中心", "wu"), "person": ("王伟", "zhangmin"),
}  # fmt: skip


@dataclass
class Book:
    """Mutable: what was measured, in milliseconds, by what and who; and what failed."""

    times: dict[tuple[str, str, float], list[float]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def note(self, what: str, who: str, bar: float, took_ms: float) -> None:
        """Keep one measurement."""
        self.times.setdefault((what, who, bar), []).append(took_ms)

    def told(self) -> Iterator[str]:
        """Say everything, the slowest first."""
        rows = [(p95(took), what, who, bar, took) for (what, who, bar), took in self.times.items()]
        for high, what, who, bar, took in sorted(rows, reverse=True):
            mark = "  MISSED" if high > bar else ""
            middle, longest = statistics.median(took), max(took)
            yield f"{middle:8.0f} {high:8.0f} {longest:8.0f} {len(took):5} {bar:5.0f}  {who:8} {what}{mark}"

    def missed(self) -> int:
        """Count what misses its bar."""
        return sum(p95(took) > bar for (_, _, bar), took in self.times.items())


def p95(took: list[float]) -> float:
    """Return the 95th percentile."""
    return sorted(took)[min(len(took) - 1, round(0.95 * len(took) + 0.5) - 1)]


def signed_in(url: str, name: str) -> httpx.Client:
    """Sign in as a person of the demo."""
    client = httpx.Client(base_url=url, timeout=120, follow_redirects=True, trust_env=False)
    page = client.get("/sign-in")
    token = _token(page.text)
    answer = client.post("/sign-in", data={"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token})
    answer.raise_for_status()
    assert "/sign-in" not in str(answer.url), f"{name} could not sign in"
    return client


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    return found.group(1) if found else ""


def pages(who: str, client: httpx.Client) -> Iterator[tuple[str, str, float]]:
    """Give what a person asks: what to call it, address, bar."""
    if who == "portal":
        for address in ("/portal/", "/portal/circuits", "/portal/tickets", "/portal/notices", "/portal/report"):
            yield address, address, PAGE
        for kind in ("circuits", "tickets"):
            yield from _first(client, f"/portal/{kind}", kind)
        return
    for address in OTHERS:
        yield address, address, PAGE
    for name, sorts in LISTS.items():
        for query in ("", *(f"sort={sort}" for sort in sorts), *FILTERED[name]):
            address = f"/{name}?{query}" if query else f"/{name}"
            yield address, address, PAGE
    for kind in ("customers", "circuits", "tickets", "incidents", "alarms"):
        yield from _first(client, f"/{kind}", kind)
    yield from _customers(client)
    yield from ((f"find {kind}: {word}", f"/find?q={word}", SEARCH) for kind, words in WORDS.items() for word in words)


def _first(client: httpx.Client, address: str, kind: str) -> Iterator[tuple[str, str, float]]:
    """Give the page of the first thing in a list."""
    found = re.search(rf'href="((?:/portal)?/{kind}/\d+)"', client.get(address).text)
    if found:
        yield f"one of {address}", found.group(1), PAGE


def _customers(client: httpx.Client) -> Iterator[tuple[str, str, float]]:
    """Give the page about a usual customer and about the largest one, with every tab."""
    for label, pk in (("largest", 1), ("usual", 76_543), ("own", None)):
        if pk is None:
            found = re.search(r'href="/customers/(\d+)"', client.get("/customers").text)
            pk = int(found.group(1)) if found else 0
        page = client.get(f"/customers/{pk}")
        if page.status_code == 200:
            yield f"{label} customer", f"/customers/{pk}", PAGE
            for tab in sorted(set(re.findall(rf"/customers/{pk}/tab/[\w-]+|/customers/{pk}\?tab=[\w-]+", page.text))):
                yield f"{label} customer {tab.split('/')[-1]}", tab, PAGE


def measure(book: Book, url: str, times: int, only: str) -> None:
    """Ask every page as everybody."""
    for who, name in PEOPLE.items():
        client = signed_in(url, name)
        wanted = [row for row in pages(who, client) if only in row[0]]
        for what, address, bar in wanted:
            for _ in range(times):
                began = time.perf_counter()
                answer = client.get(address)
                took = (time.perf_counter() - began) * 1000
                if answer.status_code in (403, 404):
                    break
                if answer.status_code != 200:
                    book.failed.append(f"{who} {address}: {answer.status_code}")
                    break
                book.note(what, who, bar, took)
                if took > 3_000:
                    break


VERBS: dict[str, dict[str, str]] = {
    "claim": {},
    "note": {"text": "现场已到达"},
    "pause": {"reason": "access_denied", "evidence": "客户机房无人"},
    "resume": {"text": "客户已开门"},
    "resolve": {"cause_code": "equipment", "responsibility": "operator", "text": "更换板卡"},
}
REPORTED = {"text": "客户来电：业务不通", "origin": "phone", "kind": "fault"}


def change(book: Book, url: str, times: int) -> None:
    """Take tickets through their states as the duty officer: unclaimed ones of the network's, and reports by phone.

    What is refused is not counted: a pause where no clock runs; resolving while the network says that a circuit is out.
    """
    client = signed_in(url, PEOPLE["duty"])
    tickets = _some(client, "tickets", "tab=unclaimed&sort=-opened", times)
    for circuit in _some(client, "circuits", "sort=state", times):
        address = f"/tickets/report?circuit={circuit}"
        token = _token(client.get(address).text)
        found = _post(
            book, client, "report", address, {**REPORTED, "circuit_id": circuit, "csrfmiddlewaretoken": token}
        )
        tickets += re.findall(r"/tickets/(\d+)", found)
    for ticket in tickets:
        token = _token(client.get(f"/tickets/{ticket}").text)
        for verb, values in VERBS.items():
            _post(book, client, verb, f"/tickets/{ticket}/{verb}", {**values, "csrfmiddlewaretoken": token})


def _some(client: httpx.Client, kind: str, query: str, number: int) -> list[str]:
    """Pick things at random from the first pages of a list."""
    found: dict[str, None] = {}
    for page in range(1, 60):
        found |= dict.fromkeys(re.findall(rf'href="/{kind}/(\d+)"', client.get(f"/{kind}?{query}&page={page}").text))
        if len(found) >= number * 2:
            break
    picked = list(found)
    Random(1).shuffle(picked)
    return picked[:number]


def _post(book: Book, client: httpx.Client, verb: str, address: str, values: dict[str, str]) -> str:
    """Post a form, note how long it took unless it is refused, and give where it leads to."""
    began = time.perf_counter()
    answer = client.post(address, data=values, follow_redirects=False)
    took = (time.perf_counter() - began) * 1000
    if answer.status_code in (200, 204, 302, 303):
        book.note(f"ticket {verb}", "duty", CHANGE, took)
    elif answer.status_code != 422:
        book.failed.append(f"{verb} {address}: {answer.status_code}")
    return answer.headers.get("location", "")


def main() -> None:
    """Measure and tell."""
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--url", default="http://localhost:8000")
    wanted.add_argument("--times", type=int, default=50)
    wanted.add_argument("--only", default="")
    wanted.add_argument("--status", action="store_true")
    given = wanted.parse_args()
    book = Book()
    if given.status:
        change(book, given.url, given.times)
    else:
        measure(book, given.url, given.times, given.only)
    sys.stdout.write(f"{'p50':>8} {'p95':>8} {'max':>8} {'times':>5} {'bar':>5}  ms\n")
    for line in (*book.told(), *book.failed):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"{len(book.times)} measured, {book.missed()} missed, {len(book.failed)} failed\n")
    sys.exit(bool(book.missed() or book.failed))


if __name__ == "__main__":
    main()
