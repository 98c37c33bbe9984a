"""Is the process alive, and is everything ready? (P3)"""

from datetime import datetime

from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from mainstay.faces.ui.checks import BUILD
from mainstay.network.alarms.queries import room
from mainstay.platform.timers import queries as timers

LATE_S = 30


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer while the process lives."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when everything is there, else 503 with what is missing and what to do."""
    missing = missing_parts(timezone.now())
    return JsonResponse({"ready": not missing, "missing": missing}, status=503 if missing else 200)


def missing_parts(at: datetime) -> list[dict[str, str]]:
    """List what is missing: database, migrations, assets; and workers that are behind."""
    try:
        connection.ensure_connection()
        pending = MigrationExecutor(connection).migration_plan(_leaves())
    except OperationalError as error:
        return [{"what": "database", "found": str(error), "remedy": "check MAINSTAY_DATABASE_URL and the server"}]
    if pending:
        return [{"what": "migrations", "found": f"{len(pending)} to run", "remedy": "run `mainstay migrate`"}]
    missing = []
    if not BUILD.is_file():
        missing.append({"what": "assets", "found": "not built", "remedy": "run `make assets`"})
    if (waiting := room.oldest_waiting_s(at=at)) > LATE_S:
        found = f"oldest report waits {waiting} s"
        missing.append({"what": "impact worker", "found": found, "remedy": "start `mainstay worker`"})
    if (late := timers.overdue_s(at)) > LATE_S:
        found = f"oldest timer is {late} s late"
        missing.append({"what": "timer sweeper", "found": found, "remedy": "start `mainstay sweeper`"})
    return missing


def _leaves() -> list[tuple[str, str]]:
    leaves: list[tuple[str, str]] = MigrationExecutor(connection).loader.graph.leaf_nodes()
    return leaves
