"""What somebody asks, calls something or sends is in no line of any log, whatever goes wrong."""

import io
import json
import logging

import pytest
from channels.db import database_sync_to_async
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from chat import answering
from localchat.log_lines import Line
from tests.factories import make_document

pytestmark = pytest.mark.django_db(transaction=True)
MARK = "zanzibarducats"
LONG = MARK + "x" * 2_100


@pytest.fixture
def lines():
    """All that is logged, as a process of ours writes it, and from the lowest level on."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Line("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    ours = [
        root,
        *(logging.getLogger(name) for name in ("chat", "documents", "localchat", "models_mgmt")),
    ]
    levels = [logger.level for logger in ours]
    for logger in ours:
        logger.setLevel(logging.INFO)
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)
    for logger, level in zip(ours, levels, strict=True):
        logger.setLevel(level)


BODIES = [
    ("/api/documents/test", {"query": MARK}),
    ("/api/documents/test", {"query": LONG}),
    ("/api/documents/test", {"query": f'"{MARK} \ud800"', "collection": MARK}),
    ("/api/documents/test", {"query": [MARK]}),
    ("/api/documents/search-text", {"search_text": MARK + "\0"}),
    ("/api/collections", {"name": MARK * 60}),
    ("/api/collections", {"name": MARK + "\ud800\0"}),
    ("/api/prompts", {"name": MARK, "text": MARK * 2_000}),
    ("/api/notes", {"text": MARK * 60}),
    ("/api/models/pull", {"model": MARK}),
    ("/api/models/test", {"model": MARK}),
    ("/api/models/active", {"model": MARK}),
    ("/api/chat/typing", {"model": MARK}),
]


@pytest.mark.parametrize(("road", "body"), BODIES)
def test_no_body_is(lines, alice, alice_client, engine_server, road, body):
    make_document(alice, f"{MARK}.pdf", [f"{MARK} rose."])
    answer = alice_client.post(road, json.dumps(body), content_type="application/json")
    assert answer.status_code < 500
    assert MARK not in lines.getvalue()


@pytest.mark.parametrize("raw", [f'{{"query": "{MARK}', f'["{MARK}"]', MARK, f"query={MARK}"])
def test_no_body_that_is_no_json_is(lines, alice_client, raw):
    answer = alice_client.post("/api/documents/test", raw, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_request")
    assert MARK not in lines.getvalue()


@pytest.mark.usefixtures("closed_hub")
@pytest.mark.parametrize("said", [{}, {"model": MARK}, {"collection": MARK}, {"history": [{"role": "user", "content": MARK}]}])  # fmt: skip
@pytest.mark.parametrize("fault", [{}, {"error_after": 0}, {"cut_after": 1}])
async def test_no_question_and_no_answer_is(lines, alice, async_client, engine_server, said, fault):
    engine_server.script(answer=f"{MARK} {MARK}", **fault)
    await async_client.aforce_login(alice)
    body = json.dumps({"message": f"{LONG}?", **said})
    answer = await async_client.post("/api/chat", body, content_type="application/json")
    if answer.streaming:
        assert b"data: " in b"".join([piece async for piece in answer.streaming_content])
    await answering.finished()
    assert MARK not in lines.getvalue()


def test_no_name_of_a_file_and_none_of_its_words_are(lines, alice_client):
    for name in (f"{MARK}.pdf", f"{MARK}.docx", f"{MARK}/../x.zzz"):
        file = SimpleUploadedFile(name, MARK.encode() * 3)
        alice_client.post("/api/documents/upload", {"files": [file], "collection": MARK})
    assert MARK not in lines.getvalue()


async def test_what_an_own_error_would_say_is_not_either(lines, alice, alice_async):
    """A statement that fails for its value, as nobody foresaw it."""

    @database_sync_to_async
    def break_the_table():
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN"
                " RAISE EXCEPTION 'no %', NEW.name; END $$ LANGUAGE plpgsql"
            )
            cursor.execute(
                "CREATE TRIGGER refusing BEFORE INSERT ON documents_collection"
                " FOR EACH ROW EXECUTE FUNCTION refuse()"
            )

    @database_sync_to_async
    def mend_it():
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION refuse CASCADE")

    await break_the_table()
    try:
        answer = await alice_async.post(
            "/api/collections", json.dumps({"name": MARK}), content_type="application/json"
        )
    finally:
        await mend_it()
    assert (answer.status_code, answer.json()["error"]) == (500, "internal")
    assert MARK not in answer.content.decode()
    assert "RaiseException" in lines.getvalue()
    assert MARK not in lines.getvalue()
