"""What is exported comes back as it was, with every citation."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from chat import asking, pictures
from chat.exchange import markdown, record
from chat.exchange.incoming import file, storing
from chat.exchange.incoming.values import LONGEST_TAG
from chat.html import citations
from chat.models import Conversation, Message, Source
from chat.pictures import Picture
from localchat.lib.sentences import Sentence
from localchat.lib.wording import in_words
from tests.chat.exchange.sending import bytes_of, export_of, import_of
from tests.chat.test_pictures import drawn
from tests.factories import make_answer, make_conversation, make_document

pytestmark = pytest.mark.django_db

# To shrink an example on a database takes longer than a test may.
on_a_database = settings(
    max_examples=40,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

# Everything that PostgreSQL keeps: no NUL, and no half of a pair.
TEXTS = some.text(some.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
LINES = TEXTS.map(lambda text: " ".join(text.split()))
TAGS = LINES.map(lambda line: line[:LONGEST_TAG].strip()).filter(bool)
PIECES = some.one_of(
    TEXTS,
    some.sampled_from(["[1]", "[2]", " [1, 3]", "【2†source】", "[9]", "2028 [1]", "`[1]`"]),
    some.sampled_from(
        ["\n\n", "\n```\n", "| a | b |\n|---|---|\n", "- ", "# ", "~~~", "> ", "$x$"]
    ),
)
ANSWERS = some.lists(PIECES, max_size=8).map("".join)
VERDICTS = some.sampled_from([("", ""), ("good", ""), ("bad", "too long")])
SAID = some.fixed_dictionaries(
    {
        "text": ANSWERS,
        "thinking": TEXTS,
        "status": some.sampled_from(["done", "stopped", "interrupted", "failed"]),
        "model": LINES,
        "notes": some.lists(TEXTS, max_size=2),
        "declined": some.booleans(),
        "left_out": some.integers(0, 2**31 - 1),
        "usage": some.dictionaries(some.sampled_from(["tokens", "s"]), some.integers(0, 9)),
        "verdict": VERDICTS,
    }
)
SOURCES = some.lists(
    some.fixed_dictionaries(
        {
            "filename": some.one_of(some.just("harbour.pdf"), LINES),
            "page": some.one_of(some.none(), some.integers(1, 99)),
            "text": TEXTS,
            "heading": LINES,
            "support": TEXTS,
            "sent": some.booleans(),
            "score": some.floats(-1e6, 1e6),
        }
    ),
    max_size=4,
)
TURNS = some.lists(
    some.tuples(some.integers(0, 9), TEXTS, some.lists(some.tuples(SAID, SOURCES), max_size=3)),
    min_size=1,
    max_size=5,
)
KEPT = some.fixed_dictionaries(
    {
        "title": LINES.filter(bool),
        "titled": some.sampled_from(["question", "model", "person"]),
        "pinned": some.booleans(),
        "archived": some.booleans(),
        "folder": LINES,
        "tags": some.lists(TAGS, max_size=3, unique_by=str.casefold),
    }
)


def talk_of(owner, kept, turns, document) -> Conversation:
    """A tree: each question follows one of the answers so far, or none."""
    talk = make_conversation(owner, **kept)
    answers: list[Message | None] = [None]
    for place, question, versions in turns:
        asked = talk.messages.create(
            owner=owner, role="user", text=question, previous=answers[place % len(answers)]
        )
        for said, sources in versions:
            verdict, words = said["verdict"]
            answer = talk.messages.create(
                owner=owner,
                role="assistant",
                previous=asked,
                ref=uuid.uuid4(),
                verdict_words=words,
                request={"use_documents": True, "think": True},
                **{**said, "verdict": verdict},
            )
            answers.append(answer)
            for number, facts in enumerate(sources, start=1):
                add_source(answer, number, facts, document)
        talk.shown = answers[-1] or asked
    talk.save()
    return talk


def add_source(answer, number, facts, document) -> None:
    linked = {}
    if facts["filename"] == document.name:
        linked = {"document": document, "version": document.current}
    Source.objects.create(message=answer, number=number, **facts, **linked)


def cited(owner) -> list:
    """Every number that an answer cites, with what it leads to."""
    rows = Message.objects.for_user(owner).answers().order_by("pk")
    found = []
    for row in rows:
        sources = {each.number: each for each in row.sources.all()}
        for number in citations.numbers(row.text):
            to = sources.get(number)
            found.append((number, to and (to.filename, to.page, to.text, to.document_id)))
    return found


@on_a_database
@given(kept=KEPT, turns=TURNS)
def test_any_conversation_comes_back_with_every_citation(alice, data_folder, kept, turns):
    document = make_document(alice, "harbour.pdf", collection=str(uuid.uuid4()))
    talk = talk_of(alice, kept, turns, document)
    before, links = record.of_conversation(talk), cited(alice)
    exported = json.dumps(record.envelope([before])).encode()
    asking.delete(talk)
    imported = storing.store(alice, file.conversations(bytes_of(exported)))
    back = Conversation.objects.get(pk__in=imported.conversations)
    assert record.of_conversation(back) == before
    assert cited(alice) == links
    asking.delete(back)
    document.delete()


@on_a_database
@given(said=SAID, sources=SOURCES)
def test_any_copy_keeps_every_number_and_names_its_source(alice, data_folder, said, sources):
    document = make_document(alice, "harbour.pdf", collection=str(uuid.uuid4()))
    talk = talk_of(alice, {"title": "A"}, [(0, "Why?", [(said, sources)])], document)
    answer = talk.messages.answers().get()
    sent = [number for number, each in enumerate(sources, start=1) if each["sent"]]
    wanted = [number for number in citations.numbers(answer.text) if number in sent]
    copy = markdown.of_answer(answer)
    assert [n for n in citations.numbers(copy) if n in wanted] == wanted
    for number in wanted:
        (line,) = [each for each in copy.split("\n") if each.startswith(f"- [{number}] ")][-1:]
        page = sources[number - 1]["page"]
        assert page is None or line.endswith(f", p. {page}")
    asking.delete(talk)
    document.delete()


def test_a_document_that_is_there_is_linked_again_and_another_is_shown_as_it_was(
    alice, alice_client, bob, bob_client, data_folder
):
    answer = make_answer(alice, document=make_document(alice, "harbour.pdf"))
    exported = export_of(
        alice_client, f"/api/conversations/{answer.conversation_id}/export?form=json"
    )
    asking.delete(answer.conversation)
    assert import_of(alice_client, exported).json()["there_already"] == 0
    source = Source.objects.for_user(alice).get()
    assert (source.document.name, source.chunk.text) == ("harbour.pdf", source.text)
    assert import_of(bob_client, exported).status_code == 200
    source = Source.objects.for_user(bob).get()
    assert (source.document, source.filename, source.page) == (None, "harbour.pdf", 1)
    page = bob_client.get(f"/m/{source.message_id}/sources/1/").content.decode()
    assert "the document is not in your library" in page
    assert "The harbour was dredged in 1987." in page
    shown = bob_client.get(f"/c/{source.message.conversation_id}/").content.decode()
    assert "has been deleted since" not in shown


def test_pictures_and_sentences_come_back(alice, alice_client, bob, bob_client, settings):
    note = Sentence("None of your passages mentions %(words)s.", words="“barge”")
    answer = make_answer(alice, notes=[note, "As it was."])
    small = pictures.smaller(drawn((40, 20)))
    picture = Picture.objects.create(owner=alice, message=answer.question, **small._asdict())
    address = f"/c/{answer.conversation_id}/export"
    shown = export_of(alice_client, f"{address}/markdown/").decode()
    assert f"](http://{settings.HOST}:{settings.PORT}/pictures/{picture.pk}/)" in shown
    import_of(bob_client, export_of(alice_client, f"{address}/json/"))
    [copy] = Picture.objects.for_user(bob)
    assert (copy.width, copy.height, copy.message.text) == (40, 20, answer.question.text)
    [row] = Message.objects.for_user(bob).answers()
    with translation.override("de"):
        assert [in_words(each) for each in row.notes] == [
            "In keiner deiner Textstellen steht “barge”.",
            "As it was.",
        ]


def test_the_same_file_twice_is_said_and_nothing_doubled(alice, alice_client):
    answer = make_answer(alice, text="So.")
    exported = export_of(alice_client, "/conversations/export.json")
    said = import_of(alice_client, exported).json()
    assert said == {"conversations": [], "there_already": 1, "empty": 0}
    asking.delete(answer.conversation)
    assert len(import_of(alice_client, exported).json()["conversations"]) == 1
    assert import_of(alice_client, exported).json()["there_already"] == 1
    assert Conversation.objects.count() == 1


def test_an_archive_of_all_comes_back_with_times_and_without_what_is_temporary(
    alice, alice_client, bob, data_folder
):
    old = datetime(2023, 5, 3, 9, 5, tzinfo=UTC)
    for number in range(3):
        answer = make_answer(
            alice, f"Text {number}.", conversation=make_conversation(alice, folder="A/B")
        )
        Message.objects.update(created=old + timedelta(days=number))
        Conversation.objects.filter(pk=answer.conversation_id).update(touched=old)
    make_answer(alice, "Never.", conversation=make_conversation(alice, temporary=True))
    make_answer(bob, "Bob's.")
    packed = export_of(alice_client, "/conversations/export.zip")
    Conversation.objects.filter(owner=alice).delete()
    said = import_of(alice_client, packed, "all.zip").json()
    assert len(said["conversations"]) == 3
    rows = Conversation.objects.for_user(alice)
    assert {row.folder for row in rows} == {"A/B"}
    assert {row.touched for row in rows} == {old}
    texts = set(Message.objects.for_user(alice).answers().values_list("text", flat=True))
    assert texts == {"Text 0.", "Text 1.", "Text 2."}
    assert set(Message.objects.for_user(alice).values_list("created", flat=True)) == {
        old + timedelta(days=2)
    }


def test_an_answer_alone_is_its_own_branch(alice, alice_client):
    talk = make_conversation(alice)
    first = make_answer(alice, "One.", conversation=talk)
    make_answer(alice, "Two.", conversation=talk)
    sent = json.loads(export_of(alice_client, f"/m/{first.pk}/export/json/"))
    (whole,) = sent["conversations"]
    assert [each["text"] for each in whole["messages"]] == ["When was the harbour dredged?", "One."]
    assert import_of(alice_client, sent).json()["there_already"] == 0  # it is not the whole talk


def test_what_was_being_written_is_written_on_by_nobody(alice, alice_client):
    answer = make_answer(alice, "So f", status="writing", attempt=1)
    exported = export_of(alice_client, f"/c/{answer.conversation_id}/export/json/")
    asking.delete(answer.conversation)
    import_of(alice_client, exported)
    back = Message.objects.answers().get()
    assert (back.status, back.text) == ("interrupted", "So f")
