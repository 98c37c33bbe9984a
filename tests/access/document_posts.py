"""What can be posted about documents: sent, made in runs, put on schedule."""

from tests.access.post import Data, Post

RUN: Data = {
    "month": "2020-01", "subject": "reports.customers", "customers": "C0001", "reports": ["service-report"],
    "languages": ["zh-hans"], "formats": ["pdf"], "audience": "nobody",
}  # fmt: skip
SCHEDULE: Data = {
    "name": "月报", "kind": "reports.customers", "templates": ["sla-report"], "languages": ["en"], "formats": ["xlsx"],
    "cadence": "monthly", "day": "5", "hour": "7", "customer_ids": "C0001", "audience": "nobody",
}  # fmt: skip
POSTS = (
    Post("web:document-send", "wang.min", "document.send", {"audience": "nobody"}, {"pk": "document_draft"}),
    Post("web:document-run-new", "wang.min", "job.ask", RUN),
    Post("web:document-schedule-new", "wang.min", "schedule.save", SCHEDULE),
    Post("web:document-schedule", "wang.min", "schedule.save", SCHEDULE, {"pk": "schedule"}),
    Post("web:document-schedule-stop", "wang.min", "schedule.stop", {}, {"pk": "schedule"}),
)
