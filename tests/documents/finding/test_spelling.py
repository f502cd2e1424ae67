"""A word that no passage has is taken for one written almost so; others are left as they are."""

import pytest

from documents.finding import search, spelling
from tests.factories import make_document, make_index

PAGES = ["The lighthouse keeper was called Margarethe.", "The harbour was dredged in 1987."]


@pytest.mark.parametrize(
    ("one", "other", "mistakes"),
    [
        ("harbour", "harbour", 0),
        ("harbur", "harbour", 1),
        ("habrour", "harbour", 1),
        ("harbouur", "harbour", 1),
        ("lighthose", "lighthouse", 1),
        ("margarthe", "margarethe", 1),
        ("keeper", "harbour", 3),
        ("a", "harbour", 3),
    ],
)
def test_mistakes_are_counted_as_people_make_them(one, other, mistakes):
    assert spelling.apart(one, other, 2) == mistakes
    assert spelling.apart(other, one, 2) == mistakes


@pytest.fixture
def library(alice, no_engine):
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=2)
    return make_document(alice, "a.txt", PAGES)


@pytest.mark.django_db
@pytest.mark.parametrize("question", ["lighthosue keeper", "Who is Margarete?", "Margarethé"])
def test_a_misspelt_word_finds_what_was_meant(library, alice, question):
    assert search.search(alice, question).passages[0].text == PAGES[0]


@pytest.mark.django_db
def test_it_says_what_it_looked_for_instead(library, alice):
    notes = search.search(alice, "harbuor").notes
    assert any("“harbour”" in note and "“harbuor”" in note for note in notes)
    assert not any("instead" in note for note in search.search(alice, "harbour").notes)


@pytest.mark.django_db
def test_words_are_told_as_they_are_written_and_not_as_their_stems(alice, no_engine):
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=2)
    make_document(alice, "a.txt", ["The agreements were doubtful, he said."])
    notes = search.search(alice, "Which agrements were there?").notes
    assert "No passage has “agrements”: looked for “agreements” instead." in notes


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What was realised?", "The realization of gains was late."),
        ("How warm was the summer?", "The results are summarized below."),
    ],
)
def test_another_word_with_a_like_stem_is_no_slip_of_the_pen(alice, no_engine, question, text):
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=2)
    make_document(alice, "a.txt", [text])
    assert not any("instead" in note for note in search.search(alice, question).notes)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("Were gains realised?", "No passage has “realised”: looked for “realized” instead."),
        ("Which harbuors are there?", "No passage has “harbuors”: looked for “harbour” instead."),
    ],
)
def test_a_variant_in_spelling_is_told(alice, no_engine, question, note):
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=2)
    make_document(alice, "a.txt", ["The realization was late.", "It realized gains.", *PAGES])
    assert note in search.search(alice, question).notes


@pytest.mark.django_db
@pytest.mark.parametrize(
    "question",
    [
        "What was the keeper called in FY 2022? Answer in USD millions.",
        "Was the harbour dredged by Q2 FY22, in H1 or 1H? Please Round it.",
        "How was the keeper called? Tell me in EUR.",
    ],
)
def test_notes_speak_of_no_period_and_no_instruction(library, alice, question):
    notes = search.search(alice, question).notes
    assert not any("mentions" in note or "instead" in note for note in notes)


@pytest.mark.django_db
@pytest.mark.parametrize("question", ["zeppelin", "1978", "tide", "sarbour", "num_ctxx"])
def test_numbers_short_words_and_strangers_stay_what_they_are(library, alice, question):
    assert search.search(alice, question).passages == []


@pytest.mark.django_db
def test_a_known_word_is_never_taken_for_another(alice, no_engine):
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=2)
    make_document(
        alice, "a.txt", ["The harbour.", *[f"The harbours of Harbor {n}." for n in (1, 2, 3)]]
    )
    found = search.search(alice, "harbor")
    assert len(found.passages) == 3
    assert not any("instead" in note for note in found.notes)


@pytest.mark.django_db
def test_nobody_elses_words_are_looked_at(library, bob):
    make_document(bob, "b.txt", ["Of tides."])
    assert search.search(bob, "lighthuose").passages == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What did Tesla pay to Margarethe?", ["Tesla"]),
        ("Who is Margarethe?", []),
        ("Was Margarete there in 1987?", []),  # a slip of the pen, which is told as one
        ("Zeppelin above the harbour", []),  # every first word has a capital
        ("Did DHL or UPS come to the harbour?", ["DHL", "UPS"]),
    ],
)
def test_names_that_stand_nowhere_are_told(library, alice, question, named):
    told = [note for note in search.search(alice, question).notes if "mentions" in note]
    said = ", ".join(f"“{name}”" for name in named)
    assert told == ([f"None of your passages mentions {said}."] if named else [])


@pytest.mark.django_db
def test_a_word_is_looked_for_in_the_language_of_the_question(alice, no_engine):
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=2)
    text = "Der Bodentest ohne Versorgung begann, als die Besatzung an Bord war und wurde geplagt."
    make_document(alice, "a.txt", [text])
    question = "Was passierte mit der Besatzung während des Bodentests ohne die Versorgung?"
    found = search.search(alice, question)
    assert found.passages
    assert not any("mentions" in note for note in found.notes)
