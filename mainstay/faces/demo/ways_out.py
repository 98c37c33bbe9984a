"""How do the demo's messages leave it? By senders for trials, which write to a file: nobody anywhere gets anything."""

from datetime import datetime

from mainstay.domain.actor import Actor
from mainstay.platform.messages.actions import carrying
from mainstay.platform.messages.actions.carrying import Done
from mainstay.platform.messages.actions.choosing import Quiet, set_quiet_hours
from mainstay.platform.messages.actions.senders import SenderSettings, create_sender
from mainstay.platform.messages.drivers.carrying import carry

SENDERS = (
    SenderSettings("email", "trial", "邮件（试用，写入文件）"),
    SenderSettings("sms", "trial", "短信网关（试用，写入文件）", options={"refuses": "587,403,166"}, per_minute=600),
    SenderSettings("wecom", "trial", "企业微信（试用，写入文件）", per_minute=20),
)
"""The SMS sender refuses some numbers, so that one sees what failures look like."""
RESTING = ("A", "I", "II", "III", "silver", "bronze", "standard")


def open_ways(*, at: datetime, by: Actor) -> int:
    """Set up the senders and the quiet hours; return how many senders."""
    for settings in SENDERS:
        create_sender(settings, at=at, by=by)
    set_quiet_hours([Quiet(grade, 22 * 60, 7 * 60, ("sms", "wecom")) for grade in RESTING], at=at, by=by)
    return len(SENDERS)


def carry_what_is_due(at: datetime) -> None:
    """Do the courier's work at an instant of the past, as quickly as the file is written."""
    while carrying.waits(at=at) and (jobs := carrying.claim({}, at=at)):
        carrying.record([Done(job, carry(job.way, job.parcel)) for job in jobs], at=at)
