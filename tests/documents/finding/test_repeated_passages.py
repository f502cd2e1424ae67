"""Passages that say the same are shown once; a number that differs in a short one is no twin."""

import pytest

from documents.finding import explanation, repeated_passages, search
from tests.factories import make_document, make_index

LEASE = (
    "The tenant keeps the stairs clean and pays the rent until the third working day of each month."
    " Whoever moves out hands back all the keys and has the walls painted white. Pets are allowed"
    " as long as no neighbour complains about them in writing, and music ends at ten in the evening."
)


def test_twins_are_counted_where_the_best_of_them_stands():
    near = LEASE.replace("white", "grey")
    other = "The harbour was dredged in 1987."
    assert repeated_passages.fold([LEASE, other, near, f"  {other}", "Else."]) == [
        (0, [2]),
        (1, [3]),
        (4, []),
    ]


def test_short_passages_that_differ_by_a_number_both_stay():
    assert len(repeated_passages.fold(["The yield was 3 t.", "The yield was 4 t."])) == 2


def test_long_passages_on_the_same_subject_both_stay():
    half = (
        LEASE[: len(LEASE) // 2] + " Nothing else was agreed upon, neither by word nor by letter."
    )
    assert len(repeated_passages.fold([LEASE, half])) == 2


@pytest.mark.django_db
def test_a_search_gives_the_place_of_a_twin_to_another(alice, no_engine):
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=2)
    for n in range(3):
        make_document(alice, f"copy {n}.txt", [LEASE.replace("white", f"colour {n}")])
    make_document(alice, "other.txt", ["Of keys and walls."])
    found = search.search(alice, "tenant keys", limit=2).passages
    assert [passage.filename for passage in found][1] == "other.txt"
    assert [passage.stages["folded"] for passage in found] == [2, 0]


@pytest.mark.django_db
def test_a_folded_passage_is_told_what_stands_in_its_place(alice, no_engine):
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=2)
    for n in range(3):
        make_document(alice, f"copy {n}.txt", [LEASE.replace("white", f"colour {n}")])
    make_document(alice, "other.txt", ["Of keys and walls."])
    why = explanation.explain(alice, "tenant keys", explanation.Asked())
    assert sorted((each.rank or 0, each.reason) for each in why) == [
        (0, "Folded: it says the same as rank 1."),
        (0, "Folded: it says the same as rank 1."),
        (1, "Rank 1 of 2."),
        (2, "Rank 2 of 2."),
    ]
