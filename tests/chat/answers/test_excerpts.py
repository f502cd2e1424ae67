"""Passages cut down to what answers, so that less has to be read."""

from hypothesis import given
from hypothesis import strategies as st

from chat import prompt
from chat.answers.excerpts import excerpts
from chat.record.spans import text_of
from models_mgmt.counting import usual
from tests.chat.test_prompt import make_passage

count = usual()

FERRY = """The ferry to the island leaves from the old pier. Bicycles travel free of charge.
A ticket for the ferry costs nine euros in summer. Dogs have to be kept on a lead.
The café on board sells soup, bread and postcards, and closes half an hour before landing.
The first ferry was built in 1911 by a shipyard that no longer exists."""

BALANCE = """Harbour Ferries plc
Consolidated balance sheet
(in thousands, except share data)

| 2021 | 2020
Assets
Current assets:
Cash and cash equivalents | 1,204 | 1,118
Trade receivables | 377 | 402
Total current assets | 1,581 | 1,520

| 2021 | 2020
Ships and equipment, net | 8,640 | 8,925
Total assets | 10,221 | 10,445
"""
REST = """Liabilities | 2021 | 2020
Trade payables | 512 | 498
Total current liabilities | 930 | 871
"""
LATER = "Deferred income | 61 | 58\nTotal liabilities | 4,120 | 4,376\n"


def chunk(number, text, *, start=0, document=1, page=4, score=0.8):
    return make_passage(
        text,
        chunk=number,
        document=document,
        version=document,
        page=page,
        start=start,
        end=start + len(text),
        score=score,
    )


def of(question, passages, room=1_000):
    return excerpts(question, passages, room, count)


def sent(passages, found):
    texts = [f"[{e.place + 1}] {prompt.title(passages[e.place])}\n{e.text}" for e in found]
    return sum(count(text) + prompt.GAP_TOKENS for text in texts)


def test_where_there_is_room_passages_stay_whole():
    (found,) = of("What does the ferry cost?", [chunk(1, FERRY)])
    assert found.text == FERRY
    assert found.spans == [(0, 0, len(FERRY))]


def test_the_sentence_that_answers_stays_when_there_is_room_for_little():
    (found,) = of("What does a ticket for the ferry cost?", [chunk(1, FERRY)], room=50)
    assert "A ticket for the ferry costs nine euros in summer." in found.text
    assert "shipyard" not in found.text


def test_what_is_left_out_between_two_sentences_is_marked():
    (found,) = of("Ticket in summer? Shipyard in 1911?", [chunk(1, FERRY)], room=55)
    assert "in summer.\n…\nThe first ferry was built in 1911" in found.text


def test_it_is_told_again_from_the_passages_and_the_spans_alone():
    passages = [chunk(1, FERRY), chunk(2, BALANCE, document=2), chunk(3, FERRY[:90], document=3)]
    for room in range(40, 400, 40):
        for each in of("Which assets are current?", passages, room):
            assert text_of([passage.text for passage in passages], each.spans) == each.text


def test_a_row_comes_with_its_head_its_label_and_its_unit():
    (found,) = of("How much are the trade receivables?", [chunk(1, BALANCE)], room=50)
    assert found.text.splitlines()[:2] == ["(in thousands, except share data)", ""]
    assert "| 2021 | 2020\nAssets\nCurrent assets:\n" in found.text
    assert "Trade receivables | 377 | 402" in found.text


def test_a_head_that_is_repeated_is_sent_once():
    (found,) = of("What are total assets?", [chunk(1, BALANCE)])
    assert found.text.count("| 2021 | 2020") == 1
    assert "Total current assets | 1,581 | 1,520\nShips and equipment" in found.text


def test_passages_side_by_side_become_one_with_the_better_number():
    passages = [chunk(2, FERRY[83:], start=83, score=0.9), chunk(1, FERRY[:83])]
    (found,) = of("What does the ferry cost?", passages)
    assert (found.place, found.places) == (0, [1, 0])
    assert found.text == FERRY


def test_what_two_passages_share_is_sent_once():
    passages = [chunk(1, FERRY[:166]), chunk(2, FERRY[83:], start=83)]
    (found,) = of("What does the ferry cost?", passages)
    assert found.text == FERRY


def test_a_sentence_that_two_passages_share_between_them_is_not_torn():
    passages = [chunk(1, FERRY[:100]), chunk(2, FERRY[100:], start=100)]
    (found,) = of("What does a ticket for the ferry cost?", passages, room=50)
    assert "A ticket for the ferry costs nine euros in summer." in found.text
    assert [span.place for span in found.spans][:2] == [0, 1]


def test_a_table_in_two_passages_has_its_head_before_its_rows():
    rows = chunk(2, "Berths | 41 | 40\nTotal liabilities | 4,120 | 4,376", start=len(BALANCE))
    (found,) = of("What are total liabilities?", [rows, chunk(1, BALANCE, score=0.4)], room=90)
    lines = found.text.splitlines()
    assert lines.index("| 2021 | 2020") < lines.index("Total liabilities | 4,120 | 4,376")


def test_rows_take_their_head_from_a_passage_that_does_not_touch():
    passages = [chunk(1, LATER, start=900, score=0.9), chunk(2, REST, start=500, score=0.1)]
    found = of("What are total liabilities and deferred income?", passages, room=80)
    later = next(each for each in found if each.place == 0)
    assert later.places == [0]
    assert later.text.startswith("Liabilities | 2021 | 2020\n…\nDeferred income")
    assert later.spans[0] == (1, 0, len("Liabilities | 2021 | 2020"))


def test_what_is_on_one_page_stands_in_its_order():
    passages = [
        chunk(1, LATER, start=900, score=0.9),
        chunk(2, FERRY, document=2, score=0.8),
        chunk(3, REST, start=500, score=0.7),
    ]
    found = of("What are total liabilities?", passages)
    assert [each.place for each in found] == [2, 0, 1]


def test_pages_of_different_documents_are_never_joined():
    passages = [chunk(1, FERRY[:83]), chunk(2, FERRY[83:], start=83, document=2)]
    assert [each.places for each in of("What does the ferry cost?", passages)] == [[0], [1]]


def test_passages_whose_places_agree_but_not_their_texts_are_not_joined():
    passages = [chunk(1, FERRY), chunk(2, BALANCE, start=10)]
    assert len(of("What does the ferry cost?", passages)) == 2


def test_without_room_or_passages_nothing_is_sent():
    assert of("What does the ferry cost?", [chunk(1, FERRY)], room=12) == []
    assert of("What does the ferry cost?", []) == []
    assert of("What does the ferry cost?", [chunk(1, " \n\n ")]) == []


def test_of_what_says_nothing_of_the_question_the_better_passage_is_kept():
    passages = [
        chunk(1, "Oak is hard."),
        chunk(2, "Elm is tough, and bends.", document=2, score=0.3),
    ]
    assert [each.place for each in of("Zebras?", passages, room=25)] == [0]


@given(
    st.lists(
        st.text(alphabet="ab1,.|\n -()2019", min_size=1, max_size=120), min_size=1, max_size=5
    ),
    st.integers(0, 300),
)
def test_whatever_the_text_it_fits_and_every_span_is_of_its_passage(texts, room):
    passages, start = [], 0
    for number, text in enumerate(texts):
        passages.append(chunk(number, text, start=start, score=1 - number / 9))
        start += len(text) + number % 2
    found = of("ab 12?", passages, room)
    assert sent(passages, found) <= max(room, 0)
    for each in found:
        assert each.place == min(each.places)
        assert text_of(texts, each.spans) == each.text
        for place, first, after in each.spans:
            assert 0 <= first < after <= len(texts[place])
    places = [place for each in found for place in each.places]
    assert len(places) == len(set(places))
