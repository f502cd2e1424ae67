"""Finding: by words, by vectors, by both; only in what is the asker's."""

import math

import pytest

from documents import tasks
from documents.desk import deleting
from documents.finding import candidates, search
from documents.models import Chunk, Document, Term, Version
from tests.engine_server.embedding import vector
from tests.factories import make_document, make_index

pytestmark = pytest.mark.django_db
NEAR, FAR = [1.0, 0.0], [0.0, 1.0]


@pytest.fixture(autouse=True)
def _words_alone(no_engine):
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=2)


def find(user, query, **scope):
    return search.search(user, query, **scope)


def texts(found):
    return [passage.text for passage in found.passages]


def names(found):
    return [passage.filename for passage in found.passages]


def test_a_passage_says_where_it_stands(alice):
    document = make_document(alice)
    passage = find(alice, "Who kept the lighthouse?").passages[0]
    assert (passage.document, passage.filename) == (document.pk, "harbour.pdf")
    assert (passage.version, passage.page) == (document.current_id, 2)
    assert passage.text[passage.start : passage.end] == passage.text
    assert 0.8 < passage.score <= 1


def test_nobody_finds_what_is_somebody_elses(alice, bob):
    document = make_document(alice)
    assert find(alice, "harbour").passages
    assert find(bob, "harbour") == search.Found([], [], 0, 0)
    assert not find(bob, "harbour", documents=[document.pk]).passages
    assert not find(bob, "harbour", collection="Documents").passages


def test_two_people_with_the_same_file_each_find_their_own(alice, bob):
    make_document(alice)
    document = make_document(bob)
    assert [passage.document for passage in find(bob, "harbour").passages] == [document.pk]


def test_a_search_stays_in_its_collection_and_its_documents(alice):
    make_document(alice, "a.txt", ["The tide is high."], collection="Sea")
    other = make_document(alice, "b.txt", ["The tide is low."], collection="Land")
    assert names(find(alice, "tide", collection="sea")) == ["a.txt"]
    assert names(find(alice, "tide", documents=[other.pk])) == ["b.txt"]
    assert not find(alice, "tide", documents=[]).passages
    assert not find(alice, "tide", collection="Sea", documents=[other.pk]).passages
    assert not find(alice, "tide", collection="Sky").passages


def test_the_scope_is_counted(alice):
    make_document(alice, "a.txt", ["One tide.", "Two tides."])
    make_document(alice, "b.txt", ["Three tides."], collection="Land")
    assert find(alice, "tide")[2:4] == (2, 3)
    assert find(alice, "tide", collection="Land")[2:4] == (1, 1)


def test_the_same_content_under_two_names_is_found_once(alice):
    make_document(alice, "a.txt", ["The tide is high."])
    make_document(alice, "b.txt", ["The tide is high."])
    found = find(alice, "tide")
    assert names(found) == ["a.txt"]


def test_an_older_version_is_not_found(alice):
    document = make_document(alice, "a.txt", ["The tide is high."])
    newer = make_document(alice, "b.txt", ["The tide is low."])
    content = newer.current.content
    newer.delete()
    document.current = Version.objects.create(document=document, content=content, number=2)
    document.save()
    assert texts(find(alice, "tide")) == ["The tide is low."]


def test_what_is_still_being_read_is_not_found(alice):
    make_document(alice, ready=False)
    assert not find(alice, "harbour").passages


def test_without_any_document_nothing_is_found_and_no_engine_asked(alice):
    assert find(alice, "harbour") == search.Found([], [], 0, 0)


def test_all_words_come_before_some_words(alice):
    make_document(
        alice, "a.txt", ["Tide tide tide tide.", "The moon.", "A moon pulls at the tide today."]
    )
    assert texts(find(alice, "moon tide"))[0] == "A moon pulls at the tide today."


def test_a_passage_with_all_words_is_found_however_common_they_are(alice, monkeypatch):
    monkeypatch.setattr(candidates, "CANDIDATES", 3)
    common = [f"The tide {n}." for n in range(5)] + [f"The moon {n}." for n in range(5)]
    make_document(alice, "a.txt", [*common, "The moon and the tide."])
    assert texts(find(alice, "moon tide"))[0] == "The moon and the tide."


def test_a_rare_word_beats_common_ones(alice):
    common = [f"The harbour of city {n} was dredged." for n in range(9)]
    make_document(alice, "a.txt", [*common, "Margarethe kept the light."])
    best = texts(find(alice, "Did Margarethe dredge the harbour?"))[0]
    assert best == "Margarethe kept the light."


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("num_ctx", "Set num_ctx to 4096."),
        ("form 10-K", "The annual report on Form 10-K."),
        ("1577", "Purchases of property were $1,577 million."),
        ("总统", "二零一九年的总统选举在十月举行。"),
    ],
)
def test_identifiers_numbers_and_unspaced_scripts_are_found(alice, query, text):
    make_document(alice, "a.txt", ["Set the context.", "A report of 1,578 pages.", text, "一天。"])
    assert texts(find(alice, query))[0] == text


def test_scores_fall_from_one_to_nothing(alice):
    make_document(alice, "a.txt", ["tide moon", "tide", "tide and other words", "sun"])
    scores = [passage.score for passage in find(alice, "tide moon").passages]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_bm25_is_what_the_book_says(alice):
    """Three chunks of 2, 1 and 3 terms: N = 3, average 2; tide stands in two of them."""
    make_document(alice, "a.txt", ["tide moon", "tide", "sun sun star"])
    passages = find(alice, "tide").passages
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    expected = {
        "tide moon": idf * 1.9 / (1 + 0.9 * (0.25 + 0.75 * 2 / 2)),
        "tide": idf * 1.9 / (1 + 0.9 * (0.25 + 0.75 * 1 / 2)),
    }
    assert {each.text: pytest.approx(each.stages["words"]) for each in passages} == expected


def test_terms_are_counted_with_their_chunks_and_forgotten_with_them(alice):
    document = make_document(alice, "a.txt", ["tide moon", "tide tide"])
    assert dict(Term.objects.filter(owner=alice).values_list("term", "chunks")) == {
        "#chunks": 2,
        "#terms": 4,
        "moon": 1,
        "tide": 2,
    }
    make_document(alice, "b.txt", ["tide"])
    deleting.delete(document)
    left = Term.objects.filter(owner=alice).exclude(term__startswith="#")
    assert dict(left.values_list("term", "chunks")) == {"tide": 1}


def test_one_persons_terms_do_not_weigh_anothers(alice, bob):
    make_document(alice, "a.txt", ["tide moon", "sun"])
    before = find(alice, "tide").passages
    make_document(bob, "b.txt", [f"tide {n}" for n in range(20)])
    assert find(alice, "tide").passages == before


def test_an_engine_that_is_away_leaves_words_and_a_note(alice):
    make_document(alice, vectors=[NEAR, FAR])
    found = find(alice, "harbour")
    assert texts(found) == ["The harbour was dredged in 1987."]
    assert [note.startswith("Searched by words alone: ") for note in found.notes] == [True]
    assert found.passages[0].stages["vectors"] is None


def test_a_question_that_no_word_answers_finds_nothing_by_words_alone(alice):
    make_document(alice)
    assert not find(alice, "zeppelin").passages
    assert not find(alice, "").passages
    assert not find(alice, "!? the").passages


@pytest.fixture
def vectors(engine_server):
    """An index whose engine answers, and the vectors that it gives to texts."""
    index = make_index()
    index.dimensions = 384
    index.save()
    return lambda *texts: [vector(text, 384) for text in texts]


def test_a_vector_finds_what_no_term_does(alice, vectors):
    pages = ["What is the what of it?", "Nothing alike."]
    make_document(alice, "a.txt", pages, vectors=vectors(*pages))
    found = find(alice, "what is the what")
    assert texts(found)[0] == pages[0]
    assert not found.notes
    assert found.passages[0].stages["vectors_rank"] == 1
    assert found.passages[0].stages["words_rank"] is None


def test_who_asks_in_words_of_his_own_is_found_by_what_they_mean(alice, vectors):
    """One word that happens to stand somewhere speaks for little; three of them for more."""
    others = [f"The moon, number {n}." for n in range(20)]
    meant, happens = "Who are they that he and she are with?", "A tide, a harbour, a mole."
    pages = [meant, happens, *others]
    for n, page in enumerate(pages):
        make_document(alice, f"{n}.txt", [page], vectors=vectors(page))
    asked = "Who are they that he and she are with on the zeppelin, at cricket, in a tide"
    assert texts(find(alice, f"{asked}?"))[0] == meant
    assert texts(find(alice, f"{asked}, a harbour and a mole?"))[0] == happens


def test_both_halves_are_scored_for_every_passage(alice, vectors):
    pages = ["The tide is high.", "A low tide today.", "The moon."]
    make_document(alice, "a.txt", pages, vectors=vectors(*pages))
    passages = find(alice, "tide").passages
    assert all(passage.stages["vectors"] is not None for passage in passages)
    assert [passage.stages["words"] for passage in passages][-1] == 0


def test_chunks_without_a_vector_are_found_by_their_words_among_others(alice, vectors):
    make_document(alice, "a.txt", ["The tide is high."], vectors=vectors("The tide is high."))
    make_document(alice, "b.txt", ["A tide without vector."])
    assert set(names(find(alice, "tide"))) == {"a.txt", "b.txt"}


def test_vectors_of_another_length_are_not_compared(alice, engine_server):
    make_document(alice, vectors=[NEAR, FAR])
    found = find(alice, "harbour")
    assert found.notes == ["Searched by words alone: the documents were read with another model."]
    assert found.passages


@pytest.mark.django_db(transaction=True)
def test_a_large_scope_goes_by_the_vector_index_and_finds_the_same(alice, vectors, monkeypatch):
    pages = [f"Passage {n} of the tide and {word}" for n, word in enumerate("abcdefgh" * 4)]
    make_document(alice, "a.txt", pages, vectors=vectors(*pages))
    exact = find(alice, "the tide and e")
    candidates.ensure_vector_index(make_index())
    monkeypatch.setattr(candidates, "EXACT", 10)
    found = find(alice, "the tide and e")
    assert {text[-1] for text in texts(found)[:4]} == {"e"}
    # Beyond them many are equally near.
    assert set(texts(found)[:4]) == set(texts(exact)[:4])
    assert [passage.score for passage in found.passages] == pytest.approx(
        [passage.score for passage in exact.passages]
    )


def test_a_name_that_answers_part_of_the_question_lifts_its_passages(alice):
    make_document(alice, "minutes_2019.txt", ["The tide was high."])
    make_document(alice, "minutes_2020.txt", ["The tide was high!"])
    make_document(alice, "other.txt", ["2019 2020"])
    found = names(find(alice, "tide in 2020"))
    assert found.index("minutes_2020.txt") < found.index("minutes_2019.txt")


def test_hostile_questions_are_only_words(alice):
    make_document(alice)
    for query in [
        "'; DROP TABLE x; --",
        "a & !b | (c",
        "\\",
        "%s %(owner)s",
        "\x00 harbour",
        "é" * 9000,
    ]:
        find(alice, query)
    assert find(alice, "\x00 harbour").passages
    assert Chunk.objects.count() == Document.objects.count() * 2


@pytest.mark.django_db(transaction=True)
def test_the_vector_index_is_wanted_once_somebody_has_many_passages(alice, monkeypatch):
    index = make_index(dimensions=2)
    make_document(alice, "a.txt", ["The tide.", "The moon."], vectors=[NEAR, FAR])
    assert not candidates.wants_vector_index(index)
    monkeypatch.setattr(candidates, "EXACT", 1)
    assert candidates.wants_vector_index(index)
    tasks.build_vector_index()
    assert not candidates.wants_vector_index(index)
