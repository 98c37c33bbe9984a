"""Tell who asked for a job that it is over, in their language."""

from django.utils import translation
from django.utils.translation import gettext, ngettext

from mainstay.domain.actor import Actor
from mainstay.platform.jobs.choices import State
from mainstay.platform.jobs.events import JobEnded
from mainstay.platform.messages.actions import NewMessage, send
from mainstay.platform.messages.models import Message


def on_job_ended(event: JobEnded, by: Actor) -> None:
    """Put a message with the figures into the inbox of who asked; once for each job."""
    if event.user_id is None:
        return
    with translation.override(event.language or None):
        subject = f"{event.title}: {State(event.state).label}"
        body = _figures(event)
    message = NewMessage(
        kind=Message.Kind.INFORMATION, to_name=event.user_name, subject=subject, body=body, user_id=event.user_id,
        dedupe_key=f"job-{event.job_id}-ended", object_kind="job", object_id=event.job_id,
    )  # fmt: skip
    send([message], at=event.at)


def _figures(event: JobEnded) -> str:
    said = [ngettext("%(n)s of %(total)s done.", "%(n)s of %(total)s done.", event.done)
            % {"n": event.done, "total": event.total}]  # fmt: skip
    if event.failed:
        said.append(ngettext("%(n)s was refused.", "%(n)s were refused.", event.failed) % {"n": event.failed})
    left = event.total - event.done - event.failed
    if left:
        said.append(ngettext("%(n)s was not touched.", "%(n)s were not touched.", left) % {"n": left})
    return " ".join([*said, gettext("What was refused, and why, stands with the job.") if event.failed else ""]).strip()
