"""Who may do what with a collection and all that is in it: the one place that says so.

The view `documents_right` gathers owners, and whom a collection was shared with, alone or as a
group. Whatever gives out rows of collections and documents asks it, by way of `of`.
"""

import re
from typing import Self

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import models
from django.db.models import Q

from localchat.lib import within
from localchat.lib.errors import NotAllowed
from localchat.lib.sentences import Sentence

NUMBERED = re.compile(r"#(\d{1,18})")  # a collection by its number, where a name is asked for
VIEW = """
CREATE VIEW documents_right AS
SELECT id, id AS collection_id, owner_id AS person_id, 4::smallint AS role
FROM documents_collection
UNION ALL
SELECT id, collection_id, person_id, role FROM documents_grant WHERE person_id IS NOT NULL
UNION ALL
SELECT given.id, given.collection_id, member.user_id, given.role
FROM documents_grant AS given JOIN auth_user_groups AS member ON member.group_id = given.group_id
"""


class Role(models.IntegerChoices):
    """Each may do what those before it may."""

    READER = 1  # ask, search, read, open pages
    WRITER = 2  # add, replace, read again, move
    KEEPER = 3  # rename, delete, share
    OWNER = 4  # delete the collection

    @property
    def word(self) -> str:
        return self.name.lower()


GIVEN = {role.word: role for role in (Role.READER, Role.WRITER, Role.KEEPER)}
REFUSALS = {
    Role.WRITER: Sentence("You may read this collection, but not change it."),
    Role.KEEPER: Sentence("Only who keeps this collection may do that."),
    Role.OWNER: Sentence("Only the owner of this collection may do that."),
}


class Grant(models.Model):
    """A collection is shared with a person, or with a group."""

    collection = models.ForeignKey("Collection", models.CASCADE, related_name="grants")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True, related_name="+")
    role = models.PositiveSmallIntegerField(
        choices=[(role.value, role.word) for role in GIVEN.values()]
    )
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "person"], name="grant_once_per_person"),
            models.UniqueConstraint(fields=["collection", "group"], name="grant_once_per_group"),
            models.CheckConstraint(
                condition=Q(person=None, group__isnull=False) | Q(person__isnull=False, group=None),
                name="grant_to_person_or_group",
            ),
            models.CheckConstraint(condition=Q(role__in=[1, 2, 3]), name="grant_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.group}: {Role(self.role).word}"


class RightQuerySet(models.QuerySet["Right"]):
    def of(self, user: User, role: Role = Role.READER) -> Self:
        """The person's, from that role on; of who is held to some collections, to those alone."""
        found, only = self.filter(person=user, role__gte=role), within.collections(user)
        return found if only is None else found.filter(collection__in=only)

    def called(self, user: User, name: str) -> Self:
        """For what the person means: an own collection by its name, or `owner/name`, or `#12`.

        Case is not looked at.
        """
        mine, name = self.of(user), name.replace("\0", "")
        if numbered := NUMBERED.fullmatch(name):
            return mine.filter(collection=int(numbered[1]))
        own = mine.filter(collection__owner=user, collection__name__iexact=name)
        owner, _, shared = name.partition("/")
        if not shared or own.exists():
            return own
        theirs = mine.filter(collection__owner__username=owner).exclude(collection__owner=user)
        return theirs.filter(collection__name__iexact=shared)


class Right(models.Model):
    """A row of the view: a person may stand in several for one collection."""

    collection = models.ForeignKey("Collection", models.DO_NOTHING, related_name="rights")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.DO_NOTHING, related_name="+")
    role = models.PositiveSmallIntegerField(choices=Role)

    objects = RightQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "documents_right"

    def __str__(self) -> str:
        return f"{self.person_id} in {self.collection_id}: {self.role}"


def to_change(user: User) -> dict[str, set[int]]:
    """The collections in which a person may do more than read: to write in, and to keep."""
    held = Right.objects.of(user, Role.WRITER).values_list("collection", "role")
    rows = list(held)
    return {
        "writable": {pk for pk, _ in rows},
        "keepable": {pk for pk, role in rows if role >= Role.KEEPER},
    }


def require(user: User, role: Role, *collections: int) -> None:
    """Raises NotAllowed unless the person, who may read them, has that role in all of these."""
    wanted = set(collections)
    held = Right.objects.of(user, role).filter(collection__in=wanted)
    if held.values("collection").distinct().count() < len(wanted):
        raise NotAllowed(REFUSALS[role])
