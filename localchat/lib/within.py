"""Some of a person's collections, to which whoever acts for them is held.

It goes with the person's object, not with the row: `for_user` asks for it wherever it gives out
documents, and whoever hands work on hands it on as a list of documents.
"""

from collections.abc import Sequence

from django.contrib.auth.models import User

_NAME = "localchat_within"


def limit(user: User, collections: Sequence[int] | None) -> None:
    """Hold this object to the collections of these ids; None: to all, which is usual."""
    setattr(user, _NAME, collections)


def collections(user: User) -> Sequence[int] | None:
    """Ids; None: all."""
    found: Sequence[int] | None = getattr(user, _NAME, None)
    return found
