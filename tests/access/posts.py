"""Everything that can be posted: to which address, by whom it may be, with what, and what must be there before.

The same table serves two tests: outsiders post the very same and change nothing; who may, does, and leaves an entry in
the audit trail. An address that takes posts and is not here fails.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from mainstay.accounts.catalog.actions import profiles
from mainstay.accounts.catalog.terms import Terms
from mainstay.platform.imports import actions as imports
from mainstay.platform.imports import running
from mainstay.service.tickets.actions import pausing, settling
from mainstay.service.tickets.actions.opening import Report, report_fault
from mainstay.service.tickets.choices import TicketStatus
from mainstay.service.tickets.models import Pause, Ticket
from tests.access import (
    agreements,
    archive_posts,
    billed_posts,
    document_posts,
    folio_posts,
    offered_posts,
    owed_posts,
    performance_posts,
    reporting,
    sync_posts,
    tiered_posts,
)
from tests.access.channel_posts import CHANNEL_POSTS
from tests.access.clock_posts import CLOCKS
from tests.access.outage_posts import OUTAGE
from tests.access.post import Data, Post, nothing
from tests.access.stage import STORM_RULE, Stage, restore
from tests.access.work_posts import WORKS
from tests.cast import PASSWORD


def local(hours: float) -> str:
    """Return the instant so many hours from now as the browser's picker sends it."""
    return f"{timezone.localtime() + timedelta(hours=hours):%Y-%m-%dT%H:%M}"


def resolved(stage: Stage) -> None:
    """Let the network come back and the bank's ticket be resolved."""
    restore(stage)
    if Ticket.objects.get(pk=stage.ids["ticket"]).status != TicketStatus.RESOLVED:
        found = settling.Resolution("cable_cut", "operator")
        settling.resolve(stage.ids["ticket"], found, at=timezone.now(), by=stage.actor("li.qiang"))


def paused(stage: Stage, reason: str = "access_denied") -> None:
    """Pause the bank's ticket."""
    asked = pausing.PauseRequest(reason, "周颖不让进机房，08:15 来电")
    pausing.pause(stage.ids["ticket"], asked, at=timezone.now(), by=stage.actor("li.qiang"))


def pause_asked(stage: Stage) -> None:
    """Ask for a pause that a second person must approve."""
    paused(stage, "customer_fault")


def second_profile(stage: Stage) -> None:
    """Make a profile that is not in force."""
    made = profiles.create_profile("S9", "另一套", "", at=timezone.now(), by=stage.actor("admin"))
    terms = Terms("restoration", Decimal(60), "natural_minutes", "24x7", date(2026, 1, 1))
    profiles.add_terms(made.pk, [profiles.NewTerm(terms, grade="AAA")], at=timezone.now(), by=stage.actor("admin"))
    stage.ids["other_profile"] = made.pk


def off_its_line(stage: Stage) -> None:
    """Let the branch's circuit run under no contract."""
    type(stage.world.branch_circuit).objects.filter(pk=stage.world.branch_circuit.pk).update(contract_line=None)


def _pause(stage: Stage) -> Data:
    row = Pause.objects.filter(ticket=stage.ids["ticket"]).last()
    return {"pause": row.pk if row else 1, "why": "证据不足"}


def _other(stage: Stage) -> Data:
    return {"ticket": f"T-{stage.ids.get('second', stage.tickets['branch'].pk)}"}


def second_ticket(stage: Stage) -> None:
    """Let the bank have a second ticket, which repeats the first."""
    report = Report("账单咨询", "phone", customer_id=stage.ids["customer"], kind="consultation")
    stage.ids["second"] = report_fault(report, at=timezone.now(), by=stage.actor("li.qiang")).ticket.pk


def _customer(stage: Stage) -> Data:
    bank = type(stage.world.bank).objects.get(pk=stage.ids["customer"])
    fields = ("revision", "name", "short_name", "kind", "region_id", "industry_id", "service_grade", "address", "phone")
    return {**{name: getattr(bank, name) for name in fields}, "grade_reason": "年收入第三", "why": "年度复核"}


def _file(stage: Stage) -> Data:
    return {"kind": "customers", "file": SimpleUploadedFile("x.csv", b"code,phone\nC0001,1\n")}


def imported(stage: Stage) -> None:
    """Let the manager's file be taken over."""
    imports.ask_for_run(stage.ids["import"], mode="good-rows", at=timezone.now(), by=stage.actor("wang.min"))
    while running.advance(stage.ids["import"], at=timezone.now()):
        pass


COLUMNS = {"column-0": "code", "column-1": "name", "column-2": "phone"}
IMPORT = {"pk": "import"}
PERSON = {"name": "孙工", "role": "technical", "phone": "13800000009", "language": "zh-hans"}
NEW_CUSTOMER = {"code": "C0100", "name": "江城银行武昌支行", "region_id": "4201", "service_grade": "gold"}
CONTRACT = {
    "customer": "C0001", "number": "HT-2027-0001", "name": "组网协议", "signed_on": "2026-12-01",
    "starts_on": "2027-01-01", "line_count": "1", "line0-product": "leased-line", "line0-grade": "AAA",
    "line0-price": "8800",
}  # fmt: skip
AGREED = {
    "metric": "restoration", "amount": "30", "unit": "natural_minutes", "calendar": "24x7", "valid_from": "2027-01-01",
}  # fmt: skip
SOURCE = {"name": "传输网管", "silence_after_s": "600", "quiet_s": "0", "skew_tolerance_s": "900", "flap_count": "4",
          "flap_window_s": "120", "flap_hold_s": "120"}  # fmt: skip
RULE = {"alarm_type": "LOS", "resource_kind": "port", "effect": "2", "note": "厂家手册"}
TICKET = {"pk": "ticket"}


def verb(name: str, action: str, send: Any = None, *, by: str = "li.qiang", before: Any = nothing) -> Post:
    """Return the post of a ticket's verb."""
    return Post("web:ticket-do", by, action, send or {}, {"pk": "ticket", "verb": name}, before=before)


POSTS = (
    *OUTAGE,
    *WORKS,
    *CLOCKS,
    Post("portal:ticket-note", "zhou.ying", "ticket.note", {"text": "机房已断电重启"}, TICKET),
    Post("portal:ticket-confirm", "zhou.ying", "ticket.confirm", {}, TICKET, before=resolved),
    Post("portal:ticket-reopen", "zhou.ying", "ticket.reopen", {"why": "仍不通"}, TICKET, before=resolved),
    Post("portal:report", "zhou.ying", "ticket.report", lambda s: {"subject": s.ids["circuit"], "text": "全断"}),
    Post(
        "portal:report",
        "zhou.ying",
        "ticket.report",
        lambda s: {"subject": f"customer:{s.ids['customer']}", "text": "全断"},
    ),
    Post(
        "web:password",
        "admin",
        "user.password",
        {"old": PASSWORD, "new": "a-new-word-2026", "again": "a-new-word-2026"},
    ),
    Post("web:customer-edit", "wang.min", "customer.update", _customer, {"pk": "customer"}),
    Post(
        "web:customer-hand-over",
        "wang.min",
        "customer.hand_over",
        {"to": "liu.fang", "why": "分工"},
        {"pk": "customer"},
    ),
    Post("web:customer-new", "wang.min", "customer.create", {**NEW_CUSTOMER, "parent": "C0001"}, query="?as=member"),
    Post("web:contract-new", "wang.min", "contract.register", CONTRACT),
    Post("web:contract-term-new", "wang.min", "contract.terms", {**AGREED, "place": "line1"}, {"pk": "contract"}),
    Post(
        "web:contract-circuits",
        "wang.min",
        "circuit.agreement",
        lambda s: {"line": "1", "circuits": s.world.branch_circuit.number},
        {"pk": "contract"},
        before=off_its_line,
    ),
    Post("web:contract-end", "wang.min", "contract.end", {"on": "2030-01-01", "why": "不再续签"}, {"pk": "contract"}),
    Post("web:customer-term-new", "wang.min", "customer.terms", AGREED, {"pk": "customer"}),
    Post("web:special-term-end", "wang.min", "customer.term_end", {"on": "2030-01-01"}, {"pk": "special_term"}),
    Post("web:circuit-term-new", "wang.min", "circuit.term", {**AGREED, "why": "重保"}, {"pk": "circuit"}),
    Post("web:circuit-term-end", "wang.min", "circuit.term_end", {"on": "2030-01-01"}, {"pk": "circuit_term"}),
    Post("web:contact-new", "wang.min", "contact.add", PERSON, {"pk": "customer"}),
    Post("web:contact", "wang.min", "contact.change", PERSON, {"pk": "contact"}),
    Post("web:contact-left", "wang.min", "contact.leave", {}, {"pk": "contact"}),
    Post(
        "web:ticket-report",
        "li.qiang",
        "ticket.report",
        lambda s: {"circuit_id": s.ids["circuit"], "text": "全断", "origin": "phone", "kind": "fault"},
        query="?customer={customer}",
    ),
    verb("claim", "ticket.claim"),
    verb("note", "ticket.note", {"text": "到达现场"}),
    verb("call", "ticket.call", {"inbound": "1", "text": "周颖来电"}),
    verb("tell_customer", "ticket.tell", {"text": "正在熔接"}),
    verb("promise_update", "ticket.next_update", lambda s: {"next_update_at": local(1)}),
    verb("assign", "ticket.assign", lambda s: {"user_id": s.ids["user"]}),
    verb("pause", "ticket.pause", {"reason": "access_denied", "evidence": "周颖不让进机房，08:15 来电"}),
    verb("resume", "ticket.resume", {"text": "可以进了"}, before=paused),
    verb("approve_pause", "ticket.pause_approved", _pause, by="zhao.lei", before=pause_asked),
    verb("refuse_pause", "ticket.pause_refused", _pause, by="zhao.lei", before=pause_asked),
    verb("change_promise", "ticket.regrade", {"why": "合同已改"}, by="zhao.lei"),
    Post(
        "web:ticket-do",
        "li.qiang",
        "ticket.resolve",
        {"cause_code": "no_fault_found", "responsibility": "customer"},
        {"pk": "second", "verb": "resolve"},
        before=second_ticket,
    ),
    verb("confirm", "ticket.confirm", {"text": "周颖电话确认"}, before=resolved),
    verb("close", "ticket.close", {}, before=resolved),
    verb("reopen", "ticket.reopen", {"why": "又断"}, before=resolved),
    verb("link", "ticket.link", _other),
    verb("mark_duplicate", "ticket.duplicate", _other, before=second_ticket),
    verb(
        "decide_responsibility",
        "ticket.responsibility",
        {"responsibility": "operator", "why": "自有光缆", "cause_code": "power"},
    ),
    Post("web:incident-claim", "li.qiang", "incident.claim", {}, {"pk": "incident"}),
    Post(
        "web:incident-promise",
        "li.qiang",
        "incident.promise",
        lambda s: {"eta_at": local(2), "next_update_at": local(1)},
        {"pk": "incident"},
    ),
    Post(
        "web:incident-not-affected",
        "li.qiang",
        "impact.not_affected",
        lambda s: {"circuits": [s.ids["circuit"]], "why": "客户确认在用"},
        {"pk": "incident"},
    ),
    Post("web:incident-close", "li.qiang", "incident.close", {"why": "已恢复"}, {"pk": "incident"}, before=restore),
    Post("web:wall-claim", "li.qiang", "incident.claim", query="?hit=1"),
    Post("web:settings-storm", "admin", "storm_rule.change", STORM_RULE),
    Post("web:alarms-acknowledge", "li.qiang", "alarm.acknowledge", lambda s: {"alarms": [s.ids["alarm"]]}),
    Post(
        "web:quarantine-decide",
        "li.qiang",
        "quarantine.decide",
        {"verb": "place", "code": "device-A"},
        {"pk": "quarantine"},
    ),
    Post(
        "web:quarantine-decide",
        "li.qiang",
        "quarantine.decide",
        {"verb": "ignore", "why": "测试网管"},
        {"pk": "quarantine"},
    ),
    Post(
        "web:work-new",
        "li.qiang",
        "work.plan",
        lambda s: {
            "number": "GJ-2",
            "title": "换板",
            "from_at": local(30),
            "to_at": local(32),
            "resources": "cable-AB",
        },
    ),
    *(Post(**given) for given in reporting.POSTS),
    *(Post(**given) for given in agreements.POSTS),
    Post("web:shift-log", "li.qiang", "desk.note", lambda s: {"desk": s.ids["desk"], "text": "注意 AB 段"}),
    Post("web:shift-log-take-over", "li.qiang", "desk.take_over", {}, {"pk": "desk"}),
    Post(
        "web:settings-shift-new",
        "admin",
        "shift.plan",
        lambda s: {
            "desk": s.ids["desk"],
            "user": s.ids["user"],
            "level": 1,
            "from_at": local(24),
            "to_at": local(32),
            "weeks": 1,
        },
    ),
    Post("web:settings-shift-end", "admin", "shift.end", {}, {"pk": "shift"}),
    Post(
        "web:settings-desk-new", "admin", "desk.create", {"code": "wuhan", "name": "武汉值班台", "region_code": "4201"}
    ),
    Post("web:settings-profile-new", "admin", "profile.create", {"code": "S8", "name": "又一套"}),
    Post(
        "web:settings-profile-activate", "admin", "profile.activate", {}, {"pk": "other_profile"}, before=second_profile
    ),
    Post(
        "web:settings-term-new",
        "admin",
        "term.add",
        {
            "metric": "response",
            "grade": "AAA",
            "amount": "10",
            "unit": "natural_minutes",
            "calendar": "24x7",
            "valid_from": "2027-01-01",
        },
        {"pk": "profile"},
    ),
    Post(
        "web:settings-term",
        "admin",
        "term.revise",
        {"amount": "50", "unit": "natural_minutes", "calendar": "24x7", "valid_from": "2027-01-01"},
        {"pk": "term"},
    ),
    Post("web:settings-term-end", "admin", "term.end", {"on": "2027-01-01"}, {"pk": "term"}),
    Post(
        "web:settings-calendar-new",
        "admin",
        "calendar.create",
        {"code": "late", "name": "晚班", "time_zone": "Asia/Shanghai", "day0": "18:00-22:00"},
    ),
    Post("web:settings-calendar", "admin", "calendar.hours", {"day0": "08:00-12:00"}, {"pk": "calendar"}),
    Post(
        "web:settings-calendar-import",
        "admin",
        "calendar.import",
        {"year": 2027, "source": "国办发明电", "table": "2027-01-01,holiday,元旦"},
    ),
    Post(
        "web:settings-user-new",
        "admin",
        "user.create",
        {
            "username": "new.one",
            "display_name": "新人",
            "duty": "technician",
            "region": "42",
            "password": "a-new-word-2026",
        },
    ),
    Post("web:settings-user", "admin", "user.duties", {"duty0": "technician", "region0": "4201"}, {"pk": "user"}),
    Post("web:settings-source-new", "admin", "source.save", {**SOURCE, "code": "otn"}),
    Post("web:settings-source", "admin", "source.save", SOURCE, {"pk": "source"}),
    Post("web:settings-effect-new", "admin", "source.rule_add", RULE),
    Post("web:settings-effect", "admin", "source.rule_change", RULE, {"pk": "rule"}),
    Post("web:settings-effect-remove", "admin", "source.rule_remove", {}, {"pk": "rule"}),
    *CHANNEL_POSTS,
    Post("web:settings-user-active", "admin", "user.", {"active": "0"}, {"pk": "user"}),
    *folio_posts.POSTS,
    *sync_posts.POSTS,
    *document_posts.POSTS,
    *owed_posts.POSTS,
    *billed_posts.POSTS,
    *tiered_posts.POSTS,
    *archive_posts.POSTS,
    *offered_posts.POSTS,
    *performance_posts.POSTS,
    Post("web:import-new", "wang.min", "import.take_in", _file),
    Post("web:import-columns", "wang.min", "import.columns", COLUMNS, IMPORT),
    Post("web:import-start", "wang.min", "import.start", {"mode": "good-rows"}, IMPORT),
    Post("web:import-undo", "wang.min", "import.undo", {}, IMPORT, before=imported),
    Post("web:import-discard", "wang.min", "import.discard", {}, IMPORT),
)

NOT_AUDITED = {
    "set_language": "a matter of taste",
    "web:sign-in": "the lock-out keeps the attempts",
    "web:sign-out": "changes nothing here",
    "web:inbox-read": "one's own mail",
    "web:find-opened": "what one opens often",
    "portal:notices-read": "one's own mail",
    "tmf-api:create_alarm": "a report is its own record",
    "api:create_alarms": "a report is its own record",
    "api:create_samples": "a sample is its own record",
    "api:create_bills": "by token only; see tests/faces/api/test_revenue.py",
    "api:create_payments": "by token only",
    "api:create_usage": "by token only",
    "api:create_totals": "by token only",
    "api-promises:read_promises": "reads",
    "api-promises:ask_promises": "reads",
    "api:create_figures": "figures are their own record",
    "receipts": "a gateway's report; the delivery is its own record",
    # pages whose view reads a form only to show it
    "web:find": "reads",
    "web:work-look": "reads",
    "web:price": "reads",
}
