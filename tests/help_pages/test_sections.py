"""Questions and sections of the help pages."""

import json
import re
from collections import Counter

from tests.help_pages import sources, writing
from tests.help_pages.sections import documents

PAGE = """\
.. _start:

First steps
===========

Words of welcome that are long enough to be kept as a section.

Playing ``loud`` music
----------------------

See :doc:`the mixer </mixer>` and `a
site <that.way>`_, **please**, before you *ever* try this::

    $ play --loud `cat list`

.. note:: Your neighbours may not
   like it at all.

.. code-block:: sh
   :caption: nothing

   # no heading
   ----------

Short
-----

Too little.

Playing loud music
------------------

=====  =====
A row  of a table is not a heading of anything at all here.
=====  =====
"""


def test_a_page_is_cut_at_its_headings(tmp_path):
    page = tmp_path / "docs" / "faq.rst"
    page.parent.mkdir()
    page.write_text(PAGE)
    assert sources.pages("beets", tmp_path) == [page]
    first, loud, again = documents("beets", [page])
    assert first["id"] == "beets.faq"
    assert first["title"] == "First steps"
    assert first["text"].startswith("First steps\n\nWords of welcome")
    assert loud["id"] == "beets.faq.playing-loud-music"
    assert loud["text"] == (
        "Playing loud music\n\n"
        "See the mixer and a\nsite, please, before you ever try this:\n\n"
        "    $ play --loud `cat list`\n\n"
        "Your neighbours may not\n   like it at all.\n\n"
        "   # no heading\n   ----------"
    )
    assert again["id"] == "beets.faq.playing-loud-music-2"
    assert "A row  of a table" in again["text"]


def test_a_set_has_the_three_files_of_an_evaluation(tmp_path, monkeypatch):
    distributions = {}
    for product in sources.PAGES:
        distributions[product] = tmp_path / product
        (tmp_path / product / "docs").mkdir(parents=True)
    for name in ("beets/docs/faq.rst", "nikola/docs/manual.rst"):
        (tmp_path / name).write_text(PAGE)
    asked = tmp_path / "questions.jsonl"
    sections = ["beets.faq", "nikola.manual.playing-loud-music"]
    asked.write_text(json.dumps({"id": "q-01", "text": "how loud?", "sections": sections}) + "\n")
    monkeypatch.setattr(writing, "QUESTIONS", asked)
    writing.write(tmp_path, distributions)
    corpus = [json.loads(line) for line in (tmp_path / "corpus.jsonl").read_text().splitlines()]
    assert [each["id"].split(".")[0] for each in corpus] == ["beets"] * 3 + ["nikola"] * 3
    assert json.loads((tmp_path / "queries.jsonl").read_text()) == {
        "id": "q-01",
        "text": "how loud?",
    }
    assert (tmp_path / "qrels.tsv").read_text() == (
        "query-id\tdoc-id\trelevance\n"
        "q-01\tbeets.faq\t1\n"
        "q-01\tnikola.manual.playing-loud-music\t1\n"
    )


def test_every_question_has_an_id_of_its_own_and_names_sections_of_its_product():
    asked = writing.questions()
    assert len({each["id"] for each in asked}) == len({each["text"] for each in asked})
    assert Counter(each["id"].split("-")[0] for each in asked) == {"beets": 64, "nikola": 64}
    for each in asked:
        product, number = each["id"].split("-")
        assert re.fullmatch(r"\d\d", number)
        assert len(set(each["sections"])) == len(each["sections"]) > 0
        assert all(
            re.fullmatch(rf"{product}(\.[a-z0-9_-]+)+", section) for section in each["sections"]
        )
