"""What comes first: the document asked about, passages among good ones, the half to be trusted."""

import pytest

from documents.finding import candidates, fusion, search, term_weights
from documents.finding.fusion import Scored
from documents.finding.scope import Scope
from documents.ingest import storing
from documents.models import Chunk, Content, Index, Version
from documents.readers.page import UNDER
from tests.factories import make_document, make_index

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words_alone(no_engine):
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=2)


def find(user, query):
    return search.search(user, query)


def names(found):
    return [passage.filename for passage in found.passages]


def test_a_name_written_as_one_word_is_met_by_two(alice):
    make_document(alice, "FOOTLOCKER_2022.txt", ["The tide was high."])
    make_document(alice, "HARBOUR_2022.txt", ["The tide was high!"])
    assert names(find(alice, "How high was the tide for Foot Locker?"))[0] == "FOOTLOCKER_2022.txt"


def test_days_and_counters_in_names_name_no_document(alice):
    make_document(alice, "a_07.txt", ["The moon."])
    make_document(alice, "b.txt", ["The moon, 7 of 10."])
    found = find(alice, "moon 07")
    assert [passage.stages["document"] for passage in found.passages[:2]] == [
        pytest.approx(found.passages[0].stages["document"])
    ] * 2


def test_the_document_that_is_full_of_the_subject_comes_first(alice):
    make_document(alice, "a.txt", ["Kelp grows fast.", *["Kelp again."] * 6, "The yield is 3 t."])
    make_document(alice, "b.txt", ["Wheat grows.", *["Wheat again."] * 6, "The yield is 4 t."])
    found = find(alice, "What is the yield of kelp?")
    best = [passage for passage in found.passages if "yield" in passage.text]
    assert [passage.filename for passage in best] == ["a.txt", "b.txt"]


def test_the_document_asked_about_puts_its_passages_forward(alice, monkeypatch):
    """Though a hundred others answer the other words better."""
    monkeypatch.setattr(candidates, "HALF", 5)
    make_document(alice, "other.txt", [f"The tide, the tide, number {n}." for n in range(20)])
    make_document(alice, "minutes_margate.txt", ["Of this.", "The tide, the tide, number 77."])
    assert names(find(alice, "What do the minutes of Margate say of the tide?"))[0] == (
        "minutes_margate.txt"
    )


def test_a_passage_between_good_ones_comes_before_one_alone():
    def scored(chunk, position, words):
        return Scored(chunk, words, None, content=1, position=position, last=9)

    found = [scored(1, 0, 5.0), scored(2, 1, 3.0), scored(3, 2, 5.0), scored(4, 7, 3.0)]
    order = [row.scored.chunk for row in fusion.ranked([*found, scored(5, 9, 1.0)], 0.5)]
    assert order.index(2) < order.index(4)


def test_a_word_said_twice_weighs_more_than_one_said_once(alice):
    make_document(alice, "a.txt", ["Kelp is harvested in spring."])
    make_document(alice, "b.txt", ["Wheat is harvested in autumn."])
    assert names(find(alice, "Kelp or wheat: kelp farms, drying of kelp"))[0] == "a.txt"
    assert names(find(alice, "Kelp or wheat: wheat farms, drying of wheat"))[0] == "b.txt"


def test_what_is_near_to_the_best_comes_before_what_is_only_as_good():
    best = [Scored(chunk, 9.0, 0.9, content=chunk, kin=0.9) for chunk in range(1, 4)]
    near = Scored(9, 3.0, 0.5, content=9, kin=0.8)
    far = Scored(8, 3.0, 0.5, content=8, kin=0.2)
    order = [row.scored for row in fusion.ranked([far, near, *best, Scored(7, 1.0, 0.1)], 0.5)]
    assert order.index(near) < order.index(far)


def test_what_is_near_to_the_best_is_measured_by_their_mean(alice):
    contents = [
        make_document(alice, f"{n}.txt", [f"Passage {n}."]).current.content_id for n in range(3)
    ]
    chunks = [Chunk.objects.get(content=content) for content in contents]
    for chunk, vector in zip(chunks, ([1, 0], [0, 1], [1, -1]), strict=True):
        Chunk.objects.filter(pk=chunk.pk).update(embedding=vector)
    scope = Scope(alice, Index.objects.current(), None, None)
    ids = [chunk.pk for chunk in chunks]
    found = candidates.kin(scope, ids[:2], ids, contents)
    assert [found[pk] for pk in ids] == [pytest.approx(0.7071, abs=1e-3)] * 2 + [
        pytest.approx(0.0, abs=1e-6)
    ]


def test_a_common_word_at_one_long_beginning_does_not_name_its_document(alice):
    """Only long documents' beginnings are looked at: there any word of theirs is rare."""
    for n in range(30):
        make_document(alice, f"{n}.txt", [f"Use the valve number {n}."])
    long = ["Use this manual.", *[f"Part {n} of it." for n in range(40)]]
    make_document(alice, "long.txt", long)
    make_document(alice, "iron.txt", ["The hinge is oiled."])
    found = find(alice, "What is the use of a hinge?")
    shares = {passage.filename: passage.stages["document"] for passage in found.passages}
    assert shares["long.txt"] < 0.2


def test_a_passage_without_neighbours_is_no_worse_for_it():
    alone = Scored(1, 4.0, None, content=1, position=0, last=0)
    lonely = Scored(2, 4.0, None, content=2, position=3, last=9)
    first = fusion.ranked([lonely, alone, Scored(3, 1.0, None, content=3)], 0.5)[0]
    assert first.scored is alone
    assert first.score == pytest.approx(1)


@pytest.mark.parametrize(
    ("language", "english_model", "weight"),
    [("english", True, 0.5), ("german", True, 0.2), ("other", True, 0.1), ("german", False, 0.5)],
)
def test_an_english_model_is_trusted_by_the_questions_language(language, english_model, weight):
    assert fusion.trust(language, english_model=english_model) == weight


def test_the_less_the_best_passage_has_of_a_question_the_more_its_meaning_weighs():
    weight = fusion.in_own_words
    assert weight(0.5, held=3.0, covered=0.2) == 0.5  # little of a long question is much
    assert weight(0.5, held=0.5, covered=0.9) == 0.5
    assert weight(0.5, held=1.0, covered=0.3) == fusion.OWN_WORDS_WEIGHT
    assert 0.5 < weight(0.5, held=1.5, covered=0.4) < weight(0.5, held=1.2, covered=0.4)
    assert weight(0.2, held=0.0, covered=0.0) == 0.2  # of a language that the model hardly knows


def test_a_page_whose_title_is_asked_for_rises():
    def first(heading):
        mentions = Scored(1, 5.0, None, content=1, position=3, last=9)
        titled = Scored(2, 4.0, None, content=1, position=7, last=9, heading=heading)
        others = Scored(3, 1.0, None, content=1, position=5, last=9)
        return fusion.ranked([mentions, titled, others], 0.5)[0].scored.chunk

    assert first(heading=0.0) == 1
    assert first(heading=1.0) == 2


def test_the_share_of_a_title_is_by_the_worth_of_its_terms(alice):
    pages = ["Cash flows rose.", "Cash is king.", "Cash again.", "Of tides.", "More.", "Less."]
    document = make_document(alice, "report.txt", pages)
    Chunk.objects.filter(content=document.current.content).update(heading="Cash Tides")
    found = find(alice, "How much cash is there?").passages[0].stages["heading"]
    assert 0 < found < 0.5  # the rarer of the two was not asked for


def test_of_a_path_of_headings_the_nearest_alone_is_asked_for(alice):
    pages = ["Cash flows rose.", "Cash is king.", "Cash again.", "Of tides.", "More.", "Less."]
    content = make_document(alice, "report.txt", pages).current.content
    stages = []
    for path in (f"Leases{UNDER}Notes{UNDER}Cash", f"Leases{UNDER}Cash{UNDER}Notes"):
        Chunk.objects.filter(content=content).update(heading=path)
        stages.append(find(alice, "How much cash is there?").passages[0].stages["heading"])
    assert stages == [1.0, 0.0]


def test_a_long_document_without_a_telling_name_is_known_by_its_title(alice):
    body = [f"Part {n} of the terms." for n in range(24)]
    titled = make_document(alice, "Scan_2023-04-11 final (2).pdf", ["The rent is due.", *body])
    Content.objects.filter(pk=titled.current.content_id).update(title="Lease Gartenweg 5")
    storing.tell_about(Version.objects.get(), titled.name)
    make_document(alice, "Scan_2023-05-02.pdf", ["The rent is due!", *body])
    assert names(find(alice, "When is the rent of Gartenweg due?"))[0] == titled.name


def test_a_long_document_is_known_by_its_beginning(alice):
    body = [f"Part {n} of the terms." for n in range(24)]
    made = ["Kelp Farming Ltd annual report", *body, "The yield was 3 t."]
    make_document(alice, "Scan_1.pdf", made)
    make_document(
        alice, "Scan_2.pdf", ["Wheat Farming Ltd annual report", *body, "The yield: 4 t."]
    )
    best = [p for p in find(alice, "yield of Kelp Farming").passages if "yield" in p.text]
    assert [p.filename for p in best] == ["Scan_1.pdf", "Scan_2.pdf"]
    assert best[0].stages["document"] > best[1].stages["document"]


def test_in_a_collection_words_are_worth_what_they_tell_apart_there(alice):
    """“Function” is rare among all passages and says nothing among programs."""
    programs = [f"A function that makes number {n}." for n in range(6)]
    for number, text in enumerate([*programs, "Parses a date, number 9."]):
        make_document(alice, f"{number}.py", [text], collection="Code")
    crowd = [f"Nobody knows the date, they say, on day {n}." for n in range(30)]
    make_document(alice, "b.txt", crowd, collection="Life")
    asked = "Which function has a date?"
    everywhere = search.search(alice, asked).passages[0]
    there = search.search(alice, asked, collection="Code").passages[0]
    assert everywhere.text in programs
    assert there.text == "Parses a date, number 9."


def test_how_many_passages_there_are_is_counted_in_the_collection(alice):
    make_document(
        alice, "miete.txt", ["Die Miete ist am dritten Werktag fällig."], collection="Haus"
    )
    make_document(alice, "tides.txt", ["The tide comes in.", "The tide goes out."])
    index, asked = Index.objects.current(), "Wann ist die Miete fällig?"
    assert term_weights.weigh(Scope(alice, index, "Haus", None), asked).chunks == 1
    assert term_weights.weigh(Scope(alice, index, None, None), asked).chunks == 3
