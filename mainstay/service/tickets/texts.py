"""What do outage texts say? Shipped in two languages; an operator may word each differently (K8).

A text has gaps such as {circuits}; a line whose gap has nothing to say is left out. The lines of a short text are
joined into one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from mainstay.service.tickets.choices import TEXT_LANGUAGES, TextKind, TextLength
from mainstay.service.tickets.models import OutageText

LONG, SHORT = TextLength.LONG.value, TextLength.SHORT.value
ZH, EN = (code for code, _label in TEXT_LANGUAGES)

Key = tuple[str, str, str]
"""Kind, language, length."""


@dataclass(frozen=True)
class Wording:
    """A subject (long texts for customers only) and a body, with gaps."""

    body: str
    subject: str = ""


CUSTOMER_GAPS = {
    "name": _("Whom it is written to"),
    "customer": _("The customer"),
    "count": _("How many of the customer's circuits, e.g. “3 circuits”"),
    "circuits": _("Their numbers, ten at most"),
    "state": _("How they are: interrupted or degraded"),
    "cause": _("What kind of thing failed, never its name: cable, device, power …"),
    "since": _("Since when"),
    "lasted": _("How long it has lasted"),
    "doing": _("What is being done, as the officer wrote it"),
    "eta": _("When service is expected back"),
    "next": _("When the next word comes"),
    "restored": _("When service was back (all-clear only)"),
    "ticket": _("The ticket's number"),
    "desk": _("The duty desk"),
    "phone": _("The desk's phone"),
}
BULLETIN_GAPS = {
    "number": _("The incident's number"),
    "cause": _("The cause by its name"),
    "place": _("Where it is"),
    "since": _("Since when"),
    "lasted": _("How long it has lasted"),
    "state": _("The worst state now"),
    "circuits": _("How many circuits are down, degraded, unprotected"),
    "customers": _("How many customers, by grade"),
    "best": _("The most important customers hit"),
    "clocks": _("The most urgent promises"),
    "who": _("Who works on it"),
    "doing": _("What is being done, as the officer wrote it"),
    "eta": _("When service is expected back"),
    "next": _("When the next word comes"),
    "told": _("How many customers were told"),
    "untold": _("Customers where nobody could be told"),
    "desk": _("The duty desk"),
    "phone": _("The desk's phone"),
}

SHIPPED: dict[Key, Wording] = {
    (TextKind.OPENING, ZH, LONG): Wording(
        "{name}，您好：\n我们监测到{customer}的业务受到影响，正在全力抢修。\n受影响：{count}（{circuits}），{state}\n"
        "开始时间：{since}\n目前进展：{doing}\n预计恢复：{eta}\n下次通报：{next} 之前\n"
        "值班电话：{phone}\n工单：{ticket}",
        "业务受影响通知：{count}自 {since} 起{state}",
    ),
    (TextKind.OPENING, ZH, SHORT): Wording(
        "{customer}{count}自{since}起{state}，正在抢修。\n{doing}。\n预计{eta}恢复。\n{next}前再通报。\n"
        "值班电话{phone}。\n工单{ticket}"
    ),
    (TextKind.OPENING, EN, LONG): Wording(
        "Dear {name},\nwe see that service to {customer} is impaired and are working on it.\n"
        "Affected: {count} ({circuits}), {state}\nSince: {since}\nWhat is being done: {doing}\n"
        "Service expected back: {eta}\nYou will hear from us again by {next}.\nDuty desk: {phone}\nTicket: {ticket}",
        "Service impaired: {count} {state} since {since}",
    ),
    (TextKind.OPENING, EN, SHORT): Wording(
        "{customer}: {count} {state} since {since}, repair is under way.\n{doing}.\nExpected back {eta}.\n"
        "Next word by {next}.\nDesk {phone}.\n{ticket}"
    ),
    (TextKind.UPDATE, ZH, LONG): Wording(
        "{name}，您好：\n{customer}业务受影响一事的最新进展如下。\n{doing}\n受影响：{count}（{circuits}），{state}\n"
        "预计恢复：{eta}\n下次通报：{next} 之前\n值班电话：{phone}\n工单：{ticket}",
        "抢修进展：{customer} {count}",
    ),
    (TextKind.UPDATE, ZH, SHORT): Wording(
        "{customer}{count}抢修进展：\n{doing}。\n预计{eta}恢复。\n{next}前再通报。\n值班电话{phone}。\n工单{ticket}"
    ),
    (TextKind.UPDATE, EN, LONG): Wording(
        "Dear {name},\nhere is the latest on the impaired service to {customer}.\n{doing}\n"
        "Affected: {count} ({circuits}), {state}\nService expected back: {eta}\n"
        "You will hear from us again by {next}.\nDuty desk: {phone}\nTicket: {ticket}",
        "Progress of the repair: {customer}, {count}",
    ),
    (TextKind.UPDATE, EN, SHORT): Wording(
        "{customer}, {count}:\n{doing}.\nExpected back {eta}.\nNext word by {next}.\nDesk {phone}.\n{ticket}"
    ),
    (TextKind.HOLDING, ZH, LONG): Wording(
        "{name}，您好：\n{customer}受影响的业务仍在抢修，目前没有新的预计恢复时间。\n受影响：{count}（{circuits}），{state}\n"
        "此前预计恢复：{eta}\n下次通报：{next} 之前\n值班电话：{phone}\n工单：{ticket}",
        "仍在抢修：{customer} {count}",
    ),
    (TextKind.HOLDING, ZH, SHORT): Wording(
        "{customer}{count}仍在抢修，暂无新的预计恢复时间。\n{next}前再通报。\n值班电话{phone}。\n工单{ticket}"
    ),
    (TextKind.HOLDING, EN, LONG): Wording(
        "Dear {name},\nwork on the impaired service to {customer} goes on; there is no new expected time.\n"
        "Affected: {count} ({circuits}), {state}\nExpected back, as said before: {eta}\n"
        "You will hear from us again by {next}.\nDuty desk: {phone}\nTicket: {ticket}",
        "Work goes on: {customer}, {count}",
    ),
    (TextKind.HOLDING, EN, SHORT): Wording(
        "{customer}, {count}: work goes on, no new expected time.\nNext word by {next}.\nDesk {phone}.\n{ticket}"
    ),
    (TextKind.ALL_CLEAR, ZH, LONG): Wording(
        "{name}，您好：\n{customer}的业务已恢复。\n已恢复：{circuits}\n恢复时间：{restored}\n历时：{lasted}\n{doing}\n"
        "请您确认；如仍有异常，请告诉我们。\n值班电话：{phone}\n工单：{ticket}",
        "业务已于 {restored} 恢复",
    ),
    (TextKind.ALL_CLEAR, ZH, SHORT): Wording(
        "{customer}{count}已于{restored}恢复，历时{lasted}。\n如仍有异常请联系我们。\n值班电话{phone}。\n工单{ticket}"
    ),
    (TextKind.ALL_CLEAR, EN, LONG): Wording(
        "Dear {name},\nservice to {customer} is restored.\nIn service again: {circuits}\nRestored at: {restored}\n"
        "It lasted: {lasted}\n{doing}\nPlease confirm, or tell us if something is still wrong.\nDuty desk: {phone}\n"
        "Ticket: {ticket}",
        "Service restored at {restored}",
    ),
    (TextKind.ALL_CLEAR, EN, SHORT): Wording(
        "{customer}: {count} restored at {restored} after {lasted}.\nTell us if something is still wrong.\n"
        "Desk {phone}.\n{ticket}"
    ),
    (TextKind.BULLETIN, ZH, LONG): Wording(
        "【故障通报】{number} {cause}\n地点：{place}\n状态：{state}，{since} 起，已历时 {lasted}\n电路：{circuits}\n"
        "大客户：{customers}\n重点：{best}\n最紧时限：{clocks}\n处理人：{who}\n进展：{doing}\n预计恢复：{eta}\n"
        "客户告知：{told}\n未能告知：{untold}\n下次通报：{next} 之前\n值班电话：{phone}"
    ),
    (TextKind.BULLETIN, EN, LONG): Wording(
        "[Outage] {number} {cause}\nPlace: {place}\nState: {state} since {since}, for {lasted}\nCircuits: {circuits}\n"
        "Key accounts: {customers}\nAbove all: {best}\nMost urgent promises: {clocks}\nIn hand: {who}\n"
        "Progress: {doing}\nExpected back: {eta}\nTold: {told}\nNobody could be told at: {untold}\n"
        "Next word by {next}\nDuty desk: {phone}"
    ),
}


def gaps_of(kind: str) -> Mapping[str, object]:
    """Return the gaps a text of the kind may have, with what each says."""
    return BULLETIN_GAPS if kind == TextKind.BULLETIN else CUSTOMER_GAPS


@dataclass(frozen=True)
class Texts:
    """The texts in force, by (kind, language, length)."""

    own: Mapping[Key, Wording]

    def get(self, kind: str, language: str, length: str) -> Wording:
        """Return the text in force; an unknown language reads English."""
        key = (str(kind), language if language in (ZH, EN) else EN, str(length))
        return self.own.get(key) or SHIPPED[key]

    def with_bodies(self, bodies: Mapping[Key, str]) -> "Texts":
        """Return the same texts with other bodies, for one sending."""
        changed = {key: replace(self.get(*key), body=body) for key, body in bodies.items()}
        return Texts({**self.own, **changed})


def texts_in_force() -> Texts:
    """Read the texts once (1 query)."""
    return as_texts(OutageText.objects.all())


def as_texts(rows: Iterable[OutageText]) -> Texts:
    """Put kept rows into shape."""
    return Texts({(row.kind, row.language, row.length): Wording(row.body, row.subject) for row in rows})
