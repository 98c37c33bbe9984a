"""What can be posted about compensation: deciding, taking back, entering by hand, billing, clauses."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from mainstay.service.compensation.actions import deciding
from tests.access.post import Data, Post
from tests.access.stage import Stage

SET = {
    "name": "汉江银行赔偿条款", "valid_from": "2026-10-01", "combining": "highest", "rounding": "half_up",
    "clause0-kind": "availability", "clause0-name": "可用率", "clause0-steps": "99.9 5", "clause0-unit": "percent",
}  # fmt: skip


def granted(stage: Stage) -> None:
    """Grant the open one."""
    deciding.approve(stage.ids["open_claim"], at=timezone.now(), by=stage.actor("zhao.lei"))


def _answer(stage: Stage) -> Data:
    run, claim = f"BR-{stage.ids['billing_run']:06d}", f"CP-{stage.ids['granted_claim']:06d}"
    text = f"H,MAINSTAY-COMPENSATION-ANSWER,1,{run}\nD,{claim},accepted\nT,{run},1\n"
    return {"file": SimpleUploadedFile("answer.csv", text.encode())}


OPEN, CLAUSES = {"pk": "open_claim"}, {"pk": "clauses"}
NEW = {"circuit": "WH-HS-E1-0001", "month": "2026-09", "amount": "123.45", "why": "协商"}
POSTS = (
    Post("web:compensation-approve", "zhao.lei", "compensation.approve", {}, OPEN),
    Post("web:compensation-reject", "zhao.lei", "compensation.reject", {"reject-why": "已另行补偿"}, OPEN),
    Post("web:compensation-reverse", "wang.min", "compensation.propose", {"reverse-why": "重复"}, OPEN, before=granted),
    Post("web:compensation-new", "wang.min", "compensation.propose", NEW, {"customer": "customer"}),
    Post("web:billing-export", "zhao.lei", "billing.export", before=granted),
    Post("web:billing-run", "zhao.lei", "billing.answer", _answer, {"pk": "billing_run"}),
    Post("web:settings-clause-new", "admin", "clauses.add", SET),
    Post("web:settings-clause-revise", "wang.min", "clauses.revise", SET, CLAUSES),
    Post("web:settings-clause-end", "wang.min", "clauses.end", {"on": "2026-10-01"}, CLAUSES),
)
