"""A copied answer says which figure is a citation, and of what."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.exchange import markdown
from chat.html import citations
from tests.factories import make_answer, make_conversation, make_document, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(alice, data_folder):
    """Two sources, of which it cites the second alone."""
    document = make_document(alice, "notes_2022.pdf")
    answer = make_answer(alice, "Notes due 2026 and 2028 [2].", document=document)
    make_source(answer, make_document(alice, "a *strange* [1] name.pdf", ["Due 2028."]), 2)
    return answer


def copied(client, answer):
    return client.get(f"/m/{answer.pk}/copy/").json()


def test_a_number_stays_in_its_brackets_and_its_source_stands_below(alice_client, answer):
    answer.text = "Notes due 2026 and 2028 [1]."
    answer.save()
    assert copied(alice_client, answer) == {
        "text": "Notes due 2026 and 2028 [1].\n\nSources:\n\n- [1] notes_2022.pdf, p. 1\n",
        "html": "<p>Notes due 2026 and 2028 [1].</p>\n<p>Sources:<br>[1] notes_2022.pdf, p. 1</p>",
    }


def test_a_files_name_is_no_markdown_of_ours(alice_client, answer):
    both = copied(alice_client, answer)
    assert both["text"].endswith(r"- [2] a \*strange\* \[1\] name.pdf, p. 1" + "\n")
    assert "a *strange* [1] name.pdf" in both["html"]
    assert "notes_2022" not in both["text"]  # it is not cited


@pytest.mark.parametrize(
    ("written", "copy"),
    [
        ("Due 2028【1†source】.", "Due 2028[1]."),
        ("`【1】` is code.", "`【1】` is code."),
        ("```\n【1】\n```", "```\n【1】\n```"),
    ],
)
def test_other_brackets_become_ours_but_not_in_code(alice, written, copy):
    assert markdown.of_answer(make_answer(alice, written)).strip() == copy


def test_code_that_was_cut_off_does_not_take_the_sources(alice, answer):
    answer.text = "So it is [1]:\n\n```python\nprint(1)"
    made = markdown.of_answer(answer)
    assert "print(1)\n```\n\nSources:\n\n- [1] notes_2022.pdf" in made
    assert list(citations.numbers(made)) == [1]


def test_what_a_model_thought_is_not_copied(alice_client, alice):
    both = copied(alice_client, make_answer(alice, "Yes.", thinking="Hmm, a secret."))
    assert "secret" not in str(both)


def test_a_conversation_is_its_shown_branch(alice, alice_client, data_folder):
    talk = make_conversation(alice, title="The *harbour*")
    first = make_answer(
        alice, "In 1987 [1].", conversation=talk, document=make_document(alice, "harbour.pdf")
    )
    make_answer(alice, "By whom?", question="> In 1987\n\nWho did it?\nAnd why?", conversation=talk)
    talk.messages.create(owner=alice, role="assistant", text="Other.", previous=first.previous)
    sent = alice_client.get(f"/c/{talk.pk}/export/markdown/")
    assert sent["Content-Disposition"] == 'attachment; filename="The harbour.md"'
    text = sent.content.decode()
    assert text.startswith("# The \\*harbour\\*\n\n")
    assert "## When was the harbour dredged?\n\nIn 1987 [1].\n\nSources:\n\n- [1] harbour" in text
    assert "> Who did it?\n> And why?\n\nBy whom?\n" in text
    assert "Other." not in text


def test_bob_copies_and_exports_nothing_of_alices(alice, bob_client):
    answer = make_answer(alice)
    for road in (f"m/{answer.pk}/copy", f"m/{answer.pk}/export/html"):
        assert bob_client.get(f"/{road}/").status_code == 404
    assert bob_client.get(f"/c/{answer.conversation_id}/export/json/").status_code == 404


@pytest.mark.parametrize("facts", [{"temporary": True}, {"deleted": True}])
def test_what_is_temporary_or_deleted_is_not_exported(alice, alice_client, facts):
    answer = make_answer(alice, conversation=make_conversation(alice, **facts))
    assert alice_client.get(f"/m/{answer.pk}/export/markdown/").status_code == 404
    assert alice_client.get(f"/c/{answer.conversation_id}/export/json/").status_code == 404


def test_a_longer_talk_asks_the_database_no_more_often(alice, alice_client):
    def asked(talk) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert "Export" in alice_client.get(f"/c/{talk.pk}/").content.decode()
        return len(queries)

    talk = make_conversation(alice)
    for _ in range(2):
        make_answer(alice, "So.", conversation=talk)
    short = asked(talk)
    for _ in range(4):
        make_answer(alice, "So.", conversation=talk)
    assert asked(talk) <= short
