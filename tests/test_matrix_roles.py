"""Beyond roads: socket messages, topics, tasks, commands and MCP tools, by role."""

import json
from contextlib import suppress

import pytest
from celery import current_app
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.core.management import CommandError, call_command, get_commands
from django.test import Client

from documents.desk import sharing
from documents.models import Document, Grant
from documents.models.rights import GIVEN
from localchat.accounts import scopes
from localchat.asgi import socket_application
from localchat.lib.hub import hub
from localchat.web.consumers import MESSAGES
from tests.belongings import WORD, changed, rows

# What each task is told, and on whose behalf it works: none is told by whom, none tells anybody.
TASKS = {
    "documents.tasks.ingest": "a document's owner",
    "documents.unpack": "a document's owner",
    "documents.tasks.embed_missing": "nobody",
    "documents.tasks.embed_relabelled": "nobody",
    "documents.tasks.reembed": "whoever asked for other vectors",
    "documents.tasks.build_vector_index": "nobody",
    "documents.compare_models": "whoever asked for other vectors",
    "models_mgmt.tasks.pull": "whoever asked for the model",
    "localchat.tasks.back_up": "nobody",
    "localchat.tasks.back_up_now": "nobody",
    "localchat.tasks.sync_directory": "nobody",
}
# Commands that work for a person, and those that tell of nobody's documents.
FOR_SOMEBODY = {"ask", "evaluate", "ingest", "mcp", "pull", "reembed", "reread", "search", "watch"}
FOR_NOBODY = {"backup", "doctor", "invite", "migrate", "models", "restore", "second_factor", "up"}
FOLLOWED = {"document"}  # topics that have a collection's rights; the others are one person's


@pytest.fixture
def shared(hers, bob):
    def share(role):
        for pk in (hers.document, hers.reading):
            collection = Document.objects.get(pk=pk).collection
            sharing.share(collection, person="bob", role=role)
        client = Client()
        client.force_login(bob)
        return "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())

    return share


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", list(GIVEN))
async def test_a_socket_follows_what_is_shared_and_stops_it_as_a_writer(role, hers, shared):
    cookie = await database_sync_to_async(shared)(role)
    before = await database_sync_to_async(rows)()
    socket = WebsocketCommunicator(
        socket_application, "/ws/", headers=[(b"cookie", cookie.encode())]
    )
    assert (await socket.connect())[0]
    for topic in hers.topics:
        for kind in ("follow", "stop"):
            await socket.send_json_to({"type": kind, "topic": topic})
            is_shared = topic.split(":")[0] in FOLLOWED
            if kind == "follow" and is_shared:
                assert await socket.receive_nothing(0.3)  # else it would be refused
                await socket.send_json_to({"type": "unfollow", "topic": topic})
            elif not is_shared or role == "reader":
                wanted = "not_allowed" if is_shared else "not_found"
                assert (await refused(socket))["error"] == wanted
    await socket.disconnect()
    await hub().close()
    if role == "reader":
        assert changed(before, await database_sync_to_async(rows)()) == []


async def refused(socket):
    told = {"type": ""}
    while told["type"] != "refused":
        told = await socket.receive_json_from(5)
    return told


def test_every_message_of_the_socket_is_one_that_the_matrix_asks():
    assert set(MESSAGES) == {"ask", "follow", "unfollow", "stop", "go_on"}


def test_every_task_is_in_the_table():
    ours = {name for name in current_app.tasks if not name.startswith("celery.")}
    assert ours == set(TASKS)


def test_every_command_is_in_the_table():
    apps = {"localchat", "documents", "chat", "models_mgmt"}
    ours = {name for name, app in get_commands().items() if str(app).split(".")[0] in apps}
    assert ours == FOR_SOMEBODY | FOR_NOBODY


@pytest.mark.django_db
def test_a_search_by_command_keeps_to_the_rights(hers, bob, carol, capsys):
    with pytest.raises(CommandError):
        call_command("search", WORD, "--user", "bob", "--json")
    assert WORD not in capsys.readouterr().out
    call_command("search", WORD, "--user", "carol", "--json")
    assert json.loads(capsys.readouterr().out)["text"] == f"A page about {WORD}."
    carol.is_active = False
    carol.save()
    with pytest.raises(CommandError):
        call_command("search", WORD, "--user", "carol")


@pytest.fixture
def carol(hers):
    """To whom alice's collection is shared as a reader."""
    return Grant.objects.get(pk=hers.grant).person


@pytest.mark.django_db
def test_rereading_by_command_is_for_writers(hers, carol):
    before = rows()
    call_command("reread", "--user", "carol")
    assert changed(before, rows()) == []


@pytest.mark.django_db(transaction=True)
async def test_the_tools_for_assistants_keep_to_the_rights(hers, bob, carol):
    tools = pytest.importorskip("localchat.web.mcp.tools")
    assert set(scopes.TOOLS) == {"search", "list_documents", "read_page", "ask"}

    async def told(user):
        tools.caller.set(tools.Caller(user, None))
        found = [await tools.search(WORD), await tools.list_documents()]
        with suppress(tools.ToolError):
            found.append(await tools.read_page(hers.document))
        return str(found)

    assert WORD not in await told(bob)
    assert f"A page about {WORD}" in await told(carol)
    assert await database_sync_to_async(Document.objects.for_user(bob).count)() == 0
