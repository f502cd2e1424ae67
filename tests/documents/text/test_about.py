"""What a document tells of itself."""

import pytest

from documents.text import about


def test_a_term_counts_by_the_best_place_that_has_it():
    made = about.terms("2019/Lease_Gartenweg.pdf", "Lease of a flat", "The flat in Gartenweg 5")
    weights = {part.split(":")[0]: part[-1] for part in made.split()}
    assert weights == {"'2019'": "A", "'leas'": "A", "'gartenweg'": "A", "'flat'": "B"}


def test_what_stands_at_the_beginning_alone_is_held_apart():
    assert about.terms("a.pdf", "", "Kelp").endswith("'^kelp':1C")


@pytest.mark.parametrize("title", ["Untitled", "Microsoft Word - x", "Document1", "final2.docx"])
def test_titles_that_nobody_gave_are_none(title):
    assert about.titled(title) == ""


def test_one_line_says_what_whose_and_of_when():
    text = "INVOICE No 77\nHafenbau Nord GmbH\nHamburg, 11.04.2023\nDredging of the basin"
    assert about.line("", text) == "INVOICE No 77 · Hafenbau Nord GmbH · 11.04.2023"
    assert about.line("Lease", "signed in 2019 by both") == "Lease · 2019"
    assert about.line("", "") == ""
