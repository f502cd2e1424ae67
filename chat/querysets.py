"""The vocabulary of conversations. Every one that returns rows of a person takes that person."""

from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import User
from django.db import connection, models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Now

from documents.models import Right
from localchat.lib.jobs import JobQuerySet

if TYPE_CHECKING:
    from chat.models import Conversation


class SearchTerms(models.Func):
    """A text as it is searched for: stems of two languages, and every word for its beginning."""

    template = (
        "(to_tsvector('english'::regconfig, left(%(expressions)s, 100000))"
        " || to_tsvector('german'::regconfig, left(%(expressions)s, 100000))"
        " || to_tsvector('simple'::regconfig, left(%(expressions)s, 100000)))"
    )


def _present(before: str = "") -> Q:
    """What is deleted can be taken back for a while; until then nobody sees it, as afterwards."""
    ends = f"{before}expires"
    here = Q(**{f"{before}deleted": False})
    return here & (Q(**{ends: None}) | Q(**{f"{ends}__gt": Now()}))


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def present(self) -> Self:
        """Neither deleted nor past its time."""
        return self.filter(_present())

    def for_user(self, user: User) -> Self:
        return self.present().filter(owner=user)

    def kept(self) -> Self:
        """Not the temporary ones, which stand in no list."""
        return self.filter(temporary=False)

    def listed(self) -> Self:
        return self.kept().filter(archived=False)

    def undoable(self, user: User) -> Self:
        """This person's deleted ones that can still be taken back."""
        return self.filter(owner=user, deleted=True, expires__gt=Now())

    def keep_model(self, conversation: "Conversation", name: str) -> None:
        """From now on, unless it has got one since."""
        mine = self.filter(pk=conversation.pk, owner=conversation.owner_id, model="")
        mine.update(model=name)

    def expired(self) -> Self:
        """Everybody's: only for who clears away."""
        return self.filter(expires__lte=Now())


class MessageQuerySet(JobQuerySet["Message"]):
    def for_user(self, user: User) -> Self:
        return self.filter(_present("conversation__"), owner=user)

    def answers(self) -> Self:
        return self.filter(role="assistant")

    def next_numbers(self, count: int) -> list[int]:
        """Of rows to come, rising: so that rows that point to each other are stored together."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [self.model._meta.db_table, count],
            )
            return sorted(number for (number,) in cursor.fetchall())

    def take_up(self, pk: int, text: str) -> bool:
        """Claim an answer that has ended, to write on from this text; False if it is being written.

        Whoever takes it over after this one begins from the same text.
        """
        ended = self.answers().filter(pk=pk).exclude(status="writing")
        taken = ended.update(
            status="writing",
            attempt=F("attempt") + 1,
            heartbeat=Now(),
            begun=text,
            text=text,
            cursor="0-0",
            reason="",
            error="",
            problem="",
            stopping=False,
            finished=None,
        )
        return taken > 0


def forget(collector: Any, field: Any, sources: Any, using: str) -> None:
    """on_delete: the number stays in the answer, what stood behind it goes with the document."""
    collector.add_field_update(field, None, sources)
    for name in ("text", "filename", "heading", "hash", "support"):
        collector.add_field_update(field.model._meta.get_field(name), "", sources)


class SourceQuerySet(models.QuerySet["Source"]):
    def for_user(self, user: User) -> Self:
        return self.filter(_present("message__conversation__"), message__owner=user)

    def with_rights(self) -> Self:
        """`withdrawn`: whose document the asker may not read any more."""
        held = Right.objects.filter(
            collection=OuterRef("document__collection"), person=OuterRef("message__owner")
        )
        lost = Q(document__isnull=False) & ~Exists(held)
        return self.annotate(withdrawn=ExpressionWrapper(lost, models.BooleanField()))


class SourceManager(models.Manager["Source"].from_queryset(SourceQuerySet)):  # type: ignore[misc]
    """Looks at the rights with every row that is read, by whatever road."""

    def get_queryset(self) -> SourceQuerySet:
        found: SourceQuerySet = super().get_queryset()
        return found.with_rights()


class ProvenanceQuerySet(models.QuerySet["Provenance"]):
    def for_user(self, user: User) -> Self:
        return self.filter(_present("message__conversation__"), message__owner=user)
