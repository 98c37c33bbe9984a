"""How long does an import of many customers take, with one row in a hundred bad? Prints seconds; in a fresh database.

make bench NAME=imports ARGS="100000"
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


def main(rows: int) -> None:
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
        _measure(rows, connection.vendor)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _measure(rows: int, vendor: str) -> None:
    from mainstay.domain.actor import system
    from mainstay.platform.imports import actions, queries, reading, running
    from mainstay.platform.imports.registry import kind_named
    from mainstay.platform.places.models import Region

    Region.objects.create(code="4201", name="武汉市")
    by, raw = system("benchmark"), file_of(rows)

    def take() -> int:
        table = reading.read_file(raw)
        run = actions.take_in(kind_named("customers"), table, file_name="customers.csv", at=now(), by=by)
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
    actions.ask_for_undo(first, at=now(), by=by)
    timed("undo", lambda: to_end(first))
    print(f"  undone {queries.visible_run(by, first).undone}")


def timed(what: str, act: Callable[[], int]) -> int:
    """Run an action and print how long it took."""
    began = time.perf_counter()
    result = act()
    print(f"  {what}: {time.perf_counter() - began:.1f} s")
    return result


def now() -> datetime:
    """Return the instant."""
    return datetime.now(UTC)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
