"""The front desk for what is to be read another way, or by a reader that knows more."""

from django.db import transaction

from documents import readers
from documents.desk import cancelling, uploading
from documents.models import Content, Document
from documents.models.querysets import DocumentQuerySet
from documents.pages import page_states
from documents.pages.recognised import Recognised
from documents.readers.pictures import ocr
from localchat.lib.errors import BadRequest, Conflict, NotFound
from localchat.lib.sentences import Sentence

HOW = ("text", "ocr")


@transaction.atomic
def read_older(documents: DocumentQuerySet) -> list[int]:
    """Read again those of these documents that an older reader has read; which ones they are.

    What can be found stays as it is until that is done.
    """
    older = documents.filter(
        status=Document.Status.READY, current__content__reader__lt=readers.VERSION
    )
    found = older.select_for_update(of=("self",)).values_list("pk", "current__content")
    contents = {pk: content for pk, content in found if content is not None}
    Content.objects.filter(pk__in=contents.values()).update(indexed=None)
    cancelling.begin_anew(sorted(contents))
    return sorted(contents)


@transaction.atomic
def read_again(document: Document, page: int, how: str) -> None:
    """Take the 1-based page's text from the file (`text`) or from its picture (`ocr`) from now on.

    What can be found stays as it is until that is done. Raises NotFound, Conflict, BadRequest.
    """
    if how not in HOW:
        raise BadRequest(Sentence("A page is read from its text or from its picture."))
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    version = document.newest
    if document.is_live or version is None:
        raise Conflict(Sentence("This document is being read at the moment."))
    content = Content.objects.select_for_update().get(pk=version.content_id)
    if not page_states.can_be_drawn(content):
        raise BadRequest(
            Sentence("Only pages of PDF files and pictures can be read in more than one way.")
        )
    if not 1 <= page <= (content.pages or 0):
        raise NotFound(Sentence("This document has no page of that number."))
    if how == "ocr" and not ocr.installed():
        raise Conflict(Sentence("There is nothing to read it with. %(hint)s", hint=ocr.HINT))
    content.wishes[str(page)] = how
    content.indexed = None
    content.save(update_fields=["wishes", "indexed"])
    if how == "ocr":
        Recognised(content.stored).drop(page)
    uploading.read_anew(document)
