"""Text into terms: what is stored and what is asked meet in the same ones."""

import pytest
from django.db import connection

from documents.text import words


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("The harbours were dredged", "dredging a harbour"),
        ("a RÉSUMÉ of the talks", "resume talk"),
        ("num_ctx = 4096", "num_ctx 4096"),
        ("num_ctx = 4096", "ctx num"),
        ("the form 10-K of 2018", "10-K"),
        ("the form 10-K of 2018", "10K"),
        ("capital expenditure of $1,577 million", "1577"),
        ("capital expenditure of $1577 million", "$1,577"),
        ("results of FY2018", "2018"),
        ("class DiffExecutor:", "diff executor"),
        ("class DiffExecutor:", "diffexecutor"),
        ("written in C++ and C#", "c++ c#"),
        ("the U.S. economy", "US"),
        ("in den Häusern der Stadt", "die Häuser und die Städte"),
        ("las organizaciones de la ciudad", "la organización"),
        ("二零一九年的总统选举", "总统"),
        ("ประเทศไทย", "ไทย"),
        ("대한민국의 수도", "대한민국"),
        ("عدد النقاط التي سجلها الفريق", "كم النقاط"),
        ("im Jahr ٢٠١٩", "2019"),
        ("soft\u00adware", "software"),
    ],
)
def test_a_question_meets_its_text(stored, asked):
    assert set(words.query(asked)) <= words.vectorise(stored).distinct
    assert words.query(asked)


def test_an_identifier_is_kept_whole_and_split():
    assert words.terms("num_ctx") == ["num_ctx", "num", "ctx"]


def test_a_number_loses_its_thousands_separators_alone():
    assert words.terms("$1,577 12,345.6 3.5 1,5") == ["1577", "12345.6", "3.5", "1.5"]


def test_scripts_without_blanks_become_pairs_of_characters():
    assert words.terms("谁是总统") == ["谁是", "是总", "总统"]


def test_stop_words_are_left_out_in_the_language_that_is_spoken():
    assert words.terms("What is the purpose of it?") == ["purpos"]
    assert words.terms("Wie ist das und was ist die Ursache?") == ["ursach"]
    assert words.spoken(["una", "casa", "de", "los"]) == "spanish"


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Wann darf man das Schwimmbad besuchen, und womit?", "das Schwimmbad besuchen und"),
        ("Wer musste die Beiträge zahlen?", "die Beiträge zahlen und"),
        ("Quand et pourquoi ouvre la piscine ?", "la piscine ouvre"),
        ("Wanneer en waarom gaat het zwembad dicht?", "het zwembad gaat dicht en"),
        ("¿Cuántas piscinas puede abrir la ciudad?", "las piscinas de la ciudad para abrir"),
    ],
)
def test_words_that_ask_are_no_part_of_what_is_asked(question, asked):
    assert set(words.terms(question)) == set(words.terms(asked))


def test_a_text_without_stop_words_is_taken_for_english():
    assert words.spoken(["Panthers", "defense"]) == "english"


def test_the_vector_counts_every_occurrence():
    made = words.vectorise("tide, moon, tide")
    assert made.vector == "'moon':2 'tide':1,3"
    assert made.length == 3
    assert made.distinct == {"moon", "tide"}


def test_the_terms_of_a_question_are_distinct_and_in_order():
    assert words.query("tides and moons and tides") == ["tide", "moon"]


def test_nothing_but_stop_words_and_signs_is_no_term():
    assert words.terms("the of and … !?") == []


def test_a_vector_stays_within_what_postgresql_takes(db):
    long = "x" * 5000 + " O'Brien's back\\slash " + "tide " * 20_000
    made = words.vectorise(long)
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(%s::tsvector)", [made.vector])
        assert cursor.fetchone()[0] == len(made.distinct)
    assert max(map(len, made.distinct)) <= words.LONGEST_TERM


@pytest.mark.parametrize("text", ["", "\x00", "\ud800", "_", "__", "'", "\\", "é" * 300, "🙂"])
def test_strange_text_is_no_trouble(text):
    words.vectorise(text)


def test_words_of_compounding_languages_are_found_by_their_parts_too():
    stored = set(words.grams("Die Donaudampfschifffahrt und das Meer"))
    assert stored & set(words.grams("Wann fuhr das erste Dampfschiff auf der Donau?"))
    assert all(gram.startswith(words.GRAM) for gram in stored)


def test_grams_hold_word_ends_apart_and_leave_stop_words_and_numbers_out():
    assert words.grams("das Haus der 1987") == ["~_hau", "~haus", "~aus_"]
    assert words.grams("der Po") == ["~_po_"]


def test_english_and_scripts_without_blanks_have_no_grams():
    assert words.grams("What is the purpose of the harbour?") == []
    assert words.grams("二零一九年的总统选举") == []


def test_grams_count_in_the_vector_but_not_in_the_length():
    made = words.vectorise("das Haus der Stadt")
    assert made.vector.startswith("'haus':1 'stadt':2 '~_hau':3 ")
    assert made.length == 2


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What is the purpose of it?", "english"),
        ("Wie ist das und was ist die Ursache?", "german"),
        ("كم عدد النقاط التي سجلها الفريق", "other"),
        ("谁是总统", "other"),
        ("num_ctx", "english"),
    ],
)
def test_a_question_has_a_language_or_another_script(question, language):
    assert words.language(question) == language


def test_neighbouring_words_are_joined_as_names_may_be():
    assert words.joined("Best Buy's stores") == ["bestbuy", "buys", "sstores"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["tide's moon, Tide 1,577 日本語 das Haus", "x " * 400, "", "\\ ' é"]
)
def test_both_forms_of_a_tsvector_say_the_same(text):
    made = words.vectorise(text)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE packed (words tsvector) ON COMMIT DROP")
        with cursor.copy("COPY packed FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["bytea"])
            copy.write_row([made.packed])
        cursor.execute("SELECT words = %s::tsvector FROM packed", [made.vector])
        assert cursor.fetchone() == (True,)
