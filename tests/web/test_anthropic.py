"""Anthropic's own client, unchanged, against a real server where people log in."""

import base64

import anthropic
import pytest
from PIL import Image

from tests.engine_server import Installed
from tests.pictures import as_file
from tests.web.conftest import ANSWER, QUESTION


@pytest.fixture
def client(served, at_end):
    url, token = served
    return at_end(anthropic.Anthropic(base_url=url, api_key=token, max_retries=0))


def asked(client, model="tiny-chat", messages=QUESTION, **wishes):
    return client.messages.create(model=model, max_tokens=100, messages=messages, **wishes)


def test_an_answer_from_a_collection_cites_its_passages(client, served, alice):
    told = asked(client, "tiny-chat+Harbour")
    [block] = told.content
    assert (block.type, block.text) == ("text", ANSWER)
    assert (told.role, told.stop_reason, told.model) == (
        "assistant",
        "end_turn",
        "tiny-chat+Harbour",
    )
    assert told.usage.input_tokens > 0
    assert told.usage.output_tokens == 4
    [cited] = block.citations
    assert cited.type == "search_result_location"
    assert "Margarethe" in cited.cited_text
    assert cited.title.startswith("harbour.pdf")
    assert cited.source.startswith(served[0])
    source = told.sources[cited.search_result_index]
    assert (source["number"], source["filename"]) == (1, "harbour.pdf")
    assert not alice.conversations.exists()


def test_it_comes_in_pieces_as_the_client_knows_them(client):
    with client.messages.stream(
        model="tiny-chat+Harbour", max_tokens=100, messages=QUESTION
    ) as stream:
        kinds = [event.type for event in stream]
        told = stream.get_final_message()
    assert [kinds[0], *kinds[-3:]] == [
        "message_start",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    assert "".join(block.text for block in told.content) == ANSWER
    assert told.content[0].citations[0].title.startswith("harbour.pdf")
    assert told.stop_reason == "end_turn"
    assert told.usage.output_tokens == 4
    assert told.usage.input_tokens > 0


def test_the_talk_goes_to_the_model_with_its_system_prompt(client, engine_server):
    blocks = [{"type": "text", "text": "Margarethe?"}, {"type": "text", "text": "Till when?"}]
    talk = [
        *QUESTION,
        {"role": "assistant", "content": [{"type": "text", "text": "Margarethe."}]},
        {"role": "user", "content": blocks},
    ]
    system = [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]
    asked(client, messages=talk, system=system, extra_body={"temperature": 0.2})
    sent = engine_server.asked("/api/chat")[-1]
    assert [each["role"] for each in sent["messages"]] == ["system", "user", "assistant", "user"]
    assert "Be brief." in sent["messages"][0]["content"]
    assert sent["messages"][-1]["content"] == "Margarethe?\nTill when?"
    assert sent["options"]["temperature"] == 0.2
    assert sent["options"]["num_predict"] == 100


def test_an_answer_says_what_ended_it(client, engine_server):
    engine_server.script(answer="Red, then green, then blue. " * 20)
    told = asked(client, stop_sequences=["blue", "green"])
    assert (told.stop_reason, told.stop_sequence) == ("stop_sequence", "green")
    assert told.content[0].text == "Red, then "
    cut = client.messages.create(model="tiny-chat", max_tokens=16, messages=QUESTION)
    assert (cut.stop_reason, cut.usage.output_tokens) == ("max_tokens", 16)


def test_thoughts_are_a_block_of_their_own(client, engine_server):
    engine_server.stock.install(Installed("tiny-think:latest", ("completion", "thinking")))
    engine_server.script(answer=ANSWER, thinking="Which keeper? ")
    told = asked(client, "tiny-think", thinking={"type": "enabled", "budget_tokens": 1024})
    assert [block.type for block in told.content] == ["thinking", "text"]
    assert told.content[0].thinking == "Which keeper? "
    assert [block.type for block in asked(client, "tiny-think").content] == ["text"]


def picture(kind="base64"):
    data = base64.b64encode(as_file(Image.new("RGB", (20, 10), "red"), "PNG")).decode()
    source = {"type": kind, "media_type": "image/png", "data": data, "url": "http://example.org/"}
    return {"type": "image", "source": source}


def test_pictures_are_shown_to_a_model_that_sees(client, engine_server, alice):
    engine_server.stock.install(Installed("tiny-see:latest", ("completion", "vision")))
    talk = [{"role": "user", "content": [picture(), {"type": "text", "text": "What is it?"}]}]
    assert asked(client, "tiny-see", talk).content[0].text == ANSWER
    assert len(engine_server.asked("/api/chat")[-1]["messages"][-1]["images"]) == 1
    with pytest.raises(anthropic.ConflictError, match="cannot see pictures"):
        asked(client, "tiny-chat", talk)
    talk[0]["content"][0] = picture("url")
    with pytest.raises(anthropic.BadRequestError, match="nothing is fetched"):
        asked(client, "tiny-see", talk)


def test_tokens_that_its_engine_does_not_count_are_not_made_up(client):
    with pytest.raises(anthropic.APIStatusError, match="how many tokens") as refused:
        client.messages.count_tokens(model="tiny-chat", messages=QUESTION)
    assert refused.value.status_code == 501
    with pytest.raises(anthropic.APIStatusError, match="found in documents"):
        client.messages.count_tokens(model="tiny-chat+", messages=QUESTION)


@pytest.mark.django_db(transaction=True)
async def test_tokens_are_counted_as_the_answer_counts_them(alice_async, engine_server, settings):
    settings.OLLAMA_HOST, settings.OPENAI_BASE_URL = "", f"{engine_server.url}/v1"
    engine_server.tokenizes = "turns"
    talk = [*QUESTION, {"role": "assistant", "content": "Margarethe."}, *QUESTION]
    body = {"model": "tiny-chat:latest", "messages": talk, "system": "Be brief."}
    json = "application/json"
    counted = await alice_async.post("/v1/messages/count_tokens", body, content_type=json)
    told = await alice_async.post("/v1/messages", body, content_type=json)
    assert counted.json()["input_tokens"] == told.json()["usage"]["input_tokens"] > 10


def test_models_are_listed_as_its_client_knows_them(client):
    names = [each.id for each in client.models.list()]
    assert "tiny-chat:latest+Harbour" in names
    assert client.models.retrieve("tiny-chat:latest+Harbour").type == "model"
    with pytest.raises(anthropic.NotFoundError):
        client.models.retrieve("nothing")


def test_failures_have_its_shape(client, served, engine_server):
    with pytest.raises(anthropic.NotFoundError) as missing:
        asked(client, "nothing")
    assert missing.value.body["error"]["type"] == "not_found_error"
    with pytest.raises(anthropic.NotFoundError, match="no collection"):
        asked(client, "tiny-chat+Nowhere")
    with pytest.raises(anthropic.BadRequestError) as wrong:
        asked(client, messages=[])
    assert wrong.value.body["error"]["type"] == "invalid_request_error"
    with pytest.raises(anthropic.BadRequestError, match="“document” are not taken"):
        asked(client, messages=[{"role": "user", "content": [{"type": "document"}]}])
    with pytest.raises(anthropic.AuthenticationError):
        asked(client.with_options(api_key="lc_wrong"))
    engine_server.script(status=500, error="out of memory")
    with pytest.raises(anthropic.InternalServerError, match="out of memory"):
        asked(client)
    with pytest.raises(anthropic.APIStatusError, match="out of memory"):
        list(asked(client, stream=True))


def test_a_key_comes_as_bearer_too(served, at_end):
    url, token = served
    bearer = at_end(anthropic.Anthropic(base_url=url, auth_token=token, max_retries=0))
    assert asked(bearer).content[0].text == ANSWER
