"""Several Ollama servers are one engine: what one has, and where a call goes."""

import asyncio
from contextlib import aclosing

import pytest

from localchat.lib import environment
from localchat.lib.errors import EngineCut, EngineUnreachable, ModelMissing
from models_mgmt import choosing, engines
from models_mgmt.engines import ollama, ollama_servers
from models_mgmt.models import Pull
from tests.engine_server import EngineServer, Installed
from tests.factories import make_call
from tests.models_mgmt.pulls import in_background

pytestmark = pytest.mark.django_db

TURNS = [engines.Turn("user", "Name three colours.")]


@pytest.fixture
def two(settings, tmp_path):
    """Two stand-ins with tiny-chat; each has another model of its own."""
    settings.OPENAI_BASE_URL, settings.WEIGHTS = "", tmp_path / "none"
    both = Installed("tiny-chat:latest")
    with (
        EngineServer([both, Installed("only-one:latest")]) as one,
        EngineServer(
            [both, Installed("only-two:latest"), Installed("e:1", ("embedding",))]
        ) as other,
    ):
        settings.OLLAMA_HOST = f"{one.url},{other.url}"
        choosing.forget()
        ollama.list_models()
        yield one, other
    choosing.forget()


def call(model="tiny-chat:latest"):
    return make_call(model, TURNS, num_ctx=8192)


async def ask(model="tiny-chat:latest"):
    async with aclosing(ollama.chat(call(model))) as pieces:
        return "".join([piece.text async for piece in pieces])


def asked(*servers):
    return [len(server.asked("/api/chat")) for server in servers]


def test_one_name_is_one_model_with_its_places(two):
    one, other = two
    places = {model.name: model.places for model in choosing.installed(fresh=True).models}
    assert places == {
        "tiny-chat:latest": (one.url, other.url),
        "only-one:latest": (one.url,),
        "only-two:latest": (other.url,),
        "e:1": (other.url,),
    }


async def test_ten_questions_share_the_load_and_load_each_server_once(two):
    for server in two:
        server.script(answer="one two three four five", rate=20)
    await asyncio.gather(*(ask() for _ in range(10)))
    assert asked(*two) == [5, 5]
    assert [server.stock.loads for server in two] == [1, 1]


async def test_one_after_another_they_go_to_the_one_that_has_it_loaded(two):
    one, other = two
    other.stock.load(other.stock.find("tiny-chat"), 8192, 300, (False, 256))
    for _ in range(10):
        await ask()
    assert asked(one, other) == [0, 10]
    assert (one.stock.loads, other.stock.loads) == (0, 1)


async def test_a_question_goes_where_its_model_is(two):
    one, other = two
    other.script(answer="From the second.")
    assert await ask("only-two:latest") == "From the second."
    assert asked(one, other) == [0, 1]


async def test_one_that_refuses_as_too_busy_passes_the_question_on(two):
    one, other = two
    one.script(status=503, error="server busy, please try again.")
    other.script(answer="From the second.")
    assert await ask() == "From the second."
    assert asked(one, other) == [1, 1]


async def test_when_one_dies_its_answer_ends_and_the_next_goes_on(two):
    one, other = two
    one.script(answer="word " * 200, rate=20)
    other.script(answer="From the second.")
    begun = asyncio.create_task(ask())
    await asyncio.to_thread(one.wait_asked, "/api/chat")
    await asyncio.sleep(0.2)
    await asyncio.to_thread(one.stop)
    with pytest.raises(EngineCut):
        await begun
    assert [await ask() for _ in range(5)] == ["From the second."] * 5


def test_one_that_is_down_is_said_by_its_address_and_the_other_has_its_models(alice_client, two):
    one, _ = two
    one.stop()
    body = alice_client.get("/api/models").json()
    assert body["success"] is True
    (problem,) = body["problems"]
    assert problem.startswith(f"The model engine at {one.url} does not answer, since ")
    assert {model["name"] for model in body["models"]} == {
        "tiny-chat:latest",
        "only-two:latest",
        "e:1",
    }
    with pytest.raises(EngineUnreachable, match=one.url):
        choosing.installed_model("only-one")


def test_where_no_server_is_named_none_can_be_reached(no_engine):
    with pytest.raises(EngineUnreachable):
        ollama.embed("e:1", ["a"])


def test_when_all_are_down_that_is_said(two):
    one, other = two
    one.stop()
    other.stop()
    found = choosing.installed(fresh=True)
    assert found.models == []
    assert one.url in found.problems[0]


def test_one_that_comes_back_is_asked_again(two, monkeypatch):
    one, _ = two
    one.stop()
    assert "only-one:latest" not in {model.name for model in ollama.list_models()}
    one.start()
    monkeypatch.setattr(ollama_servers, "AWAY_SECONDS", 0.0)
    assert "only-one:latest" in {model.name for model in ollama.list_models()}
    assert ollama_servers.away() == ""


def test_texts_are_embedded_by_another_when_one_is_away(two):
    one, other = two
    one.stock.install(Installed("e:1", ("embedding",)))
    ollama.list_models()
    one.stop()
    assert len(ollama.embed("e:1", ["a", "b"])) == 2
    assert other.asked("/api/embed")


def test_a_model_is_removed_and_unloaded_wherever_it_is(two):
    for server in two:
        server.stock.load(server.stock.find("tiny-chat"), 8192, 300)
    assert [each.place for each in ollama.loaded()] == [server.url for server in two]
    ollama.unload("tiny-chat:latest")
    assert ollama.loaded() == []
    ollama.delete("tiny-chat:latest")
    assert [server.stock.find("tiny-chat") for server in two] == [None, None]
    with pytest.raises(ModelMissing):
        ollama.delete("tiny-chat:latest")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("wanted", [0, 1])
def test_a_pull_goes_to_the_first_or_where_it_is_asked(owner_client, owner, two, wanted):
    place = two[wanted].url if wanted else ""
    address = "/models/"
    assert owner_client.post(address, {"name": "new:1b", "place": place}).status_code == 302
    in_background(Pull.objects.get()).join(20)
    has = [server.stock.find("new:1b") is not None for server in two]
    assert has == [wanted == 0, wanted == 1]


def test_a_place_that_is_none_is_refused(owner_client, two):
    body = {"model": "new:1b", "place": "http://elsewhere.example:11434"}
    answer = owner_client.post("/api/models/pull", body, content_type="application/json")
    assert answer.status_code == 400
    assert not Pull.objects.exists()


def test_the_page_says_where_each_model_is_and_offers_the_places(owner_client, two):
    one, other = (server.url.removeprefix("http://") for server in two)
    shown = owner_client.get("/models/list/").content.decode()
    assert f"on {one}, {other}" in shown
    page = owner_client.get("/models/").content.decode()
    assert f"<option>http://{other}</option>" in page


def test_the_setting_takes_a_list(monkeypatch):
    monkeypatch.setenv("OLLAMA_HOST", "gpu, http://127.0.0.1:2/, gpu:11434")
    found = environment.server_urls("OLLAMA_HOST", "", port=11434)
    assert found == "http://gpu:11434,http://127.0.0.1:2"
