"""SCIM 2.0 (RFC 7644) at /scim/v2/: an identity provider makes, changes and locks accounts."""

import json
import logging
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError
from pydantic import ValidationError
from scim2_models import (
    Context,
    Error,
    InvalidSyntaxException,
    ListResponse,
    NotFoundException,
    NotImplementedException,
    PatchOp,
    ResourceType,
    Schema,
    SCIMException,
    UnauthorizedException,
)

from localchat.accounts.scim import finding, groups, people, resources
from localchat.lib.api import handle_errors
from localchat.lib.errors import LocalChatError, NotAllowed

logger = logging.getLogger(__name__)
TYPE = "application/scim+json"
CHANGES = ["POST", "PUT", "PATCH", "DELETE"]
OF_PERSON, OF_GROUP = PatchOp[resources.User], PatchOp[resources.Group]
TYPES, SCHEMAS = ListResponse[ResourceType], ListResponse[Schema]
WITHOUT = {".search", "Bulk", "Me"}


def by_key(request: HttpRequest) -> User | None:
    """Nobody is here by being logged in: a key of a superuser's is needed, with its scope."""
    if getattr(request, "api_key", None) is None:
        return None
    user = request.user
    if not isinstance(user, User) or not user.is_superuser:
        raise NotAllowed
    return user


api = NinjaAPI(
    title="LocalChat by SCIM",
    version="2",
    urls_namespace="scim",
    docs_url=None,
    openapi_url=None,
    auth=by_key,
)
handle_errors(api)


@api.exception_handler(SCIMException)
def refused(request: HttpRequest, error: SCIMException) -> HttpResponse:
    return _failure(error.to_error())


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _failure(Error.from_validation_errors(error)[0])


@api.exception_handler(LocalChatError)
def failed(request: HttpRequest, error: LocalChatError) -> HttpResponse:
    return _failure(Error(status=error.status, detail=str(error.message)))


@api.exception_handler(AuthenticationError)
def nobody(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _failure(UnauthorizedException().to_error())


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return _failure(NotFoundException().to_error())


def _failure(error: Error) -> HttpResponse:
    answer = _json(error.model_dump(), error.status or 500)
    if answer.status_code == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def _json(body: dict[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(json.dumps(body), content_type=TYPE, status=status)


def _body(request: HttpRequest) -> Any:
    """Raises InvalidSyntaxException; also for what no text of the database may have in it."""
    try:
        found = json.loads(request.body)
        text = json.dumps(found, ensure_ascii=False)
        text.encode()
    except (ValueError, RecursionError) as error:
        raise InvalidSyntaxException from error
    if "\\u0000" in text:
        raise InvalidSyntaxException
    return found


def _address(request: HttpRequest) -> str:
    base = settings.PUBLIC_URL or request.build_absolute_uri("/")[:-1]
    return f"{base}/scim/v2"


@api.get("/ServiceProviderConfig")
def config(request: HttpRequest) -> HttpResponse:
    return _json(resources.CONFIG.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))


@api.get("/ResourceTypes")
def resource_types(request: HttpRequest) -> HttpResponse:
    return _described(TYPES, resources.PROVIDER.resource_types)


@api.get("/ResourceTypes/{name}")
def resource_type(request: HttpRequest, name: str) -> HttpResponse:
    return _one_of(resources.PROVIDER.resource_types, name)


@api.get("/Schemas")
def schemas(request: HttpRequest) -> HttpResponse:
    return _described(SCHEMAS, resources.PROVIDER.schemas)


@api.get("/Schemas/{name}")
def schema(request: HttpRequest, name: str) -> HttpResponse:
    return _one_of(resources.PROVIDER.schemas, name)


def _described(kind: Any, found: Any) -> HttpResponse:
    listed = kind(
        total_results=len(found), start_index=1, items_per_page=len(found), resources=[*found]
    )
    return _json(listed.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))


def _one_of(found: Any, name: str) -> HttpResponse:
    for each in found:
        if str(each.id).casefold() == name.casefold():
            return _json(each.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))
    raise NotFoundException


@api.api_operation(CHANGES, "/ServiceProviderConfig")
@api.api_operation(CHANGES, "/ResourceTypes")
@api.api_operation(CHANGES, "/Schemas")
def only_shown(request: HttpRequest) -> HttpResponse:
    return _failure(Error(status=405, detail="That can be read, and not changed."))


@api.get("/Users")
def list_people(request: HttpRequest) -> HttpResponse:
    wish = finding.asked(request.GET, resources.User)
    return _listed(finding.found_people(wish, _address(request)), wish)


@api.post("/Users")
def make_person(request: HttpRequest) -> HttpResponse:
    wanted = _parsed(resources.User, request, Context.RESOURCE_CREATION_REQUEST)
    return _person(request, people.make(wanted), Context.RESOURCE_CREATION_RESPONSE, status=201)


@api.get("/Users/{number}")
def show_person(request: HttpRequest, number: str) -> HttpResponse:
    return _person(request, people.find(number), Context.RESOURCE_QUERY_RESPONSE)


@api.put("/Users/{number}")
def replace_person(request: HttpRequest, number: str) -> HttpResponse:
    user = people.find(number)
    wanted = _parsed(resources.User, request, Context.RESOURCE_REPLACEMENT_REQUEST)
    wanted.replace(people.as_resource(user, _address(request)))
    people.change(user, wanted)
    return _person(request, user, Context.RESOURCE_REPLACEMENT_RESPONSE)


@api.patch("/Users/{number}")
def change_person(request: HttpRequest, number: str) -> HttpResponse:
    user = people.find(number)
    wanted = people.as_resource(user, _address(request))
    patch = _parsed(OF_PERSON, request, Context.RESOURCE_PATCH_REQUEST)
    if patch.patch(wanted, scim_policy=resources.POLICY):
        people.change(user, wanted)
    return _person(request, user, Context.RESOURCE_PATCH_RESPONSE)


@api.delete("/Users/{number}")
def delete_person(request: HttpRequest, number: str) -> HttpResponse:
    people.delete(people.find(number))
    return HttpResponse(status=204)


@api.get("/Groups")
def list_groups(request: HttpRequest) -> HttpResponse:
    wish = finding.asked(request.GET, resources.Group)
    return _listed(finding.found_groups(wish, _address(request)), wish)


@api.post("/Groups")
def make_group(request: HttpRequest) -> HttpResponse:
    wanted = _parsed(resources.Group, request, Context.RESOURCE_CREATION_REQUEST)
    group = groups.make(wanted)
    return _group(request, group.pk, Context.RESOURCE_CREATION_RESPONSE, status=201)


@api.get("/Groups/{number}")
def show_group(request: HttpRequest, number: str) -> HttpResponse:
    return _group(request, number, Context.RESOURCE_QUERY_RESPONSE)


@api.put("/Groups/{number}")
def replace_group(request: HttpRequest, number: str) -> HttpResponse:
    group = groups.find(number)
    wanted = _parsed(resources.Group, request, Context.RESOURCE_REPLACEMENT_REQUEST)
    wanted.replace(groups.as_resource(group, _address(request)))
    groups.change(group, wanted)
    return _group(request, number, Context.RESOURCE_REPLACEMENT_RESPONSE)


@api.patch("/Groups/{number}")
def change_group(request: HttpRequest, number: str) -> HttpResponse:
    group = groups.find(number)
    wanted = groups.as_resource(group, _address(request))
    patch = _parsed(OF_GROUP, request, Context.RESOURCE_PATCH_REQUEST)
    if patch.patch(wanted, scim_policy=resources.POLICY):
        groups.change(group, wanted)
    return _group(request, number, Context.RESOURCE_PATCH_RESPONSE)


@api.delete("/Groups/{number}")
def delete_group(request: HttpRequest, number: str) -> HttpResponse:
    groups.delete(groups.find(number))
    return HttpResponse(status=204)


@api.api_operation(["GET", "POST", "PUT", "PATCH", "DELETE"], "/{path:rest}")
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    raise NotImplementedException if rest in WITHOUT else NotFoundException


def _parsed(kind: Any, request: HttpRequest, context: Context) -> Any:
    return kind.model_validate(_body(request), scim_ctx=context, scim_policy=resources.POLICY)


def _listed(found: Any, wish: Any) -> HttpResponse:
    context = Context.RESOURCE_QUERY_RESPONSE
    return _json(found.model_dump(scim_ctx=context, response_parameters=wish))


def _person(
    request: HttpRequest, user: User, context: Context, *, status: int = 200
) -> HttpResponse:
    found = people.as_resource(people.find(str(user.pk)), _address(request))
    return _resource(request, found, resources.User, context, status)


def _group(
    request: HttpRequest, number: object, context: Context, *, status: int = 200
) -> HttpResponse:
    found = groups.as_resource(groups.find(str(number)), _address(request))
    return _resource(request, found, resources.Group, context, status)


def _resource(
    request: HttpRequest, found: Any, kind: Any, context: Context, status: int
) -> HttpResponse:
    wish = finding.asked(request.GET, kind)
    answer = _json(found.model_dump(scim_ctx=context, response_parameters=wish), status)
    answer["Location"] = found.meta.location
    return answer
