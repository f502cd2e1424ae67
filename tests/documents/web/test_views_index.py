"""What the models page says of the model that finds passages, and the buttons beside it."""

import pytest

from documents import tasks
from documents.measuring import model_comparison
from documents.models import Index, Reembedding
from models_mgmt import choosing
from tests.engine_server import Installed
from tests.engine_server.embedding import vector
from tests.factories import make_answer, make_conversation, make_document, make_index

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = "middle-embed:latest"


@pytest.fixture
def index(owner, engine_server, monkeypatch):
    engine_server.stock.install(Installed(OTHER, ("embedding",), dimension=768))
    choosing.forget()
    tiny = engine_server.stock.find("tiny-embed")
    made = make_index(engine="ollama", name=tiny.name, digest=tiny.sha)
    page = "The harbour was dredged in 1987."
    make_document(owner, "harbour.txt", [page], vectors=[vector(page, 384)])
    monkeypatch.setattr("documents.tasks.reembed.delay", lambda pk: None)
    return made


def shown(client) -> str:
    return client.get("/documents/index/").content.decode()


def test_another_model_is_made_compared_and_used_by_buttons(index, owner, owner_client):
    asked = make_conversation(owner, title="The harbour")
    make_answer(owner, "In 1987.", question="When was the harbour dredged?", conversation=asked)
    assert f"<option>{OTHER}</option>" in shown(owner_client)
    owner_client.post("/documents/index/reembed/", {"name": OTHER})
    assert "0 of 0 passages" in shown(owner_client)
    tasks.reembed(Reembedding.objects.get().pk)
    model_comparison.compare(Reembedding.objects.get().pk)
    job = Reembedding.objects.get()
    assert job.comparison == {"questions": 1, "same_first": 1, "shared": 1.0}
    assert "Of 1 questions that you asked lately, 1 keep the passage" in shown(owner_client)
    owner_client.post("/documents/index/reembed/", {"name": OTHER, "switch": "1"})
    tasks.reembed(job.pk)
    assert Index.objects.current().name == OTHER
    page = shown(owner_client)
    assert "The vectors of tiny-embed:latest are kept for a way back." in page
    assert "Find by tiny-embed:latest" in page


def test_what_is_being_made_can_be_cancelled_and_taken_up(index, owner_client):
    owner_client.post("/documents/index/reembed/", {"name": OTHER})
    job = Reembedding.objects.get()
    owner_client.post(f"/documents/index/reembed/{job.pk}/stop/")
    assert Reembedding.objects.get().status == "stopped"
    assert "Go on" in shown(owner_client)


def test_who_has_a_model_for_english_alone_is_told_of_the_other_kind(owner_client, owner):
    make_index(engine="builtin", name="all-minilm-l6-v2")
    assert "manage.py reembed multilingual-e5-small" in shown(owner_client)
