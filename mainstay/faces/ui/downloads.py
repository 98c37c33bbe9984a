"""Gives a file to a browser: to be kept, or, a PDF, to be looked at."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from mainstay.platform.documents.choices import MEDIA_TYPES, Format


def download(name: str, kind: str, content: bytes, *, inline: bool = False) -> HttpResponse:
    """Answer with a document; `inline` shows a PDF in the browser. Caches of others keep nothing."""
    return _answer(name, MEDIA_TYPES[Format(kind)], content, inline=inline and kind == Format.PDF)


def download_file(name: str, media_type: str, content: bytes) -> HttpResponse:
    """Answer with a file that people brought: to be kept, never shown or guessed at by the browser."""
    answer = _answer(name, media_type, content, inline=False)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _answer(name: str, media_type: str, content: bytes, *, inline: bool) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer
