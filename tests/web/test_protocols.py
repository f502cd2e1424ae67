"""OpenAI's and Ollama's own clients, unchanged, against a real server where people log in."""

import time

import ollama
import openai
import pytest

from tests.web.conftest import ANSWER, QUESTION


def test_openais_client_works_unchanged(served, alice, engine_server, at_end):
    url, token = served
    client = at_end(openai.OpenAI(base_url=f"{url}/v1", api_key=token, max_retries=0))
    names = [each.id for each in client.models.list()]
    plain = next(name for name in names if f"{name}+Harbour" in names)
    assert client.models.retrieve(f"{plain}+Harbour").id == f"{plain}+Harbour"

    told = client.chat.completions.create(model=f"{plain}+Harbour", messages=QUESTION)
    assert told.choices[0].message.content == ANSWER
    assert told.choices[0].finish_reason == "stop"
    assert {each["filename"] for each in told.sources} == {"harbour.pdf"}
    [cited] = told.choices[0].message.annotations
    assert ANSWER[cited.url_citation.start_index : cited.url_citation.end_index] == "[1]"
    assert cited.url_citation.title.startswith("harbour.pdf")

    stream = client.chat.completions.create(
        model=f"{plain}+", messages=QUESTION, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == ANSWER
    assert {each["filename"] for c in chunks for each in getattr(c, "sources", [])} == {
        "harbour.pdf",
        "other.pdf",
    }
    assert chunks[-1].usage.total_tokens > 0

    alone = client.chat.completions.create(
        model=plain,
        messages=[{"role": "system", "content": "Be brief."}, *QUESTION],
        temperature=0.1,
    )
    assert alone.sources == []
    assert "Margarethe" not in str(engine_server.requests[-1].body)
    assert "Be brief." in str(engine_server.requests[-1].body)
    assert not alice.conversations.exists()

    client.chat.completions.create(model=plain, messages=QUESTION, store=True)
    assert alice.conversations.get().title == QUESTION[0]["content"]

    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model=f"{plain}+Nowhere", messages=QUESTION)
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="nothing", messages=QUESTION)
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="lc_wrong").models.list()


def test_openais_client_embeds_and_uploads(served, alice, engine_server, at_end):
    url, token = served
    client = at_end(openai.OpenAI(base_url=f"{url}/v1", api_key=token, max_retries=0))
    embedder = next(each.id for each in client.models.list() if "embed" in each.id)
    packed = client.embeddings.create(model=embedder, input=["one", "two"])
    plain = client.embeddings.create(model=embedder, input=["one", "two"], encoding_format="float")
    assert [each.index for each in packed.data] == [0, 1]
    assert packed.data[1].embedding == pytest.approx(plain.data[1].embedding, abs=1e-6)

    sent = client.files.create(file=("letter.txt", b"Dear all."), purpose="user_data")
    assert (sent.filename, sent.bytes, sent.status) == ("letter.txt", 9, "uploaded")
    assert client.files.content(sent.id).read() == b"Dear all."
    assert sent.id in [each.id for each in client.files.list()]
    assert client.files.delete(sent.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(sent.id)


def test_ollamas_client_works_unchanged(served, alice, at_end):
    url, token = served
    headers = {"Authorization": f"Bearer {token}"}
    client = at_end(ollama.Client(f"{url}/ollama", headers=headers))
    names = [each.model for each in client.list().models]
    plain = next(name for name in names if f"{name}+Harbour" in names)
    told = client.chat(f"{plain}+Harbour", QUESTION)
    assert (told.message.content, told.done_reason) == (ANSWER, "stop")
    pieces = list(client.chat(plain, QUESTION, stream=True, options={"temperature": 0}))
    assert "".join(each.message.content for each in pieces) == ANSWER
    assert pieces[-1].done
    assert client.generate(plain, "Who kept it?", system="Be brief.").response == ANSWER
    embedder = next(name for name in names if "embed" in name)
    assert len(client.embed(embedder, ["one", "two"]).embeddings) == 2
    assert "completion" in client.show(f"{plain}+").capabilities
    with pytest.raises(ollama.ResponseError) as refused:
        client.chat("nothing", QUESTION)
    assert refused.value.status_code == 404
    assert not alice.conversations.exists()


def test_what_no_text_can_hold_is_not_sent_to_an_engine(served, live_login, engine_server):
    """Half of a pair of surrogates: engines refuse the whole request, as if they had failed."""
    headers = {"Authorization": f"Bearer {served[1]}"}
    body = '{"input": ["\\ud800one\\u0000"]}'
    told = live_login.http.post("/v1/embeddings", content=body, headers=headers)
    assert told.status_code == 200
    assert engine_server.asked("/api/embed")[-1]["input"] == ["?one"]


def test_an_answer_ends_before_a_stop_sequence(served, engine_server, at_end):
    url, token = served
    client = at_end(openai.OpenAI(base_url=f"{url}/v1", api_key=token, max_retries=0))
    headers = {"Authorization": f"Bearer {token}"}
    other = at_end(ollama.Client(f"{url}/ollama", headers=headers))
    engine_server.script(answer="Red, then gre en, then STOP here, and on.")
    told = client.chat.completions.create(model="tiny-chat", messages=QUESTION, stop="STOP h")
    assert told.choices[0].message.content == "Red, then gre en, then "
    assert told.choices[0].finish_reason == "stop"
    told = other.chat("tiny-chat", QUESTION, options={"stop": ["green", "then"]})
    assert told.message.content == "Red, "
    with pytest.raises(openai.BadRequestError, match="16 stop sequences"):
        client.chat.completions.create(model="tiny-chat", messages=QUESTION, stop="a" * 201)


def test_a_model_that_repeats_itself_is_cut_in_an_answer_that_comes_at_once(
    served, engine_server, at_end
):
    url, token = served
    client = at_end(openai.OpenAI(base_url=f"{url}/v1", api_key=token, max_retries=0))
    headers = {"Authorization": f"Bearer {token}"}
    other = at_end(ollama.Client(f"{url}/ollama", headers=headers))
    engine_server.script(answer="The sea is as deep as it is wide there. " * 80)
    told = client.chat.completions.create(model="tiny-chat", messages=QUESTION)
    assert told.choices[0].message.content.strip() == "The sea is as deep as it is wide there."
    assert other.chat("tiny-chat", QUESTION).message.content == told.choices[0].message.content


def test_who_hangs_up_ends_the_answer(served, alice, engine_server, at_end):
    url, token = served
    engine_server.script(answer="word " * 400, rate=20)
    client = at_end(openai.OpenAI(base_url=f"{url}/v1", api_key=token, max_retries=0))
    model = next(each.id for each in client.models.list() if "+" in each.id[1:]).partition("+")[0]
    stream = client.chat.completions.create(model=model, messages=QUESTION, stream=True)
    while not next(stream).choices[0].delta.content:
        pass
    stream.close()
    end = time.monotonic() + 5
    while time.monotonic() < end and (not engine_server.closed or alice.conversations.exists()):
        time.sleep(0.05)
    assert engine_server.closed
    assert not alice.conversations.exists()
