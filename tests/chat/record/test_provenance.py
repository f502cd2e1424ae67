"""Every answer keeps what made it, and shows it to whom it belongs."""

import asyncio
import json
import shlex

import pytest
from channels.db import database_sync_to_async
from django.urls import reverse

from chat import answering, asking
from chat.models import Message, Provenance
from documents.desk import deleting
from models_mgmt import choosing
from tests.engine_server import Installed
from tests.factories import make_document, make_index

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("data_folder", "closed_hub"),
]


async def answered(user, question, **more):
    answer = await asking.ask(user, question, **{"wish": asking.Wish(), **more})
    await asyncio.wait_for(answering.finished(), 20)
    return await database_sync_to_async(Message.objects.get)(pk=answer.pk)


async def sent(client, answer):
    return (await client.get(f"/api/messages/{answer.pk}/sent")).json()


async def test_what_was_sent_is_made_whole_again_to_the_letter(alice, alice_async, engine_server):
    await database_sync_to_async(make_document)(alice)
    engine_server.script(answer="It was dredged in 1987 [1].")
    first = await answered(alice, "When was the harbour dredged?")
    second = await answered(
        alice, "Who was the lighthouse keeper?", conversation=first.conversation_id
    )
    body = engine_server.asked("/api/chat")[-1]
    call = (await sent(alice_async, second))["call"]
    assert call["exact"] is True
    messages = [{"role": turn["role"], "content": turn["text"]} for turn in call["turns"]]
    assert {**call["body"], "messages": messages} == body
    assert [turn["role"] for turn in call["turns"]] == ["system", "user", "assistant", "user"]
    command = shlex.split(call["curl"])
    assert command[:2] == ["curl", f"{engine_server.url}/api/chat"]
    assert json.loads(command[-1]) == body


async def test_search_passages_model_and_counts_are_kept(alice, alice_async, engine_server):
    document = await database_sync_to_async(make_document)(alice)
    answer = await answered(alice, "When was the harbour dredged?")
    told = await sent(alice_async, answer)
    assert told["search"]["query"] == "When was the harbour dredged?"
    assert (told["search"]["documents"], told["search"]["chunks"]) == (1, 2)
    passage = told["passages"][0]
    assert (passage["document"], passage["page"], passage["start"]) == (document.pk, 1, 0)
    assert passage["version"] == document.current_id
    assert passage["stages"]["words_rank"] == 1
    assert len(passage["hash"]) == 64
    assert passage["sent"]
    assert passage["tokens"] > 0
    call = told["call"]
    assert (call["model"], len(call["digest"])) == ("tiny-chat:latest", 64)
    assert call["body"]["options"]["num_ctx"] == 8192
    assert {part["name"]: part["tokens"] > 0 for part in call["parts"]} == {
        "system": True, "history": False, "passages": True, "question": True,
    }  # fmt: skip
    assert call["tokens"] == sum(part["tokens"] for part in call["parts"])
    assert told["usage"]["prompt_tokens"] > 0


async def test_what_is_deleted_is_gone_from_what_was_sent_too(alice, alice_async, engine_server):
    document = await database_sync_to_async(make_document)(alice, pages=["Xanthippe lives here."])
    answer = await answered(alice, "Who lives here?")
    assert "Xanthippe" in str(await sent(alice_async, answer))
    await database_sync_to_async(deleting.delete)(document)
    told = await sent(alice_async, answer)
    assert "Xanthippe" not in str(told)
    assert "[1] [deleted]" in told["call"]["turns"][-1]["text"]
    assert told["call"]["exact"] is False
    rows = await database_sync_to_async(list)(Provenance.objects.values())
    assert "Xanthippe" not in str(rows)
    page = (await alice_async.get(reverse("sent", args=[answer.pk]))).content.decode()
    assert "Some of it has been deleted since." in page


async def test_a_history_of_the_callers_own_is_shown(alice, alice_async, engine_server):
    talk = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Good day."}]
    wish = asking.Wish(use_documents=False, history=talk)
    told = await sent(alice_async, await answered(alice, "And now?", wish=wish))
    assert [turn["text"] for turn in told["call"]["turns"]][1:] == [
        "Hello",
        "Good day.",
        "And now?",
    ]
    assert told["call"]["exact"] is True
    assert told["passages"] == []


async def test_a_quoted_answer_keeps_its_search(alice, alice_async, no_engine):
    await database_sync_to_async(make_index)(engine="ollama", name="away:latest", dimensions=2)
    await database_sync_to_async(make_document)(alice)
    answer = await answered(alice, "When was the harbour dredged?")
    told = await sent(alice_async, answer)
    assert told["call"] is None
    assert told["search"]["notes"][0].startswith("Searched by words alone")
    assert told["passages"][0]["stages"]["words"] > 0
    page = (await alice_async.get(reverse("sent", args=[answer.pk]))).content.decode()
    assert "No model was asked." in page


async def test_the_page_tells_it_in_words(alice, alice_async, engine_server):
    await database_sync_to_async(make_document)(alice)
    answer = await answered(alice, "When was the harbour dredged?")
    page = (await alice_async.get(reverse("sent", args=[answer.pk]))).content.decode()
    assert "In 1 document, 2 passages" in page
    assert "tiny-chat:latest" in page
    assert "harbour.pdf, p. 1" in page
    assert "curl" in page
    shown = (await alice_async.get(reverse("message", args=[answer.pk]))).content.decode()
    assert reverse("sent", args=[answer.pk]) in shown


async def test_a_second_look_is_told_and_so_is_one_that_was_missed(
    alice, alice_async, engine_server, settings
):
    settings.RERANK_BASE_URL, settings.RERANK_MODEL = engine_server.url, "tiny-rerank"
    await database_sync_to_async(make_document)(alice)
    answer = await answered(alice, "When was the harbour or the lighthouse dredged?")
    told = await sent(alice_async, answer)
    assert told["search"]["reranked"] == "tiny-rerank"
    assert {each["stages"]["reranked_from"] for each in told["passages"]} == {1, 2}
    engine_server.reranking(status=500)
    answer = await answered(alice, "When was the harbour or the lighthouse dredged?")
    told = await sent(alice_async, answer)
    assert told["search"]["reranked"] == ""
    assert "Not reranked: The engine says: slot unavailable" in told["search"]["notes"]
    page = await alice_async.get(reverse("sent", args=[answer.pk]))
    assert "Not reranked" in page.content.decode()


async def test_a_name_that_stands_for_another_model_since_is_said(
    alice, alice_async, engine_server
):
    answer = await answered(alice, "Is it?", wish=asking.Wish(use_documents=False))
    told = (await sent(alice_async, answer))["call"]
    assert told["moved"] is False
    engine_server.stock.install(Installed("tiny-chat:latest", digest="f" * 64))
    await database_sync_to_async(choosing.forget)()
    assert (await sent(alice_async, answer))["call"] == {**told, "moved": True}
    page = await alice_async.get(reverse("sent", args=[answer.pk]))
    assert "The name stands for another model now." in page.content.decode()
