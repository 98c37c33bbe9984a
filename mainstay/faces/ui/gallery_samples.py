"""The larger samples of the gallery: clocks in every state, a ticket's story, a year of days, a broken ring."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

FOUR_HOURS = 4 * 3600


def clocks(at: datetime) -> list[tuple[str, dict[str, Any]]]:
    """Give each clock with the word for what it shows."""

    def clock(state: str, minutes: float | None, **more: Any) -> dict[str, Any]:
        deadline = None if minutes is None else at + timedelta(minutes=minutes)
        return {"state": state, "deadline_at": deadline, "total_seconds": FOUR_HOURS, "as_of": at} | more

    return [
        (_("running"), clock("running", 200)),
        (_("under 25 %"), clock("running", 41)),
        (_("seconds left"), clock("running", 0.6)),
        (_("over"), clock("running", -35)),
        (_("paused"), clock("paused", None, remaining_seconds=5400, paused_since=at - timedelta(minutes=20))),
        (_("outside hours"), clock("running", 600, remaining_seconds=7200, counting=False)),
        (_("kept"), clock("met", 20)),
        (_("missed"), clock("breached", None)),
        (_("stopped"), clock("stopped", None)),
    ]


def story(at: datetime) -> list[dict[str, Any]]:
    """Give the story of a ticket, newest last."""

    def when(minutes: int) -> datetime:
        return at - timedelta(minutes=minutes)

    return [
        {"at": when(1500), "kind": "alarm", "state": "down", "title": _("Cable cut: Wuhan–Huangshi 2#"),
         "detail": [(_("Cause"), "LOS · OTN-WH-07 / 3-1"), (_("Circuits"), "41")]},
        {"at": when(1499), "kind": "system", "title": _("Ticket opened, promise AAA: 4 h"), "by": _("System"),
         "url": "#"},
        {"at": when(1480), "kind": "call", "title": _("Customer called: already known"), "by": "李伟",
         "body": "客户机房值班来电，已告知故障原因与预计恢复时间。"},
        {"at": when(40), "kind": "pause", "title": _("Clock paused: waiting for the customer"), "by": "王芳"},
        {"at": when(25), "kind": "resume", "title": _("Clock resumed"), "by": "王芳"},
        {"at": when(20), "kind": "message", "title": _("Progress notice sent"), "by": _("System"),
         "body": "抢修队已到达现场，熔接中，预计 14:30 恢复。"},
        {"at": when(4), "kind": "test", "title": _("Test passed: 15 min without errors"), "by": "张强"},
        {"at": when(2), "kind": "done", "state": "up", "title": _("Service restored"), "by": _("System")},
    ]  # fmt: skip


def days(at: datetime) -> list[dict[str, Any]]:
    """Give a year of days with a few bad ones."""
    bad = {
        40: ("down", 0.93),
        41: ("degraded", 0.991),
        150: ("planned", 0.99),
        222: ("down", 0.98),
        301: ("unprotected", 1.0),
    }
    return [
        {
            "on": (at - timedelta(days=364 - number)).date(),
            "state": "unknown" if number < 12 else bad.get(number, ("up", 1.0))[0],
            "availability": None if number < 12 else bad.get(number, ("up", 1.0))[1],
            "down_seconds": int((1 - bad.get(number, ("up", 1.0))[1]) * 86400),
            "href": "#" if number in bad else "",
        }
        for number in range(365)
    ]


def route(at: datetime) -> dict[str, Any]:
    """Give a protected ring whose working side is cut, with a duct shared by both sides."""
    since = at - timedelta(minutes=12)

    def node(label: str, detail: str = "", kind: str = "device", **more: Any) -> dict[str, Any]:
        return {"kind": kind, "label": label, "detail": detail, "href": "#"} | more

    def link(label: str, kind: str = "cable", **more: Any) -> dict[str, Any]:
        return {"kind": kind, "label": label, "href": "#"} | more

    working = [
        link("接入 汉口-3", "access"), node("汉口 ADM", "华为 OSN 3500"),
        link("武汉–鄂州 1#"), node("鄂州汇聚", "槽 3 口 1", "ring"),
        link("武汉–黄石 2#", state="down", since=since, fault=_("cable cut"), ducts=["沿江 12"]),
        node("黄石 ADM", "中兴 S385"), link("接入 黄石港-1", "access"),
    ]  # fmt: skip
    protection = [
        link("接入 汉口-4", "access"), node("江岸 ADM", "华为 OSN 3500"),
        link("武汉–大冶 4#", ducts=["沿江 12"]),
        node("大冶汇聚", "", "ring", state="degraded", fault=_("high error rate"), since=since),
        link("大冶–黄石 1#"), node("黄石 ADM 2", "中兴 S385"), link("接入 黄石港-2", "access"),
    ]  # fmt: skip
    return {
        "a": {"label": "武汉长江银行 总行", "detail": "华为 OSN 1800", "address": "江汉区建设大道 568 号", "href": "#"},
        "z": {"label": "黄石港支行", "detail": "格林威尔 协转", "address": "黄石港区磁湖路 12 号"},
        "paths": [
            {"role": "working", "state": "down", "active": False, "elements": working},
            {"role": "protection", "state": "degraded", "active": True, "elements": protection},
        ],
    }
