"""What may be asked by who is held to some of a person's collections, as an API key can be."""

from django.contrib.auth.models import User

from chat.question import kept_manner
from chat.question_parsing import Place, Wish
from documents.models import Document
from localchat.lib import within
from localchat.lib.errors import NotAllowed
from localchat.lib.sentences import Sentence

END = Place()


def narrowed(user: User, wish: Wish, conversation: int | None, place: Place) -> Wish:
    """The wish with just the documents to which the person is held.

    Whoever answers does not know of that any more. An earlier conversation may tell of other
    documents, and so do notes and assistants. Raises NotAllowed.
    """
    if within.collections(user) is None:
        return wish
    if conversation is not None or place != END:
        raise NotAllowed(
            Sentence("An API key for some collections asks in conversations of its own.")
        )
    documents = wish.documents
    if wish.collections:
        documents = kept_manner.scope_of(user, wish.collections, documents or [])[1] or []
    permitted = Document.objects.permitted
    return wish._replace(
        documents=list(permitted(user, documents) or []),
        collections=None,
        assistant=None,
        without_notes=True,
        pictures=None,
        wait_for=wish.wait_for and list(permitted(user, wish.wait_for) or []),
    )
