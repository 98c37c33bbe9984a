"""An operator's own HTTP gateway, described by templates; and webhooks, which take our JSON (K8).

Templates know {to} {name} {subject} {body} {text} {key} {secret} {number}; each value is escaped for where it stands:
the URL, JSON, a form, XML, or a header.
"""

import ipaddress
import json
import re
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit
from xml.sax.saxutils import escape

from mainstay.domain.errors import msgid
from mainstay.platform.messages.addresses import telephone
from mainstay.platform.messages.drivers.http import Answer, Request, ask, json_request
from mainstay.platform.messages.drivers.parcel import Outcome, Parcel, Way, refused, sent

FIELDS = ("to", "name", "subject", "body", "text", "key", "secret", "number")
_FIELD = re.compile(r"\{(" + "|".join(FIELDS) + r")\}")
DEFAULT_BODY = '{"to": "{to}", "text": "{text}", "id": "{key}"}'
JSON_TYPE = "application/json"


def by_gateway(way: Way, parcel: Parcel) -> Outcome:
    """Hand a message to an HTTP gateway; options say what is sent and how its answer is read."""
    values = _values(way, parcel)
    if way.option("channel") == "sms" and not values["to"]:
        return refused(msgid("The address is no telephone number."), final=True)
    method = way.option("method", "POST").upper()
    content_type = way.option("content_type", JSON_TYPE)
    body = filled(way.option("body", DEFAULT_BODY), values, _escape_for(content_type))
    headers = {
        name: filled(str(text), values, _in_header) for name, text in dict(way.options.get("headers") or {}).items()
    }
    request = Request(
        filled(way.address, values, lambda value: quote(value, safe="")),
        method,
        None if method == "GET" else body.encode(),
        {**({} if method == "GET" else {"Content-Type": content_type}), "Idempotency-Key": parcel.key, **headers},
    )
    return _read(way, ask(way, request))


def by_webhook(way: Way, parcel: Parcel) -> Outcome:
    """Post a message as JSON to the receiver's own URL; hosts inside the house only where an option names them."""
    pinned = _checked_address(way, parcel.to)
    if isinstance(pinned, Outcome):
        return pinned
    said = {
        "id": parcel.key, "try": parcel.number, "kind": parcel.kind, "to": parcel.to_name, "subject": parcel.subject,
        "body": parcel.body, "text": parcel.text, "about": {"kind": parcel.object_kind, "id": parcel.object_id},
    }  # fmt: skip
    secret = {"Authorization": f"Bearer {way.secret}"} if way.secret else {}
    request = json_request(parcel.to, said, **{"Idempotency-Key": parcel.key}, **secret)
    answer = ask(way, replace(request, pinned=pinned))
    return answer if isinstance(answer, Outcome) else sent()


def filled(template: str, values: dict[str, str], escaped: Callable[[str], str]) -> str:
    """Return a template with its fields filled in; other braces stay."""
    return _FIELD.sub(lambda found: escaped(values[found[1]]), template)


def at_path(said: Any, path: str) -> Any:
    """Return what stands at a dotted path of names and positions, None where nothing does; "" is all of it."""
    for step in [part for part in path.split(".") if part]:
        if isinstance(said, dict):
            said = said.get(step)
        elif isinstance(said, list) and step.isdigit() and int(step) < len(said):
            said = said[int(step)]
        else:
            return None
    return said


def _values(way: Way, parcel: Parcel) -> dict[str, str]:
    to = telephone(parcel.to) if way.option("channel") == "sms" else parcel.to
    return {
        "to": to, "name": parcel.to_name, "subject": parcel.subject, "body": parcel.body, "text": parcel.text,
        "key": parcel.key, "secret": way.secret, "number": str(parcel.number),
    }  # fmt: skip


def _escape_for(content_type: str) -> Callable[[str], str]:
    if "json" in content_type:
        return lambda value: json.dumps(value, ensure_ascii=False)[1:-1]
    if "form" in content_type:
        return quote_plus
    if "xml" in content_type:
        return lambda value: escape(value, {'"': "&quot;"})
    return str


def _in_header(value: str) -> str:
    return re.sub(r"[^\x20-\x7e]", "", value)


def _read(way: Way, answer: Answer | Outcome) -> Outcome:
    if isinstance(answer, Outcome):
        return answer
    said = answer.json()
    if path := way.option("ok_path"):
        verdict = at_path(said, path)
        wanted = {word.strip() for word in way.option("ok_values", "0,ok,true").split(",")}
        if str(verdict).casefold() not in {word.casefold() for word in wanted}:
            why = at_path(said, way.option("error_path")) if way.option("error_path") else ""
            shown = answer.body[:200].decode("utf-8", "replace") if said is None else f"{path} = {verdict} {why or ''}"
            return refused(f"The gateway refused it: {shown}")
    return sent(at_path(said, way.option("reference_path")) if way.option("reference_path") else "")


def _checked_address(way: Way, url: str) -> str | Outcome:
    """Return the address to speak to, "" for whichever the name has; refuse those inside the house.

    So a contact's webhook is no way into our own network, and a name that answers otherwise a moment later neither:
    we speak to the very address that was looked at.
    """
    host = urlsplit(url).hostname or ""
    if host in {name.strip() for name in way.option("inside_hosts").split(",")}:
        return ""
    try:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        return refused(f"{host}: {error}")
    if all(ipaddress.ip_address(address.split("%")[0]).is_global for address in found):
        return "" if way.option("proxy") else found[0]
    return refused(
        f"{host} is inside our own network; name it among the sender's hosts if it may be reached.", final=True
    )
