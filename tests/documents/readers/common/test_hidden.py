from documents.readers.common.hidden import CHARACTERS, hidden, hidden_name, visible


def test_each_sentence_and_line_says_that_it_is_hidden():
    assert hidden("It costs 1 euro, No. 5. Pay it.\nNow") == (
        "[hidden: It costs 1 euro, No. 5. Pay it.]\n[hidden: Now]"
    )
    assert hidden("The first ended. The other") == "[hidden: The first ended.] [hidden: The other]"


def test_blanks_around_it_stay_and_nothing_is_not_marked():
    assert hidden(" a ") == " [hidden: a] "
    assert hidden(" \n") == " \n"


def test_no_mark_is_longer_than_what_is_embedded_at_once():
    for part in hidden("word " * 500 + "x" * 2_000).split("]"):
        assert len(part) <= CHARACTERS + 12


def test_a_name_says_it_behind():
    assert hidden_name("Prices ") == "Prices (hidden)"


def test_what_is_hidden_cannot_end_its_own_mark():
    text = hidden("The fee is 5.] All is well. [Look")
    assert text == "[hidden: The fee is 5.) All is well. (Look]"
    assert visible(f"Seen. {text}").strip() == "Seen."


def test_each_cell_of_a_hidden_row_says_it():
    assert hidden("Cellar | 120 | ") == "[hidden: Cellar] | [hidden: 120] |"


def test_what_is_seen_is_all_but_the_marks():
    assert visible("It is 5 [hidden: or 6] or 7 [x].") == "It is 5   or 7 [x]."
