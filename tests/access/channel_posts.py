"""What can be posted about channels, deliveries, quiet hours, and how people are reached."""

from tests.access.post import Data, Post
from tests.access.stage import Stage

SENDER = {
    "channel": "sms", "name": "试用二", "per_minute": 0, "at_once": 4, "timeout_s": 10, "give_up_minutes": 240,
    "active": "on",
}  # fmt: skip
REACH = {"phone": "13900000009", "email": "someone@example.com", "notify_by": ["sms"]}


def _quiet(stage: Stage) -> Data:
    grades = ("AA", "A", "I", "II", "III", "gold", "silver", "bronze", "standard")
    hours = {f"{grade}-{end}": at for grade in grades for end, at in (("from", "22:00"), ("to", "07:00"))}
    return {**hours, "III-channels": ["sms"]}


CHANNEL_POSTS = (
    Post("web:settings-channel-new", "admin", "sender.create", {**SENDER, "name": "短信"}, query="?kind=trial"),
    Post("web:settings-channel", "admin", "sender.change", SENDER, {"pk": "sender"}),
    Post("web:settings-channel-test", "admin", "sender.test", {"to": "13800000009"}, {"pk": "sender"}),
    Post("web:settings-channel-token", "admin", "sender.receipt_token", {}, {"pk": "sender"}),
    Post("web:settings-quiet-hours", "admin", "quiet_hours.set", _quiet),
    Post("web:settings-user-channels", "admin", "user.channels", REACH, {"pk": "user"}),
    Post("web:my-channels", "li.qiang", "user.channels", REACH),
    Post("web:delivery-retry", "li.qiang", "delivery.retry", lambda stage: {"delivery": stage.ids["delivery"]}),
    Post("web:delivery-drop", "li.qiang", "delivery.drop", lambda stage: {"delivery": stage.ids["delivery"]}),
)
