"""manage.py evaluate --answers: questions asked of an engine, and what its answers are worth."""

import io
import json

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from chat.models import Conversation, Message
from documents.measuring import trend_line
from documents.models import EvaluationRun
from tests import files
from tests.documents.measuring.test_evaluation import inline, lines  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("inline", "fresh_choice"),
]
REPORT = (
    "The harbour of Aldersund was dredged in 1987 for 1,577 thousand crowns.",
    "The lighthouse keeper of Aldersund was called Margarethe Lund.",
)
QUESTIONS = [
    ("What did dredging the harbour cost?", "number", "1577", 1, {"scale": "thousand"}),
    ("Who kept the lighthouse of Aldersund?", "name", "Margarethe Lund", 2, {}),
    ("When was the harbour of Aldersund dredged?", "number", 1987, 1, {}),
    ("Did Aldersund have a lighthouse keeper?", "yes-no", "yes", 2, {}),
    ("How deep is the harbour of Aldersund?", "unanswerable", None, None, {}),
    ("How old was the lighthouse keeper of Aldersund?", "unanswerable", None, None, {}),
]
SAID = {
    "cost": "It cost 1.577 million crowns [1].",
    "Who kept": "Its keeper was Oskar Brandt [1].",
    "When was": "[9]",
    "Did Aldersund": "The passages do not mention a keeper.",
    "How deep": "The passages do not say how deep it is.",
    "How old": "The lighthouse keeper was 47 years old [1].",
}


@pytest.fixture
def harbour(tmp_path):
    folder = tmp_path / "harbour"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "report.pdf").write_bytes(files.pdf(*REPORT))
    rows = []
    for number, (question, kind, answer, page, more) in enumerate(QUESTIONS, start=1):
        where = {"file": "report.pdf", "page": page} if page else {}
        wanted = {} if answer is None else {"answer": answer}
        row = {"id": f"q{number}", "question": question, "kind": kind, **where, **wanted, **more}
        rows.append(row)
    lines(folder / "answers.jsonl", rows)
    return folder


@pytest.fixture
def scripted(engine_server):
    """An engine that says to each question what SAID has for it."""

    def answer(messages):
        last = messages[-1]["content"]
        return next(said for begin, said in SAID.items() if begin in last)

    engine_server.script(answer=answer)
    return engine_server


def evaluate(folder, **options):
    out = io.StringIO()
    call_command(
        "evaluate", folder, answers=True, json=True, stdout=out, stderr=io.StringIO(), **options
    )
    return json.loads(out.getvalue())


def run_of(path):
    return {row["id"]: row for row in map(json.loads, path.read_text("utf-8").splitlines())}


def test_right_wrong_bare_and_refusing_answers_are_told_apart(harbour, owner, scripted, tmp_path):
    figures = evaluate(harbour, run=tmp_path / "run.jsonl")
    told = {name: figures[name] for name in ("right", "wrong", "declined", "failed")}
    assert told == {"right": 2, "wrong": 3, "declined": 1, "failed": 0}
    assert figures["only numbers"] == 1
    assert figures["model"] == "tiny-chat:latest"
    assert figures["accuracy"] == pytest.approx(2 / 6)
    assert figures["right unanswerable"] == 0.5
    assert figures["prompt tokens"] > 100
    run = run_of(tmp_path / "run.jsonl")
    outcomes = [run[f"q{n}"]["outcome"] for n in range(1, 7)]
    assert outcomes == ["right", "wrong", "wrong", "declined", "right", "wrong"]
    assert run["q2"]["expected"] == "Margarethe Lund"
    assert run["q2"]["text"] == "Its keeper was Oskar Brandt [1]."
    assert run["q3"]["only_numbers"]
    assert all(row["sent"] for row in run.values() if row["kind"] != "unanswerable")
    assert all(row["seconds"] >= row["first_seconds"] > 0 for row in run.values())


def test_a_wrong_answer_is_marked_rightly_when_it_is_doubted(harbour, owner, scripted, tmp_path):
    figures = evaluate(harbour, run=tmp_path / "run.jsonl")
    run = run_of(tmp_path / "run.jsonl")
    assert run["q2"]["doubts"] == 1
    assert (run["q2"]["marked"], run["q3"]["marked"]) == (True, False)
    assert figures["wrong doubted"] == pytest.approx(2 / 3)


def test_a_citation_is_right_on_the_page_of_the_evidence_alone(harbour, owner, engine_server):
    engine_server.script(answer="1,577 thousand crowns in 1987 [1] [2].")
    assert evaluate(harbour)["place cited"] == 1
    engine_server.script(answer="1,577 thousand crowns, and 31 in 1912.")
    assert evaluate(harbour)["place cited"] == 0


def test_nothing_of_what_was_asked_stays_but_the_figures(harbour, owner, scripted):
    evaluate(harbour)
    assert not Conversation.objects.exists()
    assert not Message.objects.exists()
    kept = EvaluationRun.objects.get()
    assert (kept.folder, kept.documents, kept.queries) == ("harbour", 1, 6)
    assert kept.series == "harbour, answers of tiny-chat:latest (6 questions)"
    assert "Margarethe" not in json.dumps(kept.figures)
    (chart,) = trend_line.charts([kept])
    assert (chart.measure, chart.last) == ("accuracy", kept.figures["accuracy"])


def test_the_history_lists_answers_beside_rankings(harbour, owner, scripted, client):
    evaluate(harbour)
    client.force_login(User.objects.create_superuser("chief"))
    page = client.get("/admin/documents/evaluationrun/").content.decode()
    assert "tiny-chat:latest" in page
    assert "0.3333" in page
    one = f"/admin/documents/evaluationrun/{EvaluationRun.objects.get().pk}/change/"
    assert "<td>tiny-chat:latest</td>" in client.get(one).content.decode()


def test_a_model_is_named_and_questions_are_limited(harbour, owner, scripted, tmp_path):
    figures = evaluate(harbour, model="tiny-think", limit=2, run=tmp_path / "run.jsonl")
    assert (figures["model"], figures["queries"]) == ("tiny-think:latest", 2)
    assert set(run_of(tmp_path / "run.jsonl")) == {"q1", "q4"}


def test_an_engine_that_breaks_off_has_failed_and_the_rest_is_asked(harbour, owner, scripted):
    scripted.script_once(answer="It cost 1.577 million", cut_after=2)
    figures = evaluate(harbour)
    assert (figures["failed"], figures["queries"]) == (1, 6)


def test_without_a_chat_model_nobody_is_asked(harbour, owner, scripted, no_engine):
    with pytest.raises(CommandError, match="No chat model"):
        evaluate(harbour)
    assert not EvaluationRun.objects.exists()


def test_a_model_that_is_not_there_and_a_folder_without_answers_are_told(harbour, owner, scripted):
    with pytest.raises(CommandError, match="nowhere:1b is not installed"):
        evaluate(harbour, model="nowhere:1b")
    (harbour / "answers.jsonl").unlink()
    with pytest.raises(CommandError, match="neither an answers"):
        evaluate(harbour)


def test_answers_of_ordinary_queries_are_taken_with_their_judged_pages(harbour, owner, scripted):
    (harbour / "answers.jsonl").unlink()
    row = {"id": "q1", "text": QUESTIONS[0][0] + " (in USD thousands)", "answer": "$1577.00"}
    lines(harbour / "queries.jsonl", [row])
    (harbour / "qrels.tsv").write_text("q1\treport.pdf#1\t1\n", encoding="utf-8")
    figures = evaluate(harbour)
    assert (figures["right"], figures["place sent"], figures["place cited"]) == (1, 1, 1)


def test_what_a_stage_is_worth_to_the_answers_is_not_kept(harbour, owner, scripted):
    assert evaluate(harbour, without=["neighbours"])["right"] == 2
    assert not EvaluationRun.objects.exists()


def test_a_file_alone_and_another_folder_are_no_matter_of_answers(harbour, owner, scripted):
    with pytest.raises(CommandError, match="whole collection"):
        evaluate(harbour, in_document=True)
