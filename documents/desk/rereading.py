"""The front desk for pages that are to be read another way."""

from django.db import transaction

from documents.desk import uploading
from documents.models import Content, Document
from documents.pages import page_states
from documents.pages.recognised import Recognised
from documents.readers.pictures import ocr
from localchat.lib.errors import BadRequest, Conflict, NotFound

HOW = ("text", "ocr")


@transaction.atomic
def read_again(document: Document, page: int, how: str) -> None:
    """Take the 1-based page's text from the file (`text`) or from its picture (`ocr`) from now on.

    What can be found stays as it is until that is done. Raises NotFound, Conflict, BadRequest.
    """
    if how not in HOW:
        raise BadRequest("A page is read from its text or from its picture.")
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    version = document.newest
    if document.is_live or version is None:
        raise Conflict("This document is being read at the moment.")
    content = Content.objects.select_for_update().get(pk=version.content_id)
    if not page_states.can_be_drawn(content):
        raise BadRequest("Only pages of PDF files and pictures can be read in more than one way.")
    if not 1 <= page <= (content.pages or 0):
        raise NotFound("This document has no page of that number.")
    if how == "ocr" and not ocr.installed():
        raise Conflict(f"There is nothing to read it with. {ocr.HINT}")
    content.wishes[str(page)] = how
    content.indexed = None
    content.save(update_fields=["wishes", "indexed"])
    if how == "ocr":
        Recognised(content.stored).drop(page)
    uploading.read_anew(document)
