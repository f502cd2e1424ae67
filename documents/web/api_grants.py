"""With whom a collection is shared, over HTTP."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from documents.desk import sharing
from documents.models import Grant, Role
from documents.web import mine
from documents.web.schemas import Ok
from localchat.lib.api import person

router = Router(tags=["Collections"])


class GrantIn(Schema):
    person: str = Field("", max_length=200, description="A user name, or else")
    group: str = Field("", max_length=200, description="the name of a group")
    role: str = Field(
        "",
        max_length=20,
        description="reader, writer or keeper; unset: the usual one of this server",
    )


class GrantOut(Schema):
    id: int
    person: str
    group: str
    role: str
    created: str


@router.get("/{int:collection_id}/grants", response=list[GrantOut])
def grants(request: HttpRequest, collection_id: int) -> list[dict[str, Any]]:
    """Its keepers see with whom it is shared."""
    found = mine.collection(request, collection_id, Role.KEEPER)
    return [_grant_as_json(row) for row in found.grants.select_related("person", "group")]


@router.post("/{int:collection_id}/grants", response={201: GrantOut})
def share(request: HttpRequest, collection_id: int, body: GrantIn) -> Status[dict[str, Any]]:
    """Share it with a person or a group, or in another role than before."""
    found = mine.collection(request, collection_id, Role.KEEPER)
    role = body.role or settings.SHARING_ROLE
    given = sharing.share(found, person=body.person, group=body.group, role=role)
    return Status(201, _grant_as_json(given))


@router.delete("/{int:collection_id}/grants/{int:grant_id}", response=Ok)
def revoke(request: HttpRequest, collection_id: int, grant_id: int) -> dict[str, bool]:
    """Take it back: what they follow ends within two seconds."""
    sharing.revoke(mine.collection(request, collection_id, Role.KEEPER), grant_id)
    return {"success": True}


@router.post("/{int:collection_id}/leave", response=Ok)
def leave(request: HttpRequest, collection_id: int) -> dict[str, bool]:
    """Have it no longer shared with oneself."""
    sharing.leave(mine.collection(request, collection_id), person(request))
    return {"success": True}


def _grant_as_json(row: Grant) -> dict[str, Any]:
    return {
        "id": row.pk,
        "person": row.person.get_username() if row.person else "",
        "group": row.group.name if row.group else "",
        "role": Role(row.role).word,
        "created": row.created.isoformat(),
    }
