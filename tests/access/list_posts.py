"""What can be posted about lists: things done to many rows, jobs, saved views."""

from django.utils import timezone

from mainstay.platform.jobs import running
from mainstay.platform.jobs.models import Job
from tests.access.post import Post
from tests.access.stage import Stage

JOB, VIEW, TICKETS = {"pk": "job"}, {"pk": "view"}, {"name": "tickets"}
NOTE = {"kind": "ticket.note", "text": "已联系", "sure": "1"}


def refused(stage: Stage) -> None:
    """Let the manager's job run, and be refused."""
    Job.objects.filter(pk=stage.ids["job"]).update(kind="ticket.close", arguments={"text": ""})
    while running.advance(stage.ids["job"], at=timezone.now()):
        pass


LIST_POSTS = [
    Post("web:list-many", "wang.min", "job.ask", lambda s: NOTE | {"row": s.ids["ticket"], "count": "1"}, TICKETS),
    Post("web:job-cancel", "wang.min", "job.cancel", {}, JOB),
    Post("web:job-retry", "wang.min", "job.ask", {}, JOB, before=refused),
    Post("web:view-save", "wang.min", "view.save", {"name": "我的电路", "query": "state=down"}, {"name": "circuits"}),
    Post(
        "web:view-change", "wang.min", "view.change", {"name": "金牌客户", "audience": "me", "page": "customers"}, VIEW
    ),
    Post("web:target-group-new", "wang.min", "target_group.lock", {"name": "金牌回访"}, query="?q=汉江"),
    Post("web:target-group-retire", "wang.min", "target_group.retire", {"why": "活动结束"}, {"pk": "target_group"}),
    Post("web:view-change", "wang.min", "view.delete", {"verb": "delete"}, VIEW),
]
