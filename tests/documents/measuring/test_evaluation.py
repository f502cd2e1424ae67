"""Measuring: a folder of questions and right places in, figures out."""

import io
import json
import math

import pytest
from django.core.management import CommandError, call_command

from documents.measuring import evaluation
from documents.models import Document, EvaluationRun
from tests import files

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("inline")]
CORPUS = [
    {"id": "a/1", "title": "Tides", "text": "The moon pulls at the sea twice a day."},
    {"id": "b 2", "title": "", "text": "The lighthouse keeper was called Margarethe."},
    {"id": "c#3", "title": "Harbours", "text": "The harbour was dredged in 1987."},
]
QUERIES = [
    {"id": "q1", "text": "Who kept the lighthouse?"},
    {"id": "q2", "text": "When was the harbour dredged?"},
]
QRELS = "query-id\tdoc-id\trelevance\nq1\tb 2\t1\nq2\tc#3\t1\nq2\ta/1\t1\n"


@pytest.fixture
def inline(settings, engine_server, data_folder):
    from localchat.celery import app

    before = app.conf.task_always_eager
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = before


def lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "sea"
    folder.mkdir()
    lines(folder / "corpus.jsonl", CORPUS)
    lines(folder / "queries.jsonl", QUERIES)
    (folder / "qrels.tsv").write_text(QRELS, encoding="utf-8")
    return folder


def evaluate(folder, **options):
    out = io.StringIO()
    call_command("evaluate", folder, json=True, stdout=out, stderr=io.StringIO(), **options)
    return json.loads(out.getvalue())


def test_a_corpus_is_read_asked_and_measured(corpus, owner, tmp_path):
    run = tmp_path / "run.txt"
    figures = evaluate(corpus, run=run)
    assert (figures["documents"], figures["queries"]) == (3, 2)
    assert figures["MRR@10"] == 1
    assert figures["Recall@1"] == 0.75
    first = run.read_text(encoding="utf-8").splitlines()[0].split("\t")
    assert first[:4] == ["q1", "Q0", "b 2", "1"]


def test_a_stage_is_left_out_for_once_and_such_a_run_is_not_kept(corpus, owner):
    lines(corpus / "queries.jsonl", [{"id": "q1", "text": "Who kept the lightouse?"}])
    assert evaluate(corpus)["Recall@1"] == 0.5  # of two questions that are judged
    without = evaluate(corpus, without=["typos", "vectors"])
    assert without["Recall@1"] == 0
    assert evaluate(corpus)["Recall@1"] == 0.5
    assert EvaluationRun.objects.count() == 2


def test_what_has_not_changed_is_not_read_again(corpus, owner, engine_server):
    evaluate(corpus)
    attempts = dict(Document.objects.values_list("name", "attempt"))
    lines(corpus / "corpus.jsonl", [{**CORPUS[0], "text": "The sun."}, CORPUS[1]])
    evaluate(corpus)
    after = dict(Document.objects.values_list("name", "attempt"))
    assert set(after) == {"a%2F1.md", "b%202.txt"}
    assert after["b%202.txt"] == attempts["b%202.txt"]
    assert after["a%2F1.md"] > attempts["a%2F1.md"]


def test_pages_are_named_where_the_judgements_name_them(tmp_path, owner):
    folder = tmp_path / "reports"
    (folder / "documents").mkdir(parents=True)
    for name, year in (("one.pdf", 1987), ("two.pdf", 1990)):
        report = files.pdf("A page of nothing.", f"The harbour was dredged in {year}.")
        (folder / "documents" / name).write_bytes(report)
    lines(folder / "queries.jsonl", [{"id": "q", "text": "harbour dredged", "file": "two.pdf"}])
    (folder / "qrels.tsv").write_text("q\ttwo.pdf#2\t1\n", encoding="utf-8")
    run = tmp_path / "run.txt"
    figures = evaluate(folder, in_document=True, run=run)
    assert figures["Recall@1"] == 1
    places = [line.split("\t")[2] for line in run.read_text(encoding="utf-8").splitlines()]
    assert places == ["two.pdf#2", "two.pdf#1"]


def test_facts_hold_or_are_named(tmp_path, owner):
    folder = tmp_path / "formats"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(files.pdf("The first page.", "The second page."))
    (folder / "b.pdf").write_bytes(files.pdf("Secret.", password="key"))
    row = {"file": "a.pdf", "must_contain": ["first  page"], "pages": {"2": ["second page"]}}
    locked = {"file": "b.pdf", "must_contain": [], "expect": "password_required"}
    lines(folder / "facts.jsonl", [row, locked])
    assert evaluate(folder) == {"folder": "formats", "facts": 3, "held": 3}
    lines(folder / "facts.jsonl", [{**row, "pages": {"1": ["second page"]}}, locked])
    err = io.StringIO()
    with pytest.raises(CommandError, match="1 of 3 facts do not hold"):
        call_command("evaluate", folder, stdout=io.StringIO(), stderr=err)
    assert "a.pdf: second page (page 1)" in err.getvalue()


def test_facts_of_every_kind_are_told_and_kept(tmp_path, owner):
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / "a.txt").write_text(
        "Paid 8.026,35 euros.\nThe total\tis [hidden: 40].", encoding="utf-8"
    )
    (folder / "b.txt").write_text("The old fee is 300 euros.", encoding="utf-8")
    (folder / "c.pdf").write_bytes(files.pdf("Secret.", password="key"))
    (folder / "d.md").write_text("# Storks\n\nThey nest in spring.\n", encoding="utf-8")
    right = [
        {
            "file": "a.txt",
            "kind": "x",
            "must_contain": [["is 41", "The total is"]],
            "hidden": ["40"],
        },
        {"file": "a.txt", "kind": "x", "lines": ["Paid 8.026,35"], "hidden_if_told": ["is", "50"]},
        {
            "file": "b.txt",
            "kind": "y",
            "documents": 1,
            "no_failed": True,
            "must_not_contain": ["31"],
        },
        {"file": "c.pdf", "kind": "y", "or_failed": True, "must_contain": ["Public", "Secret"]},
        {"file": "d.md", "kind": "y", "headings": {"They nest": "Storks"}},
    ]
    lines(folder / "facts.jsonl", right)
    asked = {"file": "a.txt", "kind": "amount", "question": "Which is 8,026.35?"}
    lines(folder / "notations.jsonl", [{**asked, "answer_contains": "8.026,35"}])
    kinds = {"x": "5 of 5", "y": "6 of 6", "notation: amount": "1 of 1"}
    assert evaluate(folder) == {"folder": "cases", "kinds": kinds, "facts": 12, "held": 12}
    wrong = {
        "b.txt": {"hidden": ["300"], "marked_if_told": {"300": ["struck"]}, "documents": 2},
        "d.md": {
            "lines": ["Storks They"],
            "headings": {"nest": "Herons"},
            "must_not_contain": ["nest"],
        },
        "c.pdf": {"no_failed": True},
    }
    lines(folder / "facts.jsonl", [{"file": file, **facts} for file, facts in wrong.items()])
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="7 of 8 facts do not hold"):
        call_command("evaluate", folder, stdout=out, stderr=err)
    assert "d.md: nest (under Herons)" in err.getvalue()
    assert out.getvalue().endswith("\n1 of 8\n")
    runs = EvaluationRun.objects.order_by("pk")
    assert [run.figures["share held"] for run in runs] == [1, 0.125]


def test_a_folder_without_anything_to_read_is_refused(tmp_path, owner):
    with pytest.raises(CommandError, match="neither a corpus"):
        evaluate(tmp_path)
    with pytest.raises(CommandError, match="is not a folder"):
        evaluate(tmp_path / "away")


def test_measures_are_those_worked_out_by_hand():
    """q1: right at 1 and 3; q2: graded, in the wrong order; q3: at 3; q5: not asked; q4: no right."""
    qrels = {
        "q1": {"a": 1, "b": 1},
        "q2": {"c": 2, "d": 1},
        "q3": {"e": 1},
        "q4": {"x": 0},
        "q5": {"z": 1},
    }
    orders = {"q1": "anb", "q2": "dc", "q3": "mne", "q4": "x"}
    run = {query: {place: -n for n, place in enumerate(order)} for query, order in orders.items()}
    third = 1 / math.log2(3)
    found = evaluation.measure(qrels, run)
    gains = [1.5 / (1 + third), (1 + 2 * third) / (2 + third), 0.5, 0]
    assert found["nDCG@10"] == pytest.approx(sum(gains) / 4)
    assert found["MRR@10"] == pytest.approx((1 + 1 + 1 / 3) / 4)
    assert found["Recall@1"] == pytest.approx((0.5 + 0.5) / 4)
    assert found["Recall@5"] == found["Recall@10"] == pytest.approx(3 / 4)


def test_nothing_below_the_tenth_place_counts():
    run = {"q": {str(n): -n for n in range(11)}}
    found = evaluation.measure({"q": {"10": 1}}, run)
    assert set(found.values()) == {0}


def test_judgements_are_read_in_both_forms(tmp_path):
    path = tmp_path / "qrels.tsv"
    path.write_text("query-id\tdoc-id\trelevance\nq\ta b#3\t1\nq\ta b#3\t2\n", encoding="utf-8")
    assert evaluation.read_qrels(path) == {"q": {"a b#3": 2}}
    path.write_text("q 0 a 1\nq 0 b 0\n", encoding="utf-8")
    assert evaluation.read_qrels(path) == {"q": {"a": 1, "b": 0}}


@pytest.mark.parametrize("given", ["a/b", "..", "ü#1.x", "%41", "C:\\x", " a "])
def test_an_id_survives_as_a_file_name(given, tmp_path):
    from documents.desk.uploading import clean_name

    for title in ("", "A title"):
        name, _ = evaluation.as_file({"id": given, "title": title, "text": "x"})
        assert clean_name(name) == name
        (tmp_path / "corpus.jsonl").touch()
        passage = evaluation.Passage(1, 1, 1, name, None, 0, 1, "", "x", 1.0, {})
        assert evaluation.naming(tmp_path, {})(passage) == given


def test_texts_of_known_pages_are_looked_for_there(tmp_path, owner):
    folder = tmp_path / "evidence"
    (folder / "documents").mkdir(parents=True)
    data = files.pdf("The harbour was dredged in 1987.", "Margarethe kept the lighthouse.")
    (folder / "documents" / "sea.pdf").write_bytes(data)
    lines(folder / "queries.jsonl", QUERIES)
    (folder / "qrels.tsv").write_text("q\td\tr\nq2\tsea.pdf#1\t1\n", encoding="utf-8")
    dredged = {"file": "sea.pdf", "page": 1, "text": "the harbour\nwas dredged, in 1987"}
    elsewhere = [{**dredged, "page": 2}, {**dredged, "file": "other.pdf"}]
    lines(folder / "evidence.jsonl", [dredged, *elsewhere])
    figures = evaluate(folder)
    assert (figures["evidence"], figures["on page"]) == (3, 1)


def test_questions_of_another_folder_are_declined(corpus, owner, tmp_path, no_engine):
    other = tmp_path / "elsewhere"
    other.mkdir()
    strange = ["Which enzyme repairs strands of DNA?", "How tall is the mountain of Africa?"]
    lines(other / "queries.jsonl", [{"id": text, "text": text} for text in strange])
    figures = evaluate(corpus, unanswerable=other)
    assert figures == {
        "folder": "sea", "queries": 2, "answered": 2, "of others": 2, "declined": 2,
    }  # fmt: skip
