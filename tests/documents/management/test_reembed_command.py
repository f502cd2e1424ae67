"""manage.py reembed MODEL: made, compared and used in one go."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from documents.models import Index, Reembedding
from localchat.celery import app
from models_mgmt import choosing
from tests.engine_server import Installed

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = "middle-embed:latest"


@pytest.fixture
def folder(owner, engine_server, settings, tmp_path, data_folder):
    """An evaluation folder, and no server: what there is to do is done by who asks for it."""
    engine_server.stock.install(Installed(OTHER, ("embedding",), dimension=768))
    choosing.forget()
    settings.STANDALONE = True
    app.conf.task_always_eager = True
    made = tmp_path / "harbour"
    made.mkdir()
    rows = [{"id": f"d{n}", "text": f"Pier {n} was dredged."} for n in range(4)]
    (made / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (made / "queries.jsonl").write_text(json.dumps({"id": "q", "text": "Who dredged pier 2?"}))
    (made / "qrels.tsv").write_text("query-id\tdoc-id\trelevance\nq\td2\t1\n")
    yield made
    app.conf.task_always_eager = False


def reembed(*arguments, **options) -> str:
    out = io.StringIO()
    call_command("reembed", *arguments, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def test_it_is_compared_on_an_evaluation_folder_and_then_used(folder):
    call_command("evaluate", folder, stdout=io.StringIO(), stderr=io.StringIO())
    said = reembed(OTHER, compare=[folder], no_switch=True)
    assert "nDCG@10         1.0000    1.0000" in said
    assert Index.objects.current().name == "tiny-embed:latest"
    said = reembed(OTHER)
    assert f"Passages are found by {OTHER} now." in said
    assert "manage.py reembed tiny-embed:latest" in said
    assert (Index.objects.current().name, Reembedding.objects.get().status) == (OTHER, "done")


def test_a_model_that_is_not_there_is_named(folder):
    with pytest.raises(CommandError, match="nowhere:latest is not installed"):
        reembed("nowhere:latest")


def test_a_folder_without_judged_questions_is_refused_before_anything_is_made(folder):
    (folder / "qrels.tsv").unlink()
    with pytest.raises(CommandError, match=r"harbour has no qrels\.tsv"):
        reembed(OTHER, compare=[folder], no_switch=True)
    assert not Reembedding.objects.exists()
