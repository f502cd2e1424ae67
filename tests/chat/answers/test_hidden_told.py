"""What a file hides is never told without its mark."""

import pytest

from chat.answers import extract, quotes
from chat.answers.excerpts import excerpts
from chat.grounding.sentences import split
from chat.grounding.units import units
from chat.record.sources import by_number
from documents.readers.common.hidden import MARK, hidden, visible
from models_mgmt.counting import usual
from tests.chat.test_prompt import make_passage

SECRET = "The fee is 12. The keeper is paid 40 ducats! See no. 5. Zanzibar (the vault) opens at 9."
TEXT = f"The harbour was dredged in 1987. {hidden(SECRET)} It was deep."
WORDS = ("ducats", "Zanzibar", "fee", "vault")
QUESTION = "What is the fee, what is the keeper paid in ducats, and when does Zanzibar open?"


def is_marked(text: str) -> bool:
    """Whether nothing of the secret stands outside of a mark."""
    return bool(MARK.search(text)) and not any(word in visible(text) for word in WORDS)


def test_a_sentence_in_a_mark_is_not_taken_out_of_it():
    assert all(is_marked(each) for each in split(hidden(SECRET)))
    found = [unit.text for unit in units(TEXT) if any(word in unit.text for word in WORDS)]
    assert found
    assert all(map(is_marked, found))
    assert split("The fee is 12. [hidden: Pay. Now") == ["The fee is 12.", "[hidden: Pay.", "Now"]


@pytest.mark.parametrize("room", [40, 60, 90, 400])
def test_excerpts_keep_the_mark(room):
    found = excerpts(QUESTION, [make_passage(TEXT)], room, usual())
    told = [each.text for each in found if any(word in each.text for word in WORDS)]
    assert told or room < 90
    assert all(map(is_marked, told))


def test_quotes_keep_the_mark():
    passages = by_number([make_passage(TEXT)])
    for each in quotes.first(QUESTION, passages, passages):
        text = str(each["text"])
        assert is_marked(text) or not any(word in text for word in WORDS)
    text = quotes.quote(QUESTION, passages).replace("\\", "")
    assert "ducats" in text
    assert not any(word in visible(text) for word in WORDS)


def test_a_hidden_row_keeps_its_marks_in_a_quote():
    table = f"Room | Rent in ducats\nHall | 120\n{hidden('Vault | 90')}"
    passages = by_number([make_passage(table)])
    text = quotes.quote("What is the rent of the vault?", passages).replace("\\", "")
    assert "[hidden: Vault] | [hidden: 90]" in text


def test_a_long_quote_is_cut_behind_the_mark_that_it_begins_with():
    passages = by_number([make_passage(hidden("zanzibar pays ducats and " * 60))])
    text = quotes.quote(QUESTION, passages).replace("\\", "")
    quoted = text.partition("> ")[2]
    assert quoted.startswith("[hidden: ")


def test_a_summary_without_a_model_keeps_the_mark():
    made = extract.extract([[make_passage(TEXT)]], "en").text.replace("\\", "")
    assert not any(word in visible(made) for word in WORDS)
