"""What can be posted about planned work: its steps, its words, answers, freezes, suppliers' notes, calendars."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from mainstay.network.planned_work import actions as works
from mainstay.network.planned_work.actions.feeds import make_feed
from mainstay.network.planned_work.actions.suppliers import map_object
from mainstay.network.planned_work.maintnotes import Note, written
from mainstay.network.planned_work.models import PlannedWork
from tests.access.post import Data, Post, nothing
from tests.access.stage import Stage


def local(hours: float) -> str:
    """Return the instant so many hours from now as the browser's picker sends it."""
    return f"{timezone.localtime() + timedelta(hours=hours):%Y-%m-%dT%H:%M}"


def approved(stage: Stage) -> None:
    """Let the planned work be approved."""
    works.approve_work(stage.ids["work"], at=timezone.now(), by=stage.actor("zhao.lei"))


def begun(stage: Stage) -> None:
    """Let approved work have begun."""
    approved(stage)
    PlannedWork.objects.filter(pk=stage.ids["work"]).update(from_at=timezone.now() - timedelta(minutes=1))


def announced(stage: Stage) -> None:
    """Let the work be announced."""
    approved(stage)
    works.announce_work(stage.ids["work"], at=timezone.now(), by=stage.actor("li.qiang"))


def mapped(stage: Stage) -> None:
    """Let a supplier's name mean a cable of the bank's."""
    map_object("carrier.example", "C-1", "cable-AB", at=timezone.now(), by=stage.actor("li.qiang"))


def subscribed_in_the_portal(stage: Stage) -> None:
    """Let the bank's contact have a calendar."""
    stage.ids["feed"] = make_feed("person", at=timezone.now(), by=stage.actor("zhou.ying"))[0].pk


def _note(_stage: Stage) -> Data:
    begin = timezone.now().replace(microsecond=0) + timedelta(days=5)
    note = Note(
        "carrier.example", "acme", "WO-7", "Fibre swap", begin, begin + timedelta(hours=2), begin, "CONFIRMED",
        "OUTAGE", (("C-1", "OUTAGE"),),
    )  # fmt: skip
    return {"file": SimpleUploadedFile("note.ics", written([note]))}


def step(name: str, action: str, *, by: str = "li.qiang", before: object = nothing, **send: object) -> Post:
    """Return the post of a step of planned work."""
    sent = {"why": "改期", **send}
    return Post("web:work-step", by, action, sent, {"pk": "work", "verb": name}, before=before)  # type: ignore[arg-type]


ANSWER = {"answer": "prepared", "text": "已切换", "person": "周颖"}
WINDOW = {"from_at": local(90), "to_at": local(92)}
ANNOUNCEMENT = {"pk": "announcement"}
WORKS = (
    step("approve", "work.approve", by="zhao.lei"),
    step("announce", "work.announce", before=approved),
    step("finish", "work.finish", before=begun, result="done"),
    step("cancel", "work.cancel"),
    step("move", "work.move", **WINDOW),
    step("remind", "announcement.tell", before=announced),
    Post("web:work-words", "li.qiang", "work.reword", {"title": "汉江银行入楼光缆改造"}, {"pk": "work"}),
    Post("web:announcement", "li.qiang", "announcement.answer", ANSWER, ANNOUNCEMENT),
    Post("portal:work-answer", "zhou.ying", "announcement.answer", ANSWER, ANNOUNCEMENT),
    Post("web:freeze-new", "zhao.lei", "freeze.add", {
        "name": "封网", "kind": "freeze", "effect": "refuse", "overridden_by": "leader", "region_code": "42", **WINDOW,
    }),
    Post("web:freeze-end", "zhao.lei", "freeze.end", {"why": "会议取消"}, {"pk": "freeze"}),
    Post("web:work-note-map", "li.qiang", "supplier_circuit.map", {
        "supplier": "carrier.example", "object_id": "C-1", "resource": "cable-AB",
    }),
    Post("web:work-note-forget", "li.qiang", "supplier_circuit.forget", {}, {"pk": "mapping"}),
    Post("web:work-notes", "li.qiang", "work.plan", _note, before=mapped),
    Post("web:feed-new", "li.qiang", "feed.make", {"kind": "person"}),
    Post("web:feed-revoke", "li.qiang", "feed.revoke", {}, {"pk": "feed"}),
    Post("portal:works-subscribe", "zhou.ying", "feed.make", {}),
    Post("portal:works-unsubscribe", "zhou.ying", "feed.revoke", {}, {"pk": "feed"}, before=subscribed_in_the_portal),
)  # fmt: skip
