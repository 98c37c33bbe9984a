"""Where gateways report what arrived: JSON or a form, one receipt or a list, by the sender's own token (K8)."""

from typing import Any

import orjson
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from mainstay.domain.errors import NotAllowed
from mainstay.faces.api.door import error_body
from mainstay.platform.messages import queries
from mainstay.platform.messages.actions.steering import Receipt, may_report, take_receipts
from mainstay.platform.messages.drivers.gateway import at_path

LARGEST = 1 << 20
MOST = 1000


@csrf_exempt
@require_POST
def receipts(request: HttpRequest, pk: int) -> JsonResponse:
    """Take receipts for a sender. 200 with how many are known; 401 without its token; 404 when none is known.

    Many gateways report again what is not answered 2xx: so a receipt that came before its message's result is not lost.
    """
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip() or request.GET.get("token", "")
    if not may_report(pk, token):
        return _refused(401, "unauthenticated", gettext("Send the sender's own token; see Settings › Channels."))
    if len(request.body) > LARGEST:
        return _refused(413, "too large", gettext("Report at most 1 MB at a time."))
    options = queries.sender(pk).options
    said = _said(request)
    rows = at_path(said, str(options.get("receipt_list") or "")) if said is not None else None
    given = [row for row in (rows if isinstance(rows, list) else [rows])[:MOST] if isinstance(row, dict)]
    if not given:
        return _refused(400, "malformed", gettext("The body holds no receipt: send a JSON object, a list or a form."))
    try:
        known = take_receipts(pk, token, [_receipt(row, options) for row in given], at=timezone.now())
    except NotAllowed as error:
        return _refused(401, "unauthenticated", error.explain(gettext))
    return JsonResponse({"known": known}, status=200 if known else 404)


def _said(request: HttpRequest) -> Any:
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return request.POST.dict()
    try:
        return orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return None


def _receipt(row: dict[str, Any], options: dict[str, Any]) -> Receipt:
    status = str(at_path(row, str(options.get("receipt_status") or "status")))
    good = {word.strip().casefold() for word in str(options.get("receipt_ok") or "delivered,DELIVRD,0").split(",")}
    reference = at_path(row, str(options.get("receipt_reference") or "reference"))
    delivered = status.casefold() in good
    return Receipt(str(reference or ""), delivered, "" if delivered else status)


def _refused(status: int, code: str, why: str) -> JsonResponse:
    return JsonResponse(error_body(status, code, why), status=status)
