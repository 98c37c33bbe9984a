"""How long does an import of many customers take, with one row in a hundred bad? Prints seconds; in a fresh database.

With "all" also a person for each customer, and two and a half circuits, both routes given.

make bench NAME=imports ARGS="100000"
make bench NAME=imports ARGS="100000 all"
.venv/bin/python -m tools.with_postgresql .venv/bin/python -m benchmarks.imports 100000
"""

import csv
import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from random import Random


def file_of(rows: int) -> bytes:
    """Return customers as people's files hold them: Chinese heads and names, every hundredth row without a region."""
    dice, out = Random(1), io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["客户编码", "客户名称", "简称", "区划代码", "服务等级", "地址", "联系电话", "入网日期"])
    for number in range(rows):
        name = "".join(
            dice.choice(words.split())
            for words in (
                "武汉 黄石 襄阳 宜昌 荆州 十堰",
                "楚天 东湖 长江 金山 银河 三峡",
                "物流 科技 医院 学校 电力 水务",
            )
        )
        region = "9999" if number % 100 == 50 else "4201"
        phone = f"027-{dice.randrange(10**7, 10**8)}"
        writer.writerow(
            [
                f"K{number:07}",
                f"{name}{number}有限公司",
                name,
                region,
                "gold",
                f"建设大道 {number} 号",
                phone,
                "2020-05-01",
            ]
        )
    return out.getvalue().encode("gb18030")


def contacts_of(rows: int) -> bytes:
    """Return one person for each of so many customers."""
    lines = (f"K{n:07},王{n},technical,139{n:08},{'yes' if n % 2 else 'no'}" for n in range(rows) if n % 100 != 50)
    return "\n".join(("客户编码,姓名,role,手机,notify", *lines)).encode()


def network_of(rings: int) -> bytes:
    """Return rings of four devices and four links each."""
    lines = ["code,kind,name,region,A端,Z端"]
    lines += [f"D{r}-{i},device,设备{r}-{i},4201,," for r in range(rings) for i in range(4)]
    lines += [f"L{r}-{i},link,链路{r}-{i},,D{r}-{i},D{r}-{(i + 1) % 4}" for r in range(rings) for i in range(4)]
    return "\n".join(lines).encode()


def circuits_of(rows: int, rings: int, customers: int) -> bytes:
    """Return circuits over a quarter of a ring, protected the other way round."""
    lines = ["电路代号,客户编码,产品编码,等级,制式,范围,带宽,A端局站,Z端局站,主用路由,保护路由"]
    for n in range(rows):
        r, customer = n % rings, n % customers
        working = f"D{r}-0 L{r}-0 D{r}-1"
        protection = f"D{r}-0 L{r}-3 D{r}-3 L{r}-2 D{r}-2 L{r}-1 D{r}-1"
        code = customer + 1 if customer % 100 == 50 else customer
        lines.append(f"Z{n:07},K{code:07},line,AA,mstp,local,2048,甲,乙,{working},{protection}")
    return "\n".join(lines).encode()


def main(rows: int, *, others: bool) -> None:
    """Import, import again, undo."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
    os.environ["MAINSTAY_HOME"] = tempfile.mkdtemp(prefix="mainstay-bench-")
    import django

    django.setup()
    from django.db import connection

    if connection.vendor == "sqlite":  # a file, as people have it; Django would take one in memory
        connection.settings_dict["TEST"]["NAME"] = os.environ["MAINSTAY_HOME"] + "/bench.sqlite3"
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        _measure(rows, connection.vendor, others=others)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _measure(rows: int, vendor: str, *, others: bool) -> None:
    from mainstay.accounts.catalog.models import Product
    from mainstay.domain.actor import system
    from mainstay.platform.imports import actions, queries, reading, running
    from mainstay.platform.imports.registry import kind_named
    from mainstay.platform.places.models import Region

    Region.objects.create(code="4201", name="武汉市")
    by, raw = system("benchmark"), file_of(rows)

    def take(kind: str = "customers", raw: bytes = raw) -> int:
        table = reading.read_file(raw)
        run = actions.take_in(kind_named(kind), table, file_name=f"{kind}.csv", at=now(), by=by)
        actions.ask_for_run(run.pk, mode="good-rows", at=now(), by=by)
        return to_end(run.pk)

    def to_end(run_id: int) -> int:
        longest = 0.0
        more = True
        while more:
            began = time.perf_counter()
            more = running.advance(run_id, at=now())
            longest = max(longest, time.perf_counter() - began)
        print(f"  longest part: {longest * 1000:.0f} ms")
        return run_id

    print(f"{vendor}, {rows} rows, {len(raw) // 1024} kB")
    first = timed("import", take)
    told = queries.visible_run(by, first)
    print(f"  created {told.created}, refused {told.refused}")
    timed("the same file again", take)
    if others:
        files: list[tuple[str, bytes]] = [("contacts", contacts_of(rows)), ("resources", network_of(rows // 50)),
                  ("circuits", circuits_of(rows * 5 // 2, rows // 50, rows))]  # fmt: skip
        Product.objects.create(code="line", name="专线", name_en="Line")
        for kind, text in files:
            done = timed(f"import of {kind}", partial(take, kind, text))
            told = queries.visible_run(by, done)
            print(f"  created {told.created}, refused {told.refused}")
        return
    actions.ask_for_undo(first, at=now(), by=by)
    timed("undo", lambda: to_end(first))
    print(f"  undone {queries.visible_run(by, first).undone}")


def timed(what: str, act: Callable[[], int]) -> int:
    """Run an action and print how long it took."""
    began, worked = time.perf_counter(), time.process_time()
    result = act()
    print(f"  {what}: {time.perf_counter() - began:.1f} s, of which at work here {time.process_time() - worked:.1f} s",
          flush=True)  # fmt: skip
    return result


def now() -> datetime:
    """Return the instant."""
    return datetime.now(UTC)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, others="all" in sys.argv[2:])
