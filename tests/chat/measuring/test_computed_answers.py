"""What an answer must say: figures as whole ones."""

import json

import pytest

from chat.measuring import computed_answers


@pytest.mark.parametrize(
    ("wanted", "text", "says"),
    [
        ("30", "It is 30.", True),
        ("30", "It is 30.0 in all", True),
        ("30", "It is 130", False),
        ("30", "It is 30.5", False),
        ("30", "in 2030", False),
        ("22.5", "It is 22.50", True),
        ("4 rows", "There are 4 rows", True),
        ("4 rows", "There are 3 rows", False),
    ],
)
def test_a_figure_is_said_only_whole(wanted, text, says):
    assert computed_answers.says(wanted, text) is says


def test_answers_of_another_form_are_none_to_compute(tmp_path):
    assert computed_answers.questions(tmp_path) == []
    row = {"id": "q1", "question": "How deep?", "answer": "9"}
    (tmp_path / "answers.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert computed_answers.questions(tmp_path) == []
