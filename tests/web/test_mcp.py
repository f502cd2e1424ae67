"""The MCP server, by the SDK's own client: over HTTP with a key, and over standard input and output."""

import asyncio
import json
import os
import sys
from contextlib import asynccontextmanager

import pytest

pytest.importorskip("mcp")

import httpx2
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from localchat.accounts import api_keys
from tests.factories import make_document
from tests.live import ROOT, database_url

MARK = "zanzibarducats"
NAMES = {"search", "list_documents", "read_page", "ask"}


def text_of(result):
    return " ".join(part.text for part in result.content)


async def each_tool(client):
    """What every tool tells, after a look at the list."""
    assert {each.name for each in (await client.list_tools()).tools} == NAMES
    listed = await client.call_tool("list_documents", {})
    [row] = json.loads(text_of(listed))["documents"]
    found = await client.call_tool("search", {"query": "Who kept the lighthouse?"})
    page = await client.call_tool("read_page", {"document": row["id"], "page": 1})
    answer = await client.call_tool("ask", {"question": "Who kept the lighthouse?"})
    return [text_of(each) for each in (listed, found, page, answer)]


@asynccontextmanager
async def connected(url, token):
    http = httpx2.AsyncClient(
        headers={"authorization": f"Bearer {token}"}, trust_env=False, timeout=60
    )
    transport = streamable_http_client(f"{url}/mcp", http_client=http)
    async with http, Client(transport) as client:
        yield client


def check(told):
    listed, found, page, answer = told
    assert "harbour.pdf" in listed
    assert all("Margarethe" in each for each in (found, page))
    assert "She did [1]." in answer


def test_the_sdks_client_works_with_a_key(live_login, engine_server, alice, bob):
    engine_server.script(answer="She did [1].")
    page = "The lighthouse keeper was called Margarethe."
    hers = make_document(alice, "harbour.pdf", [page])
    token = api_keys.make(alice, "assistant", ["read", "ask"]).token
    narrow = api_keys.make(alice, "assistant", ["ask"]).token
    strange = api_keys.make(bob, "assistant", ["read", "ask"]).token

    async def scenario():
        async with connected(live_login.url, token) as client:
            check(await each_tool(client))
        async with connected(live_login.url, narrow) as client:
            assert (await client.call_tool("search", {"query": "lighthouse"})).is_error
        async with connected(live_login.url, strange) as client:
            assert json.loads(text_of(await client.call_tool("list_documents", {})))["count"] == 0
            assert (await client.call_tool("read_page", {"document": hers.pk})).is_error

    asyncio.run(scenario())
    assert not alice.conversations.exists()
    for headers in ({}, {"authorization": "Bearer lc_wrong"}):
        assert live_login.http.post("/mcp", json={}, headers=headers).status_code == 401


def test_a_tool_says_in_a_sentence_why_not_and_the_log_says_nothing(live_login, alice):
    wide = api_keys.make(alice, "assistant", ["read", "ask"]).token
    narrow = api_keys.make(alice, "assistant", ["ask"]).token
    wrong = [
        (narrow, "search", {"query": MARK}, "it needs read"),
        (wide, "read_page", {"document": 4711}, "nothing here under that name"),
        (wide, "read_page", {"document": 2**70}, "less than"),
        (wide, "read_page", {"document": 1, "page": 2**70}, "less than"),
        (wide, "ask", {"question": MARK, "collection": MARK}, "no collection of that name"),
        (wide, "ask", {"question": "And?", "model": MARK}, "is not installed"),
        (wide, "ask", {"question": ""}, "question"),
    ]

    async def scenario():
        for token, name, arguments, words in wrong:
            async with connected(live_login.url, token) as client:
                told = await client.call_tool(name, arguments)
                assert told.is_error
                assert words in text_of(told)
        async with connected(live_login.url, wide) as client:
            for arguments in ({"collection": "\0"}, {"name": "\0"}):
                assert not (await client.call_tool("list_documents", arguments)).is_error

    asyncio.run(scenario())
    assert "Traceback" not in live_login.log()
    assert MARK not in live_login.log()


def test_the_sdks_client_works_over_standard_input(
    transactional_db, flush_redis, engine_server, owner, settings
):
    engine_server.script(answer="She did [1].")
    make_document(owner, "harbour.pdf", ["The lighthouse keeper was called Margarethe."])
    env = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "OLLAMA_HOST": engine_server.url,
    }
    command = StdioServerParameters(
        command=sys.executable, args=["manage.py", "mcp"], cwd=ROOT, env=env
    )

    async def scenario():
        async with Client(command) as client:
            check(await each_tool(client))

    asyncio.run(scenario())
