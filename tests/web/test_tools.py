"""Tools of clients, by OpenAI's, Anthropic's and Ollama's own: LocalChat hands calls over, no more."""

import json

import anthropic
import ollama
import openai
import pytest

from tests.engine_server import Installed
from tests.web.conftest import QUESTION

ABOUT = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {
    "type": "function",
    "function": {"name": "weather", "description": "Of a city", "parameters": ABOUT},
}
BLOCK = {"name": "weather", "description": "Of a city", "input_schema": ABOUT}
CALLS = (("weather", {"city": "Tromsø"}), ("weather", {"city": "Bergen"}))
CITIES = ["Tromsø", "Bergen"]


@pytest.fixture
def calling(engine_server):
    """The model calls a tool twice, then answers."""
    engine_server.script_once(answer="I look. ", calls=CALLS)
    engine_server.script_once(answer="It rains.")
    return engine_server


@pytest.fixture
def of_openai(served, at_end):
    url, token = served
    return at_end(openai.OpenAI(base_url=f"{url}/v1", api_key=token, max_retries=0))


@pytest.fixture
def of_anthropic(served, at_end):
    url, token = served
    return at_end(anthropic.Anthropic(base_url=url, api_key=token, max_retries=0))


@pytest.fixture
def of_ollama(served, at_end):
    url, token = served
    return at_end(ollama.Client(f"{url}/ollama", headers={"Authorization": f"Bearer {token}"}))


def sent(engine_server):
    """The roles of the newest prompt, and its last two contents."""
    messages = engine_server.asked("/api/chat")[-1]["messages"]
    return [each["role"] for each in messages], [each["content"] for each in messages[-2:]]


TALK = ["system", "user", "assistant", "tool", "tool"]


def test_openais_client_calls_tools(of_openai, calling, alice):
    talk = [{"role": "system", "content": "Be brief."}, *QUESTION]
    told = of_openai.chat.completions.create(model="tiny-chat", messages=talk, tools=[WEATHER])
    [choice] = told.choices
    assert (choice.finish_reason, choice.message.content) == ("tool_calls", "I look. ")
    calls = choice.message.tool_calls
    assert [json.loads(each.function.arguments)["city"] for each in calls] == CITIES
    assert told.usage.total_tokens > 0
    asked = calling.asked("/api/chat")[-1]
    assert asked["tools"] == [WEATHER]
    assert asked["messages"][0]["content"] == "Be brief."
    results = [
        {"role": "tool", "tool_call_id": each.id, "content": f"Rain {n}"}
        for n, each in enumerate(calls)
    ]
    talk += [choice.message, *reversed(results)]
    told = of_openai.chat.completions.create(model="tiny-chat", messages=talk, tools=[WEATHER])
    assert told.choices[0].message.content == "It rains."
    assert told.choices[0].finish_reason == "stop"
    assert sent(calling) == (TALK, ["Rain 1", "Rain 0"])
    assert not alice.conversations.exists()


def test_openais_client_gets_calls_in_a_stream(of_openai, calling):
    stream = of_openai.chat.completions.create(
        model="tiny-chat", messages=QUESTION, tools=[WEATHER], tool_choice="auto", stream=True
    )
    chunks = [chunk.choices[0] for chunk in stream]
    calls = [call for each in chunks for call in each.delta.tool_calls or []]
    assert [call.index for call in calls] == [0, 1]
    assert [json.loads(call.function.arguments)["city"] for call in calls] == CITIES
    assert "".join(each.delta.content or "" for each in chunks) == "I look. "
    assert chunks[-1].finish_reason == "tool_calls"


def test_anthropics_client_calls_tools(of_anthropic, calling):
    wishes = {"model": "tiny-chat", "max_tokens": 100, "tools": [BLOCK]}
    with of_anthropic.messages.stream(system="Be brief.", messages=QUESTION, **wishes) as stream:
        told = stream.get_final_message()
    assert [block.type for block in told.content] == ["text", "tool_use", "tool_use"]
    assert [block.input["city"] for block in told.content[1:]] == CITIES
    assert told.stop_reason == "tool_use"
    assert calling.asked("/api/chat")[-1]["tools"] == [WEATHER]
    results = [
        {
            "type": "tool_result",
            "tool_use_id": block.id,
            "content": [{"type": "text", "text": "Rain"}],
        }
        for block in told.content[1:]
    ]
    talk = [
        *QUESTION,
        {"role": "assistant", "content": told.content},
        {"role": "user", "content": results},
    ]
    told = of_anthropic.messages.create(system="Be brief.", messages=talk, **wishes)
    assert [block.text for block in told.content] == ["It rains."]
    assert told.stop_reason == "end_turn"
    assert sent(calling) == (TALK, ["Rain", "Rain"])


def test_anthropics_client_gets_calls_at_once_and_says_which(of_anthropic, calling):
    other = {**BLOCK, "name": "tides"}
    told = of_anthropic.messages.create(
        model="tiny-chat",
        max_tokens=100,
        messages=QUESTION,
        tools=[other, BLOCK],
        tool_choice={"type": "tool", "name": "weather"},
    )
    assert [block.input["city"] for block in told.content[1:]] == CITIES
    assert calling.asked("/api/chat")[-1]["tools"] == [WEATHER]


def test_ollamas_client_calls_tools(of_ollama, calling):
    talk = [{"role": "system", "content": "Be brief."}, *QUESTION]
    told = of_ollama.chat("tiny-chat", talk, tools=[WEATHER])
    assert told.message.content == "I look. "
    assert [call.function.arguments["city"] for call in told.message.tool_calls] == CITIES
    talk += [
        told.message,
        *({"role": "tool", "tool_name": "weather", "content": c} for c in CITIES),
    ]
    pieces = list(of_ollama.chat("tiny-chat", talk, tools=[WEATHER], stream=True))
    assert "".join(each.message.content for each in pieces) == "It rains."
    assert pieces[-1].done
    assert sent(calling) == (TALK, CITIES)


def test_ollamas_client_gets_calls_in_a_stream(of_ollama, calling):
    pieces = list(of_ollama.chat("tiny-chat", QUESTION, tools=[WEATHER], stream=True))
    calls = [call for each in pieces for call in each.message.tool_calls or []]
    assert [call.function.arguments["city"] for call in calls] == CITIES
    assert "tools" in of_ollama.show("tiny-chat").capabilities


def test_who_cannot_call_tools_says_so_and_who_can(of_openai, engine_server):
    engine_server.stock.install(Installed("plain:latest"))
    ask = of_openai.chat.completions.create
    with pytest.raises(
        openai.BadRequestError, match=r"plain:latest cannot call tools\. These can:"
    ):
        ask(model="plain", messages=QUESTION, tools=[WEATHER])
    assert not engine_server.asked("/api/chat")


def test_what_cannot_be_meant_is_refused(of_openai, of_anthropic):
    ask = of_openai.chat.completions.create
    for wrong, sentence in [
        ({"model": "tiny-chat+Harbour"}, "a model alone"),
        ({"store": True}, "nothing is kept"),
        ({"tool_choice": {"type": "function", "function": {"name": "tides"}}}, "choice of a tool"),
        ({"tools": [{"type": "function", "function": {"name": "a b"}}]}, "name of a tool"),
        ({"messages": [*QUESTION, {"role": "tool", "content": "Rain"}]}, "follow the call"),
    ]:
        with pytest.raises(openai.BadRequestError, match=sentence):
            ask(**{"model": "tiny-chat", "messages": QUESTION, "tools": [WEATHER], **wrong})
    with pytest.raises(anthropic.BadRequestError, match="No tools are run here"):
        of_anthropic.messages.create(
            model="tiny-chat",
            max_tokens=100,
            messages=QUESTION,
            tools=[{"type": "web_search_20250305", "name": "web_search"}],
        )


def test_a_failure_of_the_engine_is_told(of_openai, engine_server):
    engine_server.script(status=500, error="out of memory")
    with pytest.raises(openai.InternalServerError, match="out of memory"):
        of_openai.chat.completions.create(model="tiny-chat", messages=QUESTION, tools=[WEATHER])


def test_a_stop_sequence_and_who_hangs_up_end_the_writing(of_openai, engine_server):
    engine_server.script(answer="word STOP " + "word " * 400, rate=50)
    wishes = {"model": "tiny-chat", "messages": QUESTION, "tools": [WEATHER]}
    told = of_openai.chat.completions.create(stop="STOP", **wishes)
    assert told.choices[0].message.content == "word "
    assert len(engine_server.wait_closed(1)) == 1
    stream = of_openai.chat.completions.create(stream=True, **wishes)
    while not next(stream).choices[0].delta.content:
        pass
    stream.close()
    assert len(engine_server.wait_closed(2)) == 2
