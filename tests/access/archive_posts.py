"""What can be posted about the customer archive and its consulting."""

from datetime import timedelta

from django.utils import timezone

from mainstay.accounts.consulting.actions import reviews
from mainstay.accounts.consulting.models import PermissionReview
from mainstay.accounts.customers.actions import agents
from tests.access.post import Data, Post
from tests.access.stage import Stage

WHY = {"reason": "left", "why": "迁往外省"}
SITE = {"name": "二号楼", "address": "青年路 2 号", "region_id": "4201", "contact_id": "", "note": ""}
SUGGESTION = {"about": "building", "text": "请把管道分开", "made_on": "2026-09-01", "contact_id": "", "owner_id": "",
              "due_on": ""}  # fmt: skip
AGENT = {"code": "AG-2", "name": "光谷代理", "kind": "reseller", "region_id": "4201", "contact_name": "", "phone": "",
         "since_on": "", "ended_on": "", "note": ""}  # fmt: skip
RULE = {"guarded": "on", "mask": "whole", "at_once": ["manager"], "minutes": "10"}
SOURCE = {"code": "crm", "name": "CRM", "user_id": "", "active": "on", "otherwise": "fill", "rule_address": "overwrite"}
ANSWER = {"state": "done", "answer": "已照办"}
CONSULT = {"fields_wanted": ["contact.phone"], "reason": "fault", "words": ""}


def _ends(stage: Stage) -> Data:
    return {"site": str(stage.ids["site"]), "ends": str(stage.ids["circuit_end"])}


def _agent(stage: Stage) -> Data:
    return {"agent": str(stage.ids["agent"]), "on": "2026-09-01", "note": ""}


def _end(stage: Stage) -> None:
    agents.end_agency(stage.ids["agency"], on=timezone.localdate(), at=timezone.now(), by=stage.actor("wang.min"))


def _line(stage: Stage) -> Data:
    return {"line": [str(stage.ids["review_line"])], "verdict": "change", "note": "去掉领导职责"}


def _all_judged(stage: Stage) -> None:
    review = PermissionReview.objects.get(pk=stage.ids["review"])
    lines = [line.pk for line in review.lines.all()]
    reviews.judge_lines(review.pk, lines, "change", "试", at=timezone.now(), by=stage.actor("admin"))


def _none_open(stage: Stage) -> None:
    PermissionReview.objects.update(closed_at=timezone.now())


def _next_on(stage: Stage) -> Data:
    return {"next_on": f"{timezone.localdate() + timedelta(days=30)}"}


POSTS = [
    Post("web:consult", "wang.min", "consultation.grant", CONSULT, {"pk": "customer"}),
    Post("web:consultation-decide", "zhao.lei", "consultation.approve", {"answer": "grant"}, {"pk": "consultation"}),
    Post("web:consultation-withdraw", "wang.min", "consultation.withdraw", {}, {"pk": "consultation"}),
    Post("web:customer-store", "wang.min", "customer.archive", WHY, {"pk": "customer"}),
    Post("web:customer-agent", "wang.min", "customer.agent", _agent, {"pk": "customer"}, before=_end),
    Post("web:agency-end", "wang.min", "customer.agent_end", {}, {"pk": "agency"}),
    Post("web:archive-difference", "wang.min", "difference.apply", {"answer": "take"}, {"pk": "archive_difference"}),
    Post("web:site-new", "wang.min", "site.add", SITE, {"pk": "customer"}),
    Post("web:site", "wang.min", "site.change", SITE, {"pk": "site"}),
    Post("web:site-close", "wang.min", "site.close", {}, {"pk": "site"}),
    Post("web:site-ends", "wang.min", "circuit.place_end", _ends, {"pk": "customer"}),
    Post("web:suggestion-new", "wang.min", "suggestion.note", SUGGESTION, {"pk": "customer"}),
    Post("web:suggestion", "wang.min", "suggestion.answer", ANSWER, {"pk": "suggestion"}),
    Post("web:agent-new", "admin", "agent.add", AGENT),
    Post("web:agent-edit", "wang.min", "agent.change", AGENT, {"pk": "agent"}),
    Post("web:settings-sensitive-field", "admin", "sensitive_field.set", RULE, {"key": "contact-phone"}),
    Post("web:settings-access-review-begin", "admin", "access_review.begin", {}, before=_none_open),
    Post("web:settings-access-review-judge", "admin", "access_review.judge", _line, {"pk": "review"}),
    Post("web:settings-access-review-close", "admin", "access_review.close", _next_on, {"pk": "review"},
         before=_all_judged),
    Post("web:settings-customer-source-new", "admin", "archive_source.save", SOURCE),
    Post("web:settings-customer-source", "admin", "archive_source.save", SOURCE, {"pk": "customer_source"}),
]  # fmt: skip
