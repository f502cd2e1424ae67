"""What the documents do not answer is said, and no model is asked to guess it."""

import asyncio

import pytest
from channels.db import database_sync_to_async
from django.db import connection
from django.urls import reverse

from chat import answering, asking
from chat.answers import not_found, quotes
from chat.models import Message
from documents.finding import answerability, search
from documents.finding.answerability import ENOUGH
from documents.models import Index
from localchat.lib.sentences import Sentence
from models_mgmt import builtin, engines
from tests.factories import make_document, make_index

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("data_folder", "closed_hub", "fresh_choice"),
]

PAGES = [
    "The harbour of Weststrand was dredged in 1987 to a depth of twelve metres.",
    "The lighthouse keeper was called Margarethe. She lit the lamp for thirty years.",
    "The ferry to the island runs three times a day, and on Sundays twice.",
    "The fish market opens at five in the morning and sells mostly herring and cod.",
    "The old customs house was turned into a museum of knots and rope making.",
    "Storm tides broke the sea wall in 1953; it was rebuilt one metre higher.",
    "The shipyard built wooden trawlers until its owner retired in 1968.",
    "Berths cost four crowns a night for boats shorter than eight metres.",
    "The pilots of the harbour wear blue coats and speak by radio on channel twelve.",
    "A railway brought coal to the quay, where two steam cranes loaded the ships.",
]
ANSWERED = [
    "When was the harbour of Weststrand dredged?",
    "Who was the keeper of the lighthouse?",
    "How many times a day does the ferry to the island run?",
    "When does the fish market open?",
    "What is in the old customs house now?",
    "When did storm tides break the sea wall?",
    "What did the shipyard build?",
    "What does a berth cost for a short boat?",
    "On which radio channel do the pilots speak?",
    "How was coal brought to the quay?",
]
UNANSWERED = [
    "What is the boiling point of ethanol at sea level?",
    "Which quarterback won the Super Bowl in 2016?",
    "How does photosynthesis store energy in plants?",
    "What was the net revenue of Acme Corporation in fiscal 2018?",
    "Does aspirin reduce the risk of colorectal cancer?",
    "How do I configure retries in the HTTP client?",
    "Who composed the opera about the magic flute?",
    "Which enzyme repairs double strand breaks of DNA?",
    "What are the visa rules for students in Canada?",
    "How tall is the highest mountain of Africa?",
]

GERMAN_PAGES = [
    "Der Hafen von Weststrand wurde 1987 auf zwölf Meter Tiefe ausgebaggert.",
    "Die Leuchtturmwärterin hieß Margarethe. Sie zündete dreißig Jahre lang die Lampe an.",
    "Die Fähre zur Insel verkehrt dreimal täglich, sonntags zweimal.",
    "Der Fischmarkt öffnet um fünf Uhr früh und verkauft vor allem Hering und Dorsch.",
    "Das alte Zollhaus ist heute ein Museum für Knoten und Seile.",
    "Eine Sturmflut zerstörte 1953 den Deich; er wurde einen Meter höher wieder aufgebaut.",
    "Die Werft baute Kutter aus Holz, bis ihr Besitzer 1968 in den Ruhestand ging.",
    "Ein Liegeplatz kostet für Boote unter acht Metern vier Kronen die Nacht.",
    "Die Lotsen tragen blaue Mäntel und sprechen über Funk auf Kanal zwölf.",
    "Die Eisenbahn brachte Kohle an den Kai, wo zwei Dampfkräne die Schiffe beluden.",
]
GERMAN_ANSWERED = [
    "Wann hat man den Hafen ausgebaggert?",
    "Wer war Wärterin am Leuchtturm?",
    "Wie oft geht die Fähre?",
    "Ab wann kann man den Fischmarkt besuchen?",
    "Wozu dient das Zollhaus?",
    "Warum musste der Deich erneuert werden?",
    "Woraus hat die Werft gebaut?",
    "Wie viel muss ich für den Liegeplatz zahlen?",
    "Mit wem darf man auf Kanal zwölf sprechen?",
    "Womit wurden Schiffe beladen?",
]
GERMAN_UNANSWERED = [
    "Wann siedet Ethanol auf Meereshöhe?",
    "Wer hat 2016 den Super Bowl gewonnen?",
    "Wie speichern Pflanzen die Energie der Sonne?",
    "Wie hoch war der Gewinn der Firma Ahlers?",
    "Darf ich Aspirin mit Alkohol nehmen?",
    "Wer komponierte die Zauberflöte?",
    "Welche Enzyme reparieren die Erbsubstanz?",
    "Wo beantrage ich ein Visum für Kanada?",
    "Wie heißt der höchste Berg in Afrika?",
    "Wie lange muss ein Hefeteig ruhen?",
]


@pytest.fixture
def by_words(alice, no_engine):
    """An index whose model cannot be reached."""
    make_index(engine="ollama", name="away:latest", dimensions=2)
    make_document(alice, pages=PAGES)
    return alice


@pytest.fixture
def by_meaning(alice, weights, engine_server):
    make_index(name=builtin.MODEL)
    make_document(alice, pages=PAGES, vectors=vectors_of(PAGES))
    return alice


@pytest.fixture
def german_by_words(alice, no_engine):
    make_index(engine="ollama", name="away:latest", dimensions=2)
    make_document(alice, pages=GERMAN_PAGES)
    return alice


@pytest.fixture
def german_by_meaning(alice, weights, engine_server):
    make_index(name=builtin.MODEL)
    make_document(alice, pages=GERMAN_PAGES, vectors=vectors_of(GERMAN_PAGES))
    return alice


def vectors_of(pages):
    return engines.named("builtin").embed(builtin.MODEL, pages)


def rightly(user, questions, *, answered):
    """The questions that are handled wrongly."""
    found = [(each, search.search(user, each)) for each in questions]
    return [
        text
        for text, each in found
        if answerability.is_lacking(text, each.answerability) is answered
    ]


@pytest.mark.parametrize("library", ["by_words", "by_meaning"])
def test_answered_and_unanswered_are_told_apart(request, library):
    user = request.getfixturevalue(library)
    wrongly = rightly(user, ANSWERED, answered=True) + rightly(user, UNANSWERED, answered=False)
    assert len(wrongly) <= 2, wrongly


@pytest.mark.parametrize("library", ["german_by_words", "german_by_meaning"])
def test_in_german_too_whatever_forms_the_words_have(request, library):
    user = request.getfixturevalue(library)
    refused = rightly(user, GERMAN_ANSWERED, answered=True)
    taken = rightly(user, GERMAN_UNANSWERED, answered=False)
    assert len(refused) <= 2, refused
    assert len(taken) <= 2, taken


@pytest.mark.parametrize("library", ["by_words", "by_meaning"])
def test_a_slip_of_the_pen_is_no_reason_to_decline(request, library):
    user = request.getfixturevalue(library)
    slips = ["When was the harbuor of Weststrand dreged?", "Who was the lighthuose keeper?"]
    assert rightly(user, slips, answered=True) == []


def test_the_more_there_is_to_search_the_nearer_must_the_nearest_be():
    found = answerability.Answerability(
        cosine=0.36, covered=0.4, held=0.8, document=0.0, chunks=1000
    )
    assert found.support > ENOUGH > found._replace(chunks=12_000).support


def test_a_question_that_names_a_document_is_declined_only_where_nothing_is_near():
    unnamed = answerability.Answerability(
        cosine=0.5, covered=0.3, held=0.4, document=0.0, chunks=12_000
    )
    named = unnamed._replace(document=0.6)
    assert named.support > ENOUGH > unnamed.support
    assert named._replace(cosine=0.2).support < ENOUGH


def test_a_short_question_is_declined_only_where_nothing_is_near():
    short = "What does the merge function do?"
    near = answerability.Answerability(
        cosine=0.5, covered=0.6, held=0.5, document=0.0, chunks=12_000
    )
    assert not answerability.is_lacking(short, near)
    assert answerability.is_lacking(short, near._replace(cosine=0.2))
    assert not answerability.is_lacking(short, near._replace(cosine=None))


def test_what_cannot_be_judged_is_left_to_the_model(alice, by_meaning, settings):
    assert search.search(alice, UNANSWERED[0]).answerability.support < ENOUGH
    german = "Wer hat die Oper über die Zauberflöte für das Theater komponiert?"
    assert search.search(alice, german).answerability is None
    make_document(alice, "theater.txt", ["Das Theater der Stadt wurde für die Oper umgebaut."])
    found = search.search(alice, german)
    assert "theater.txt" in {each.filename for each in found.passages}
    assert found.answerability is None
    Index.objects.update(engine="ollama", name="tiny-embed:latest")
    assert search.search(alice, UNANSWERED[0]).answerability is None


async def answer_to(user, question, wish=asking.Wish(), **more):  # noqa: B008 - never changed
    answer = await asking.ask(user, question, wish=wish, **more)
    await asyncio.wait_for(answering.finished(), 30)
    return await database_sync_to_async(Message.objects.get)(pk=answer.pk)


async def test_the_reply_says_so_without_sources_and_without_a_model(
    alice, alice_async, by_meaning, engine_server
):
    row = await answer_to(alice, UNANSWERED[0])
    assert (row.status, row.text) == ("done", not_found.sentence("in English"))
    assert "[" not in row.text
    assert engine_server.asked("/api/chat") == []
    told = (await alice_async.get(f"/api/messages/{row.pk}")).json()
    assert (told["sources"], told["declined"], told["model"]) == ([], True, "")
    sent = (await alice_async.get(f"/api/messages/{row.pk}/sent")).json()
    assert sent["call"] is None
    assert {each["sent"] for each in sent["passages"]} == {False}
    assert sent["search"]["answerability"]["support"] < ENOUGH
    page = (await alice_async.get(reverse("sent", args=[row.pk]))).content.decode()
    assert "close enough to the question" in page


async def test_what_is_answered_goes_to_the_model(alice, by_meaning, engine_server):
    row = await answer_to(alice, ANSWERED[0])
    assert len(engine_server.asked("/api/chat")) == 1
    assert not row.declined


async def test_a_question_that_leans_on_the_talk_goes_to_the_model(
    alice, by_meaning, engine_server
):
    first = await answer_to(alice, ANSWERED[0])
    row = await answer_to(alice, "And what about it in 2021?", conversation=first.conversation_id)
    assert not row.declined


async def test_a_search_that_fails_is_a_failure_and_no_answer_without_documents(
    alice, by_meaning, engine_server
):
    @database_sync_to_async
    def rename(old, new):
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE documents_chunk RENAME COLUMN {old} TO {new}")

    await rename("words", "away")
    try:
        row = await answer_to(alice, ANSWERED[0])
    finally:
        await rename("away", "words")
    assert (row.status, row.text, bool(row.problem)) == ("failed", "", True)
    assert engine_server.asked("/api/chat") == []


async def test_without_a_model_nothing_is_quoted(alice, by_words):
    assert (await answer_to(alice, UNANSWERED[0])).text == quotes.NOTHING


async def test_of_what_is_gone_no_model_makes_anything_up(alice, by_meaning, engine_server):
    make = database_sync_to_async(make_document)
    boat = await make(alice, "boat.txt", ["It is ochre."], collection="Boats")
    about = asking.Wish(collections=[boat.collection_id])
    first = await answer_to(alice, "What colour is the boat?", about, said=["collections"])
    await database_sync_to_async(boat.collection.delete)()
    row = await answer_to(alice, "Which colour has it?", conversation=first.conversation_id)
    assert (row.text, row.declined) == (not_found.empty_scope("in English"), True)
    assert len(engine_server.asked("/api/chat")) == 1
    assert not_found.empty_scope("Wann wurde der Hafen gebaut?").startswith("In dem, worum es")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Wann wurde der Hafen gebaut?", "Deine Dokumente beantworten das nicht"),
        ("Quand est-ce que le port a été construit ?", "Vos documents"),
        ("港口是什么时候建造的\uff1f", "您的文档"),
        ("港はいつ作られましたか\uff1f", "お手元の文書"),
        ("Когда была построена гавань?", "В ваших документах"),  # noqa: RUF001
        ("Kiedy zbudowano port?", "Your documents do not answer this"),
    ],
)
def test_it_is_said_in_the_language_of_the_question(question, told):
    assert not_found.sentence(question).startswith(told)


@pytest.mark.parametrize(
    ("question", "names", "told"),
    [
        ("And the dredger of Hull?", "“Hull”, “Margate”", "“Hull”"),
        ("Hi, what does Hull say?", "“Hi”, “Hull”", "“Hull”"),
        ("And the year after?", "“Hi”, “Margate”", ""),
    ],
)
def test_only_words_that_were_typed_now_are_said_to_be_lacking(question, names, told):
    lacking = Sentence("None of your passages mentions %(words)s.", words=names)
    expected = [f"None of your passages mentions {told}."] if told else []
    assert not_found.minded(["Another note.", lacking], question) == ["Another note.", *expected]
