"""Documents on the stage of the walk over all addresses: one that was sent to the bank, a draft, a schedule."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from mainstay.platform.documents.actions import Made, NewSchedule, mark_sent, save_schedule, store
from mainstay.service.service_levels.models import LedgerMonth

if TYPE_CHECKING:
    from tests.access.stage import Stage

MONTH = date(2020, 1, 1)
"""Long ago, so that it is nobody else's."""


def put_up(stage: "Stage") -> None:
    """Put documents of the bank, and a schedule of its manager, on the stage."""
    at, by = timezone.now(), stage.actor("wang.min")
    begin = datetime(2020, 2, 1, tzinfo=UTC)
    LedgerMonth.objects.create(month=MONTH, reckoned_to=begin, version=1, closed_at=begin, closed_by="x")
    for kind in ("service-report", "sla-report"):
        made = Made(
            kind=kind, format="pdf", language="zh-hans", title="汉江银行股份有限公司 2020年1月",
            number="FW-202001-C0001",
            file_name="FW-202001-C0001.pdf", content=f"%PDF-1.7 汉江银行 {kind}".encode(), facts_digest="x",
            customer_id=stage.world.bank.pk, region_code="4201", about_label="汉江银行", month=MONTH,
        )  # fmt: skip
        [stage.ids[f"document_{kind[:3]}"]] = [row.pk for row in store([made], at=at, by=by)]
    mark_sent([stage.ids["document_ser"]], at=at, by=by)
    stage.ids |= {"document": stage.ids["document_ser"], "document_draft": stage.ids["document_sla"]}
    bank = (stage.world.bank.pk,)
    schedule = NewSchedule("汉江银行月报", "reports.customers", ("service-report",), customer_ids=bank)
    stage.ids["schedule"] = save_schedule(schedule, at=at, by=by).pk
