"""The hundred questions of our own: each reference stands where it is said to stand."""

import re
from collections import Counter

import pytest

from chat.measuring import grading, reference_answers
from chat.measuring.grading import Outcome
from chat.measuring.reference_answers import Kind
from documents.measuring import evaluation
from documents.text import words
from tests.answers import folder

WORKED_OUT = {"f12", "f20"}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return folder.write(tmp_path_factory.mktemp("answers"))


def test_there_are_a_hundred_of_every_kind_a_fifth_of_them_in_german(written):
    every, left_out = reference_answers.load(written)
    kinds = {"number": 30, "name": 20, "date": 15, "list": 10, "yes-no": 10, "unanswerable": 15}
    assert Counter(str(each.kind) for each in every) == kinds
    assert left_out == 0
    assert len({each.id for each in every}) == len({each.question for each in every}) == 100
    assert sum(words.language(each.question) == "german" for each in every) == 20


def test_every_reference_stands_on_its_page(written):
    """A line that has it is right; no other page is asked for."""
    every, _ = reference_answers.load(written)
    for each in every:
        if each.kind not in {Kind.UNANSWERABLE, Kind.YES_NO} and each.id not in WORKED_OUT:
            ((file, page),) = each.places
            assert _has(written / "documents" / file, page, each), each.id


def _has(path, page, reference):
    text = _page(path, page)
    whole = " ".join(text.split())
    if reference.kind in {Kind.NAME, Kind.LIST}:
        return grading.grade(reference, whole).share == 1
    pieces = [*text.splitlines(), *whole.split(". ")]
    return any(grading.grade(reference, piece).outcome == Outcome.RIGHT for piece in pieces)


def _page(path, page):
    if path.suffix == ".pdf":
        printed = folder.HERE / "printed" / f"{path.stem}.txt"
        pages = printed.read_text(encoding="utf-8").split(folder.PAGE)
        return pages[page - 1].replace("|", ";")
    assert page is None
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"<[^>]*>", "; ", text)
    return text.replace(",", "; ") if path.suffix == ".csv" else text


def test_no_file_is_without_a_question(written):
    rows = evaluation.lines(written / "answers.jsonl")
    asked = {row["file"] for row in rows if "file" in row}
    assert asked == {path.name for path in (written / "documents").iterdir()}
