"""Sending an original, or a picture of a page, to its owner."""

from collections.abc import AsyncIterator
from pathlib import Path

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag

from documents.files import originals
from documents.models import Content
from documents.pages.pictures import PagePicture
from localchat.lib.errors import NotFound

BLOCK = 1 << 18  # bytes
PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; sandbox"


def original(name: str, content: Content, *, inline: bool = False) -> StreamingHttpResponse:
    """The file as it came, as an attachment; a PDF also for the browser's own viewer.

    Raises NotFound when the file is gone.
    """
    path = originals.path(content.stored)
    if not path.is_file():
        raise NotFound
    shown = inline and content.kind == "pdf"
    disposition = content_disposition_header(not shown, name.rsplit("/", 1)[-1])
    return StreamingHttpResponse(
        _blocks(path),
        content_type="application/pdf" if shown else "application/octet-stream",
        headers={
            "Content-Disposition": disposition or "attachment",
            "Content-Length": str(path.stat().st_size),
            "Content-Security-Policy": PDF_POLICY,
            "X-Content-Type-Options": "nosniff",
        },
    )


def picture(request: HttpRequest, shown: PagePicture) -> HttpResponseBase:
    """A page's picture, which a browser may keep but has to ask for again each time."""
    etag = quote_etag(shown.name)
    response = HttpResponse(shown.picture.webp, content_type="image/webp")
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    return get_conditional_response(request, etag=etag, response=response) or response


async def _blocks(path: Path) -> AsyncIterator[bytes]:
    """An asynchronous server would read a FileResponse whole into memory before it sends it."""
    file = await sync_to_async(lambda: path.open("rb"))()
    try:
        while block := await sync_to_async(file.read)(BLOCK):
            yield block
    finally:
        file.close()
