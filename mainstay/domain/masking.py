"""How is a sensitive value shown to who has not asked for it: enough to know it again, too little to use it (P1)?"""

import re
from enum import StrEnum

STARS = "****"


class Mask(StrEnum):
    """What kind of value it is, which says how much of it may stay."""

    PHONE = "phone"
    EMAIL = "email"
    IDENTITY = "identity"
    ACCOUNT = "account"
    DATE = "date"
    WHOLE = "whole"


def masked(mask: str, value: object) -> str:
    """Return a value with stars in place of what identifies; "" for nothing.

    Phone 139****5678 · e-mail z****@example.com · identity 4****2 · account ****1234 · date ****-**-**. What is too
    short to keep anything is all stars. The stars are always there, so that `is_masked` knows it again.
    """
    text = "" if value is None else str(value).strip()
    if not text:
        return ""
    return (_HOW[Mask(mask)] if mask in _HOW else _whole)(text)


def is_masked(value: object) -> bool:
    """Say whether a text is a masked value: nobody may write it back over the real one."""
    return isinstance(value, str) and ("***" in value or value == "****-**-**")


def _phone(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if len(digits) >= 11:
        return f"{digits[:3]}{STARS}{digits[-4:]}"
    return f"{STARS}{digits[-2:]}" if len(digits) >= 7 else STARS


def _email(text: str) -> str:
    name, at, domain = text.rpartition("@")
    return f"{name[:1] if len(name) > 2 else ''}{STARS}@{domain}" if at and name else STARS


def _identity(text: str) -> str:
    return f"{text[0]}{STARS}{text[-1]}" if len(text) >= 6 else STARS


def _account(text: str) -> str:
    digits = re.sub(r"\s", "", text)
    return f"{STARS}{digits[-4:]}" if len(digits) >= 10 else STARS


def _date(_text: str) -> str:
    return "****-**-**"


def _whole(_text: str) -> str:
    return STARS


_HOW = {
    Mask.PHONE: _phone,
    Mask.EMAIL: _email,
    Mask.IDENTITY: _identity,
    Mask.ACCOUNT: _account,
    Mask.DATE: _date,
    Mask.WHOLE: _whole,
}
