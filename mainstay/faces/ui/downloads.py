"""Gives a file to a browser: to be kept, or, a PDF, to be looked at."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from mainstay.platform.documents.choices import MEDIA_TYPES, Format


def download(name: str, kind: str, content: bytes, *, inline: bool = False) -> HttpResponse:
    """Answer with a document; `inline` shows a PDF in the browser. Caches of others keep nothing."""
    answer = HttpResponse(content, content_type=MEDIA_TYPES[Format(kind)])
    shown = inline and kind == Format.PDF
    answer["Content-Disposition"] = content_disposition_header(not shown, name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer
