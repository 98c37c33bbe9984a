"""Services that apprise knows, and the sender for trials that writes to a file."""

import fcntl
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings

from mainstay.domain.errors import msgid
from mainstay.platform.messages.drivers.parcel import Outcome, Parcel, Way, refused, sent


def by_apprise(way: Way, parcel: Parcel) -> Outcome:
    """Hand a message to apprise. Its URL is the secret; {to} in it stands for the receiver.

    Apprise tells success from failure only: there is no reference for receipts, and a failure may have arrived.
    """
    from apprise import Apprise, AppriseAsset
    from apprise.result import AppriseResultStatus

    asset = AppriseAsset(app_id="Mainstay", async_mode=False, secure_logging=True)
    service = Apprise(asset=asset)
    if not service.add((way.secret or way.address).replace("{to}", quote(parcel.to, safe=""))):
        return refused(msgid("Apprise does not understand the URL of this sender."), final=True)
    short = way.option("text") == "short"
    found: Any = service.notify(
        body=parcel.text if short else parcel.body, title="" if short else parcel.subject, timeout=way.timeout_s
    )
    if found:
        return sent()
    said = "; ".join(str(entry.message) for entry in found.logs() if entry.message)
    return refused(f"apprise: {said or found.status.name}", perhaps=found.status == AppriseResultStatus.TIMEOUT)


def trial_file() -> Path:
    """Return where the trial sender writes."""
    return Path(settings.HOME) / "trial-messages.jsonl"


def by_trial(way: Way, parcel: Parcel) -> Outcome:
    """Write a message to a file below MAINSTAY_HOME and send nothing; option `refuses`: ends of refused addresses."""
    ends = tuple(end for end in way.option("refuses").split(",") if end)
    if ends and parcel.to.endswith(ends):
        return refused(
            msgid("The trial refuses this address, as it was told to."), final=way.option("refusal") == "final"
        )
    line = {"at": parcel.at.isoformat(), "to": parcel.to, "text": parcel.text, "key": parcel.key}
    path = trial_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return sent(f"trial-{parcel.key[:12]}")
