"""After an answer, "it", "both" and "the other one" are the documents that it rests on."""

import asyncio

import pytest
from channels.db import database_sync_to_async

from chat import answering, asking
from chat.models import Message
from tests.factories import make_document

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("closed_hub")]

TEXTS = {
    "acme.pdf": "Acme sold anvils in Vienna. Acme is led by Ms Ott.",
    "bolt.pdf": "Bolt sold screws in Oslo. Bolt is led by Mr Berg.",
    "cobalt.pdf": "Cobalt sold paint in Rome. Cobalt is led by Ms Conti.",
}


@pytest.fixture
def library(alice, engine_server):
    return {name: make_document(alice, name, [text]).pk for name, text in TEXTS.items()}


class Talk:
    """A conversation with a model that says what the test says."""

    def __init__(self, user, server):
        self.user, self.server, self.conversation = user, server, None

    async def ask(self, question, says="So it is.", **wish):
        self.server.script(answer=lambda messages: says if _is_answer(messages) else "")
        self.server.requests.clear()
        answer = await asking.ask(
            self.user,
            question,
            wish=asking.Wish(use_documents=True, **wish),
            conversation=self.conversation,
        )
        await asyncio.wait_for(answering.finished(), 20)
        self.conversation = answer.conversation_id
        return await database_sync_to_async(Message.objects.get)(pk=answer.pk)

    def read(self):
        """The documents whose text the last question sent."""
        sent = self.server.asked("/api/chat")[-1]["messages"][-1]["content"]
        return [name for name, text in TEXTS.items() if text in sent]


def _is_answer(messages):
    return not any("Rewrite the last question" in each["content"] for each in messages)


@pytest.fixture
async def talk(alice, library, engine_server):
    """One answer that cites Bolt's document."""
    talk = Talk(alice, engine_server)
    first = await talk.ask("Where did Bolt sell screws?")
    sources = await database_sync_to_async(lambda: list(first.sources.all()))()
    (number,) = [each.number for each in sources if each.filename == "bolt.pdf"]
    talk = Talk(alice, engine_server)
    await talk.ask("Where did Bolt sell screws?", f"In Oslo [{number}].")
    return talk


@pytest.mark.parametrize(
    "question",
    [
        "Summarise it",
        "summarize this document please",
        "Give me a summary",
        "What is it about?",
        "Fasse das Dokument zusammen",
        "Fasse es bitte zusammen",
    ],
)
async def test_a_summary_of_it_is_of_what_the_answer_rests_on(talk, question):
    answer = await talk.ask(question)
    assert talk.read() == ["bolt.pdf"]
    assert answer.notes == ["Taken to mean bolt.pdf, from the conversation so far."]


@pytest.mark.parametrize("question", ["Summarise all my documents", "Summarise everything"])
async def test_all_is_all(talk, question):
    await talk.ask(question)
    assert talk.read() == list(TEXTS)


async def test_a_name_in_the_question_says_what_is_meant(talk):
    await talk.ask("Summarise this acme document")
    assert talk.read() == ["acme.pdf"]


async def test_this_report_is_not_the_one_that_is_called_a_report(alice, talk):
    await database_sync_to_async(make_document)(alice, "report.pdf", ["Of no interest."])
    await talk.ask("Summarise this report")
    assert talk.read() == ["bolt.pdf"]


async def test_it_is_compared_with_what_is_named(talk):
    await talk.ask("Compare it with Cobalt")
    assert talk.read() == ["bolt.pdf", "cobalt.pdf"]


async def test_the_other_one_is_what_was_spoken_of_before(talk, library):
    await talk.ask("Summarise the acme document", "Anvils [1].")
    await talk.ask("Compare it with the other one")
    assert talk.read() == ["acme.pdf", "bolt.pdf"]


async def test_the_other_one_of_two_in_scope_is_the_other(talk, library):
    wish = {"documents": [library["bolt.pdf"], library["cobalt.pdf"]]}
    await talk.ask("Compare it with the other one", **wish)
    assert talk.read() == ["bolt.pdf", "cobalt.pdf"]


async def test_of_them_all_are_listed_where_they_stand(talk):
    await talk.ask("List all of them")
    assert talk.read() == ["bolt.pdf"]


async def test_documents_that_an_answer_names_are_meant_too(talk):
    answer = await talk.ask("What is my newest document?")
    assert "cobalt" in answer.text
    await talk.ask("Summarise it")
    assert talk.read() == ["cobalt.pdf"]


async def test_the_next_document_is_summarised_as_the_one_before(talk):
    await talk.ask("Summarise the Acme report", "Anvils [1].")
    await talk.ask("and Cobalt?")
    assert talk.read() == ["cobalt.pdf"]
    sent = talk.server.asked("/api/chat")[-1]["messages"][-1]["content"]
    assert len(sent.split(TEXTS["cobalt.pdf"])) == 2


async def test_the_answer_itself_is_no_document(talk):
    answer = await talk.ask("Shorten your answer to one word")
    assert not answer.declined
    sent = talk.server.asked("/api/chat")[-1]["messages"]
    assert any(TEXTS["bolt.pdf"] in turn["content"] for turn in sent)
