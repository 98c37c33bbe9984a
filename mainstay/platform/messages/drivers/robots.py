"""Group robots of WeCom and DingTalk. Both answer 200 to what they refuse: only `errcode` 0 means it was taken.

Apprise's plugins look at the HTTP status only and know no other host; hence our own (decision 0010).
"""

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import quote

from mainstay.domain.errors import msgid
from mainstay.platform.messages.addresses import dingtalk_token, wecom_key
from mainstay.platform.messages.drivers.http import Answer, ask, json_request
from mainstay.platform.messages.drivers.parcel import Outcome, Parcel, Way, refused, sent

WECOM, DINGTALK = "https://qyapi.weixin.qq.com", "https://oapi.dingtalk.com"
LONGEST_BYTES = {"wecom": 2048, "dingtalk": 18_000}
HOPELESS = frozenset({93000, 40001, 40008, 40058, 300001, 310000, 400101, 400102})
"""The robot does not exist, or refuses this content or signature: the same again would be refused again."""


def by_wecom(way: Way, parcel: Parcel) -> Outcome:
    """Let a WeCom group robot say the text."""
    key = wecom_key(parcel.to)
    if not key:
        return refused(msgid("The address is no WeCom robot's key."), final=True)
    said = {"msgtype": "text", "text": {"content": clipped(parcel.text, LONGEST_BYTES["wecom"])}}
    return _read(ask(way, json_request(f"{_base(way, WECOM)}/cgi-bin/webhook/send?key={quote(key)}", said)))


def by_dingtalk(way: Way, parcel: Parcel) -> Outcome:
    """Let a DingTalk group robot say the text, signed when the robot has a secret."""
    token, secret = dingtalk_token(parcel.to)
    if not token:
        return refused(msgid("The address is no DingTalk robot's token."), final=True)
    url = f"{_base(way, DINGTALK)}/robot/send?access_token={token}"
    if secret:
        moment = str(int(parcel.at.timestamp() * 1000))
        url += f"&timestamp={moment}&sign={quote(_signature(secret, moment), safe='')}"
    said = {
        "msgtype": "text",
        "text": {"content": clipped(parcel.text, LONGEST_BYTES["dingtalk"])},
    }
    return _read(ask(way, json_request(url, said)))


def _signature(secret: str, moment: str) -> str:
    digest = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _base(way: Way, otherwise: str) -> str:
    return (way.address or otherwise).rstrip("/")


def _read(answer: Answer | Outcome) -> Outcome:
    if isinstance(answer, Outcome):
        return answer
    said: Any = answer.json()
    code = said.get("errcode") if isinstance(said, dict) else None
    if code is None:
        return refused(msgid("The answer is not a robot's: it has no errcode."), perhaps=True)
    if code != 0:
        return refused(f"errcode {code}: {said.get('errmsg', '')}", final=code in HOPELESS)
    return sent()


def clipped(text: str, longest_bytes: int) -> str:
    """Return the text cut to so many bytes of UTF-8, between characters."""
    if len(text.encode()) <= longest_bytes:
        return text
    return text.encode()[: longest_bytes - 3].decode("utf-8", "ignore") + "…"
