"""What do notices of planned work say? In two languages, long for e-mail and portal, short for SMS and chat (I3).

Gaps as in `domain.placeholders`: a line whose gap has nothing to say is left out.
"""

from dataclasses import dataclass

from mainstay.service.announcements.choices import Said

ZH, EN = "zh-hans", "en"


@dataclass(frozen=True)
class Text:
    """Subject, long and short body, with gaps."""

    subject: str
    long: str
    short: str


TEXTS: dict[tuple[str, str], Text] = {
    (Said.FIRST, ZH): Text(
        "割接通知：{window} {title}",
        "{name}，您好：\n为保障网络质量，我们计划于 {window} 实施“{title}”，将涉及{customer}的业务。\n"
        "影响：{count}（{circuits}），{effect}\n技术实现：{details}\n请您准备：{preparation}\n"
        "请于 {answer_by} 前在客户门户答复：同意、已准备好，或希望改期。\n值班电话：{phone}\n割接编号：{number}",
        "【割接通知】{customer}{count}将于{window}因“{title}”{effect}。\n请准备：{preparation}。\n"
        "请在门户答复。\n值班电话{phone}。\n编号{number}",
    ),
    (Said.FIRST, EN): Text(
        "Planned work: {title}, {window}",
        "Dear {name},\nto keep the network in good order we plan “{title}” for {window}. It concerns {customer}.\n"
        "Effect: {count} ({circuits}), {effect}\nWhat we do: {details}\nPlease prepare: {preparation}\n"
        "Please answer in the portal by {answer_by}: accepted, prepared, or another time wanted.\n"
        "Duty desk: {phone}\nWork: {number}",
        "Planned work {window}: {customer}, {count}, {effect} ({title}).\nPlease prepare: {preparation}.\n"
        "Please answer in the portal.\nDesk {phone}.\n{number}",
    ),
    (Said.MOVED, ZH): Text(
        "割接改期：{title} 改为 {window}",
        "{name}，您好：\n此前通知的“{title}”时间有变。\n原时间：{before}\n新时间：{window}\n原因：{why}\n"
        "影响：{count}（{circuits}），{effect}\n技术实现：{details}\n请您准备：{preparation}\n"
        "此前的答复不再有效，请于 {answer_by} 前重新答复。\n值班电话：{phone}\n割接编号：{number}",
        "【割接改期】“{title}”由{before}改为{window}，{customer}{count}{effect}。\n原因：{why}。\n请重新答复。\n"
        "值班电话{phone}。\n编号{number}",
    ),
    (Said.MOVED, EN): Text(
        "Planned work moved: {title}, now {window}",
        "Dear {name},\nthe time of “{title}”, of which we told you, has changed.\nBefore: {before}\nNow: {window}\n"
        "Why: {why}\nEffect: {count} ({circuits}), {effect}\nWhat we do: {details}\nPlease prepare: {preparation}\n"
        "What you answered before no longer holds; please answer again by {answer_by}.\nDuty desk: {phone}\n"
        "Work: {number}",
        "Planned work “{title}” moved from {before} to {window}: {customer}, {count}, {effect}.\nWhy: {why}.\n"
        "Please answer again.\nDesk {phone}.\n{number}",
    ),
    (Said.REMINDER, ZH): Text(
        "请答复割接通知：{window} {title}",
        "{name}，您好：\n“{title}”将于 {window} 实施，我们尚未收到您的答复。\n影响：{count}（{circuits}），{effect}\n"
        "请您准备：{preparation}\n请在客户门户答复：同意、已准备好，或希望改期。\n值班电话：{phone}\n割接编号：{number}",
        "【请答复】“{title}”将于{window}实施，{customer}{count}{effect}，尚未收到您的答复。\n值班电话{phone}。\n编号{number}",
    ),
    (Said.REMINDER, EN): Text(
        "Please answer: {title}, {window}",
        "Dear {name},\n“{title}” takes place at {window}, and we have not heard from you yet.\n"
        "Effect: {count} ({circuits}), {effect}\nPlease prepare: {preparation}\n"
        "Please answer in the portal: accepted, prepared, or another time wanted.\nDuty desk: {phone}\nWork: {number}",
        "Please answer: “{title}” at {window}, {customer}, {count}, {effect}.\nDesk {phone}.\n{number}",
    ),
    (Said.OFF, ZH): Text(
        "割接取消：{title}",
        "{name}，您好：\n原定于 {before} 的“{title}”不再影响{customer}的业务，请恢复正常安排。\n原因：{why}\n"
        "值班电话：{phone}\n割接编号：{number}",
        "【割接取消】原定{before}的“{title}”已取消，{customer}业务不受影响。\n值班电话{phone}。\n编号{number}",
    ),
    (Said.OFF, EN): Text(
        "Planned work called off: {title}",
        "Dear {name},\n“{title}”, planned for {before}, no longer concerns {customer}.\nWhy: {why}\n"
        "Duty desk: {phone}\nWork: {number}",
        "Planned work “{title}” of {before} is called off for {customer}.\nDesk {phone}.\n{number}",
    ),
    (Said.DONE, ZH): Text(
        "割接结束：{title}",
        "{name}，您好：\n“{title}”已于 {ended} 结束（{result}），请您确认业务正常。\n如有异常请在门户申告或致电我们。\n"
        "值班电话：{phone}\n割接编号：{number}",
        "【割接结束】“{title}”已于{ended}结束（{result}）。\n如有异常请联系我们，值班电话{phone}。\n编号{number}",
    ),
    (Said.DONE, EN): Text(
        "Planned work over: {title}",
        "Dear {name},\n“{title}” ended at {ended} ({result}). Please check that your service is well, and tell us "
        "in the portal or by phone if it is not.\nDuty desk: {phone}\nWork: {number}",
        "Planned work “{title}” ended {ended} ({result}).\nIf something is wrong call {phone}.\n{number}",
    ),
}
