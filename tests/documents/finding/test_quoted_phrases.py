"""What a question quotes is looked for word for word."""

import pytest

from documents.finding import quoted_phrases, search
from tests.factories import make_document, make_index

LOOSE = "The harbour master of the old town is a master of the harbour, old and wise."
EXACT = "Among other things it names the Old Harbour Master in passing, at great length."


@pytest.fixture
def library(alice, no_engine):
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=2)
    make_document(alice, "a.txt", [LOOSE, EXACT, "The old harbour masters.", "Die Flut kam."])
    return alice


def find(user, question):
    found = search.search(user, question)
    said = [note for note in found.notes if not note.startswith("Searched by words alone")]
    return [passage.text for passage in found.passages], said


@pytest.mark.django_db
def test_a_passage_with_the_very_words_comes_first(library):
    assert find(library, "Who is the old harbour master?")[0][0] != EXACT
    for question in ('Who is the "old harbour master"?', "Who is the “old  harbour master.”"):
        texts, said = find(library, question)
        assert texts[0] == EXACT
        assert len(texts) == 3  # the others come after, nothing is short
        assert said == []


@pytest.mark.django_db
def test_a_phrase_that_stands_nowhere_is_said_and_changes_nothing(library):
    plain, _ = find(library, "the old master harbour")
    texts, said = find(library, 'the "old master harbour"')
    assert texts == plain
    assert said == ["No passage has “old master harbour” word for word."]


@pytest.mark.django_db
def test_another_form_of_the_words_is_not_word_for_word(library):
    assert find(library, '"old harbour masters"')[0][0] == "The old harbour masters."
    assert find(library, '"harbour maste"')[1] != []


@pytest.mark.django_db
def test_of_two_phrases_both_count_more_than_one(library, alice):
    both = "The tide table, and the old harbour master, and very many more words that say nothing."
    make_document(alice, "b.txt", ["Tide table, tide table.", both])
    texts, _ = find(library, 'Does the "tide table" name an "old harbour master"?')
    assert texts[0] == both


@pytest.mark.django_db
def test_it_is_found_however_common_its_words_are(library, alice, monkeypatch):
    """Also where it is far from the hundred best by its words, and in any script."""
    from documents.finding import candidates

    monkeypatch.setattr(candidates, "HALF", 2)
    crowd = [f"Moon moon tide tide number {n}." for n in range(9)]
    make_document(alice, "c.txt", [*crowd, "In a long text, and a very long one, the moon tide."])
    assert find(library, '"the moon tide"')[0][0].endswith("the moon tide.")
    make_document(alice, "d.txt", ["二零一九年的总统选举在十月举行。", "总统的选举。"])
    assert find(library, "“总统选举”")[0][0].startswith("二零一九年的")


@pytest.mark.django_db
def test_somebody_elses_passage_is_not_quoted(library, bob):
    make_document(bob, "his.txt", ["A tide."])
    texts, said = find(bob, '"old harbour master" tide')
    assert texts == ["A tide."]
    assert said == ["No passage has “old harbour master” word for word."]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ('say "num_ctx" and "10-K"', ["num_ctx", "10-K"]),
        ("„im Hafen“ und «le port» und »Kai«", ["im Hafen", "le port", "Kai"]),
        ("「東京」 『大阪』", ["東京", "大阪"]),
        ("it's Bob's, isn't it", []),
        ('a 5" pipe', []),
        ('"" and "to be or not to be" and "!?"', []),
        ('"tide" and "tide"', ["tide"]),
        (" ".join(f'"tide{n}"' for n in range(9)), [f"tide{n}" for n in range(5)]),
    ],
)
def test_what_counts_as_quoted(question, found):
    assert list(quoted_phrases.quoted(question)) == found
