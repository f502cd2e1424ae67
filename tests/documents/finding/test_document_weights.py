"""A question that names a file, as people do, is answered from it in 18 of 20."""

import pytest

from documents.finding import search
from tests.factories import make_document, make_index

BODY = [f"Clause {n}: the notice period is {n + 2} weeks." for n in range(4)]
LONG = [f"Clause {n}: the notice period is {n + 2} weeks." for n in range(24)]
# A file's name, what a long one begins with, and how somebody asks for it.
ASKED = [
    ("AGB_v3.docx", "", "What notice period do the AGB v3 have?"),
    ("AGB_v2 (Kopie).docx", "", "notice period in AGB_v2"),
    ("Mietvertrag Gartenweg 5 - unterschrieben.pdf", "", "notice period, Mietvertrag Gartenweg"),
    ("Mietvertrag_Seestrasse.pdf", "", "Which notice period has the Mietvertrag for Seestrasse?"),
    ("BESTBUY_2022_10K.pdf", "", "What is the notice period at Best Buy in 2022?"),
    ("BESTBUY_2019_10K.pdf", "", "What was the notice period at Best Buy in 2019?"),
    ("FootLocker-supplier-agreement.pdf", "", "notice period in the Foot Locker agreement"),
    ("2023-04-11 Protokoll Vorstand.odt", "", "What notice period is in the Protokoll 2023?"),
    ("2022-11-03 Protokoll Vorstand.odt", "", "What notice period is in the Protokoll 2022?"),
    ("contract_ACME_final_FINAL.docx", "", "How long is the notice period with ACME?"),
    ("Anstellungsvertrag Müller.pdf", "", "notice period of Mueller or Muller, Anstellungsvertrag"),
    ("Kündigung_Fitness.txt", "", "notice period in the kundigung for Fitness"),
    ("howto/num_ctx.md", "", "Does num_ctx say anything of a notice period?"),
    ("howto/RunExecutor.md", "", "notice period in the run executor"),
    ("invoices/R-2024-0117.pdf", "", "notice period on R-2024-0117"),
    ("invoices/R-2024-0118.pdf", "", "notice period on R-2024-0118"),
    ("Scan_2023-04-11 final (2).pdf", "Hafenbau Nord GmbH, annual report", "notice at Hafenbau"),
    ("Scan_2023-04-12.pdf", "Kelp Farming Ltd, supply contract", "notice period of Kelp Farming"),
    ("document(7).pdf", "Lease between Okafor and Lindqvist", "notice in Okafor and Lindqvist"),
    ("IMG_0042.pdf", "Insurance policy of the Aurora", "notice period of the Aurora policy"),
]


@pytest.mark.django_db
def test_the_file_that_is_named_answers(alice, no_engine):
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=2)
    for number, (name, beginning, _) in enumerate(ASKED):
        pages = [beginning, *LONG] if beginning else [f"Paper {number}.", *BODY]
        make_document(alice, name, pages)
    wrong = []
    for name, _, question in ASKED:
        found = search.search(alice, question, limit=1).passages
        if [passage.filename for passage in found] != [name]:
            wrong.append((question, [passage.filename for passage in found]))
    assert len(wrong) <= 2, wrong


@pytest.mark.django_db
def test_one_long_text_among_short_ones_is_not_what_each_question_is_about(alice, no_engine):
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=2)
    for number in range(60):
        make_document(alice, f"{number}.md", [f"How to set option {number} of the server."])
    make_document(alice, "backup.md", ["To save all data before the server is set up anew: tar."])
    beginning = (
        "Everything that is new: data, options, a way to save before a new server is set up."
    )
    make_document(alice, "changes.md", [beginning, *(f"Fixed fault {n}." for n in range(30))])
    question = "save all data before the server is set up anew"
    found = search.search(alice, question, limit=3).passages
    told = {passage.filename: passage.stages["document"] for passage in found}
    assert found[0].filename == "backup.md"
    assert told["changes.md"] < 0.1
