"""What can be posted at the outage desk: word to the customers, the texts, the desks' phones."""

from datetime import timedelta

from django.utils import timezone

from mainstay.service.tickets.actions.texts import save_text
from mainstay.service.tickets.texts import Wording
from tests.access.post import Post
from tests.access.stage import Stage


def in_an_hour() -> str:
    """Return the instant as the browser's picker sends it."""
    return f"{timezone.localtime() + timedelta(hours=1):%Y-%m-%dT%H:%M}"


TEXT = {"kind": "update", "language": "zh-hans", "length": "long"}


def worded(stage: Stage) -> None:
    """Let a text be worded differently than shipped."""
    wording = Wording("{name}：{doing}", "进展")
    save_text(("update", "zh-hans", "long"), wording, at=timezone.now(), by=stage.actor("admin"))


OUTAGE: tuple[Post, ...] = (
    Post(
        "web:incident-tell",
        "li.qiang",
        "incident.tell",
        lambda s: {"doing": "抢修人员已到现场", "next_update_at": in_an_hour(), "once": "a1"},
        {"pk": "incident"},
    ),
    Post("web:settings-text", "admin", "outage_text.change", {"subject": "进展", "body": "{name}：{doing}"}, TEXT),
    Post("web:settings-text-reset", "admin", "outage_text.change", {}, TEXT, before=worded),
    Post("web:settings-texts-rules", "admin", "outage_text.rules", {}),
    Post("web:settings-desk-phone", "admin", "desk.change", {"phone": "027-8555 0110"}, {"pk": "desk"}),
)
