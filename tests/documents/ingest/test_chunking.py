import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.ingest.chunking import UNDER, Piece, approximate, split
from documents.readers.common.hidden import hidden
from documents.readers.page import Heading, Page


def words(text: str) -> int:
    return len(text.split())


def letters(text: str) -> int:
    return sum(1 for letter in text if not letter.isspace())


def cut(text: str, limit: int, headings: tuple[Heading, ...] = ()) -> list[Piece]:
    return split([Page(1, text, list(headings))], limit=limit, count=words)


def heading(text: str, title: str, level: int = 1) -> Heading:
    return Heading(text.index(title), level, title)


def test_a_short_page_is_one_piece():
    assert cut("one two three", 10) == [Piece(1, 0, 13, "one two three", "")]


def test_a_page_without_text_has_no_pieces():
    assert split([Page(1, "", []), Page(2, " \n ", [])], limit=10, count=words) == []


def test_no_piece_crosses_a_page():
    pieces = split([Page(1, "one two", []), Page(2, "three", [])], limit=10, count=words)
    assert [(piece.page, piece.text) for piece in pieces] == [(1, "one two"), (2, "three")]


def test_a_row_is_not_cut_while_it_fits():
    rows = [f"Row {number} | 12 | 34 | 56" for number in range(40)]
    for piece in cut("\n".join(rows), 30):
        assert all(line in rows for line in piece.text.strip().split("\n"))


def test_a_cut_falls_between_paragraphs_where_it_can():
    text = "one two three four five\nsix seven\n\neight nine ten eleven twelve"
    assert [piece.text for piece in cut(text, 8)] == [text[:35], text[35:]]


def test_a_long_line_is_cut_after_a_sentence():
    text = "The first sentence has six words. The second one has six too. And here is a third."
    assert [piece.text.strip()[-1] for piece in cut(text, 13)] == [".", "."]


def test_a_page_is_shared_out_evenly_rather_than_with_a_leftover():
    text = "\n".join(["five words on this line"] * 41)  # 205 words
    sizes = [words(piece.text) for piece in cut(text, 100)]
    assert len(sizes) == 3
    assert min(sizes) >= 60


def test_a_heading_begins_a_piece_and_is_never_left_alone_at_the_end():
    body = "\n".join(["some words of this part"] * 8)
    text = f"Alpha\n{body}\nBeta\n{body}"
    pieces = cut(text, 50, (heading(text, "Alpha"), heading(text, "Beta")))
    assert [piece.text.split("\n")[0] for piece in pieces] == ["Alpha", "Beta"]
    assert [piece.heading for piece in pieces] == ["Alpha", "Beta"]


def test_a_heading_is_not_left_alone_above_a_paragraph_that_fits_without_it():
    text = "Alpha\nHere are six words in all. And in the second sentence eight more stand."
    pieces = cut(text, 14, (heading(text, "Alpha"),))
    assert [piece.text.strip()[-6:] for piece in pieces] == ["n all.", "stand."]


def test_nor_are_two_headings_above_each_other():
    text = "Alpha\nBeta\nHere are six words in all. And in the second sentence eight more stand."
    pieces = cut(text, 15, (heading(text, "Alpha"), heading(text, "Beta", 2)))
    assert [piece.text.strip()[-6:] for piece in pieces] == ["n all.", "stand."]


def test_nor_where_a_tokenizer_makes_more_of_the_whole_than_of_its_parts():
    def count(text: str) -> int:
        return words(text) + text.strip().count("\n")

    text = "Alpha\nHere are six words in all.\nAnd in the second sentence eight more stand."
    pieces = split([Page(1, text, [heading(text, "Alpha")])], limit=15, count=count)
    assert pieces[0].text == "Alpha\nHere are six words in all.\n"


def test_tiny_sections_share_a_piece():
    text = "A\nx\nB\ny\nC\nz\n"
    assert len(cut(text, 50, tuple(heading(text, name) for name in "ABC"))) == 1


def test_the_path_of_headings_holds_over_pages_until_another_of_its_level():
    pages = [
        Page(1, "Part\nwords", [Heading(0, 1, "Part")]),
        Page(2, "Costs\nwords", [Heading(0, 2, "Costs")]),
        Page(3, "still costs", []),
        Page(4, "End\nwords", [Heading(0, 1, "End")]),
    ]
    found = [piece.heading for piece in split(pages, limit=20, count=words)]
    assert found == ["Part", f"Part{UNDER}Costs", f"Part{UNDER}Costs", "End"]


def test_a_path_that_is_too_long_keeps_the_nearest_headings():
    headings = [Heading(0, level, f"{level}" * 150) for level in range(1, 6)]
    (piece,) = split([Page(1, "words", headings)], limit=20, count=words)
    assert len(piece.heading) <= 300
    assert piece.heading.endswith("5")


def test_a_tokenizer_that_does_not_add_up_is_counted_again():
    def uneven(text: str) -> int:
        return words(text) + (words(text) > 8) * 5

    text = "\n".join(["two words"] * 20)
    assert all(uneven(p.text) <= 10 for p in split([Page(1, text, [])], limit=10, count=uneven))


def test_one_endless_line_is_cut_quickly():
    text = "x" * 300_000
    pieces = split([Page(None, text, [])], limit=200, count=letters)
    assert "".join(piece.text for piece in pieces) == text
    assert all(letters(piece.text) <= 200 for piece in pieces)


TEXTS = st.text(alphabet="ab .\n|!é漢\t。", max_size=300)


@given(st.lists(TEXTS, max_size=3), st.integers(1, 40), st.sampled_from([words, letters]))
@settings(max_examples=300, deadline=None)
def test_the_pieces_of_a_page_joined_are_its_text(texts, limit, count):
    pages = [Page(number, text, []) for number, text in enumerate(texts, start=1)]
    pieces = split(pages, limit=limit, count=count)
    for page in pages:
        mine = [piece for piece in pieces if piece.page == page.number]
        joined = "".join(piece.text for piece in mine)
        assert joined == (page.text if page.text.strip() else "")
        assert all(piece.text == page.text[piece.start : piece.end] for piece in mine)
    assert all(count(piece.text) <= limit for piece in pieces)
    assert all(piece.text.strip() for piece in pieces)


@given(TEXTS, st.lists(st.integers(0, 300), max_size=5), st.integers(2, 40))
@settings(max_examples=200, deadline=None)
def test_headings_anywhere_change_nothing_about_that(text, places, limit):
    headings = [Heading(place, 1, "H") for place in sorted(places) if place < len(text)]
    pieces = split([Page(1, text, headings)], limit=limit, count=words)
    assert "".join(piece.text for piece in pieces) == (text if text.strip() else "")
    assert all(words(piece.text) <= limit for piece in pieces)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Net sales increased 3.5 percent to $32.8 billion.", 13),
        ("Accumulated depreciation and amortization", 4),
        ("职业碗防守截锋", 7),
    ],
)
def test_the_rule_of_thumb_errs_on_the_safe_side(text, tokens):
    assert tokens <= approximate(text) <= 2.5 * tokens


@pytest.mark.parametrize("limit", [60, 80, 100])
def test_no_cut_falls_into_the_mark_of_what_is_hidden(limit):
    text = hidden("It costs 12. Pay No. 5. The keeper knows of it. " * 30 + "so and so " * 60)
    text = f"Seen and not marked. {text}. So it goes on and on " * 4
    pieces = cut(f"The harbour was dredged. {text} And so on.", limit)
    assert len(pieces) > 10
    for piece in pieces:
        assert "]" not in piece.text.partition("[hidden: ")[0]
        assert piece.text.count("[hidden: ") == piece.text.count("]")


def test_an_open_mark_of_a_whole_book_is_cut_all_the_same():
    assert all(words(piece.text) <= 50 for piece in cut("[hidden: " + "word " * 5_000, 50))
