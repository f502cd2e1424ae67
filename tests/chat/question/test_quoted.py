"""A question may begin with a quote of what it is about."""

import asyncio

import pytest
from channels.db import database_sync_to_async

from chat import answering, asking
from chat.models import Message
from chat.question import quoted
from chat.record import provenance
from tests.factories import make_document, make_index

QUOTE = "The ferry runs three times a day."
ASKED = "> The ferry runs\n> three times a day.\n\nSummarise it."


@pytest.mark.parametrize(
    ("text", "quote", "question"),
    [
        (ASKED, "The ferry runs\nthree times a day.", "Summarise it."),
        ("> One\n>\n> Two\nWhy?", "One\n\nTwo", "Why?"),
        ("Why?", "", "Why?"),
        ("> Only a quote", "", "> Only a quote"),
        ("Is 3 > 2?\n> yes", "", "Is 3 > 2?\n> yes"),
        ("", "", ""),
    ],
)
def test_the_quote_and_the_question(text, quote, question):
    assert quoted.split(text) == (quote, question)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("data_folder", "closed_hub", "fresh_choice")
@pytest.mark.parametrize("use_documents", [True, False])
async def test_the_model_hears_what_it_is_about(alice, engine_server, use_documents):
    await database_sync_to_async(make_index)(engine="ollama", name="tiny-embed:latest")
    await database_sync_to_async(make_document)(alice, "ferry.pdf", [QUOTE, "Of the harbour."])
    engine_server.script(answer="It runs thrice [1].")
    answer = await asking.ask(alice, ASKED, asking.Wish(use_documents=use_documents))
    await asyncio.wait_for(answering.finished(), 20)
    sent = engine_server.asked("/api/chat")[-1]["messages"][-1]["content"]
    assert "“The ferry runs\nthree times a day.”\n\nSummarise it." in sent
    assert "> " not in sent
    row = await database_sync_to_async(Message.objects.get)(pk=answer.pk)
    assert row.conversation_id
    assert (await database_sync_to_async(provenance.as_json)(row))["call"]["exact"]
    title = await database_sync_to_async(lambda: row.conversation.title)()
    assert title == "Summarise it."
