"""What a passage is read by: sentences and rows, each with what it needs."""

from chat.grounding.units import units

TABLE = """Sales by region
(in millions)

Region | 2021 | 2020
North
Boats | 12 | 11
South
Boats | 7 | 9

Boats are sold in spring. Engines
are sold in autumn."""


def needed(text, row):
    found = units(text)
    (unit,) = (each for each in found if each.text == row)
    return [found[place].text for place in sorted(unit.needs)]


def test_each_is_a_stretch_of_the_text():
    for each in units(TABLE):
        assert " ".join(TABLE[each.start : each.end].split()) == each.text


def test_a_row_needs_its_head_its_label_and_the_line_above_the_table():
    assert needed(TABLE, "Boats | 12 | 11") == ["(in millions)", "Region | 2021 | 2020", "North"]
    assert needed(TABLE, "Boats | 7 | 9") == ["(in millions)", "Region | 2021 | 2020", "South"]


def test_a_label_between_rows_does_not_end_the_table():
    heads = {each.head for each in units(TABLE) if each.is_row}
    assert heads == {"Region | 2021 | 2020"}


def test_a_sentence_between_rows_ends_the_table():
    text = "Name | Age\nAnn | 31\nThese are all.\nTown | Size\nRome | 9"
    assert [each.head for each in units(text) if each.text == "Rome | 9"] == ["Town | Size"]


def test_a_line_of_other_years_begins_a_new_table():
    text = "Sales | 2021 | 2020\nBoats | 12 | 11\nCosts | 2019 | 2018\nOars | 3 | 4"
    assert needed(text, "Oars | 3 | 4") == ["Costs | 2019 | 2018"]


def test_a_row_of_years_names_no_columns_where_words_do():
    text = "Ship | Built | Rebuilt\nAurora | 1911 | 1987\nBoreas | 1934 | 1990"
    assert needed(text, "Boreas | 1934 | 1990") == ["Ship | Built | Rebuilt"]


def test_a_sentence_over_two_lines_is_one():
    assert units(TABLE)[-1].text == "Engines are sold in autumn."
    assert units(TABLE)[-1].before == "Boats are sold in spring."


def test_rules_and_blank_lines_are_none():
    assert [each.text for each in units("a | b\n|---|---|\n\n1 | 2\n\n")] == ["a | b", "1 | 2"]
    assert units("") == units(" \n ") == []
