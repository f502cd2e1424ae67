"""Pictures that are asked about: made small, sent to models that see, kept for their owner alone."""

import asyncio
import base64
import json
from datetime import timedelta
from io import BytesIO

import pytest
from channels.db import database_sync_to_async
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from chat import answering, asking, pictures, question_parsing
from chat.keeping import forking
from chat.models import Message, Provenance
from chat.pictures import Picture
from chat.record import continuation, provenance
from tests.engine_server import Installed
from tests.factories import make_answer, make_conversation

SEES = Installed("tiny-see:latest", ("completion", "vision"), window=32_768)


def drawn(size=(40, 20), form="PNG", color="red", **more) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, color).save(written, form, **more)
    return written.getvalue()


def posted(client, data=None, name="boat.png"):
    file = SimpleUploadedFile(name, drawn() if data is None else data)
    return client.post("/api/pictures", {"file": file})


def test_a_picture_is_made_small_and_loses_what_the_camera_wrote():
    exif = Image.Exif()
    exif[0x010E] = "At home, 59.9 N"
    exif[0x0112] = 6  # lies on its side
    small = pictures.smaller(drawn((4000, 1000), "JPEG", exif=exif))
    assert (small.width, small.height) == (392, 1568)
    with Image.open(BytesIO(small.jpeg)) as opened:
        assert opened.format == "JPEG"
        assert opened.size == (392, 1568)
        assert not opened.getexif()
    assert b"At home" not in small.jpeg


def test_of_a_moving_one_the_first_frame_is_taken_and_what_is_clear_is_white():
    written = BytesIO()
    first, then = Image.new("RGBA", (9, 9), (0, 0, 0, 0)), Image.new("RGBA", (9, 9), "red")
    first.save(written, "WEBP", save_all=True, append_images=[then])
    with Image.open(BytesIO(pictures.smaller(written.getvalue()).jpeg)) as opened:
        assert opened.getpixel((4, 4)) == (255, 255, 255)
    moving = BytesIO()
    frames = [Image.new("RGB", (9, 9), color) for color in ("blue", "red")]
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:])
    with Image.open(BytesIO(pictures.smaller(moving.getvalue()).jpeg)) as opened:
        assert opened.getpixel((4, 4))[2] > 200


@pytest.mark.parametrize(
    "data", [b"", b"<svg/>", b"%PDF-1.7", drawn()[:60], drawn(form="TIFF"), drawn(form="BMP")]
)
def test_what_is_no_picture_is_refused_in_words(alice_client, data):
    answer = posted(alice_client, data or b" ")
    assert answer.status_code == 400
    assert "PNG, JPEG, WebP and GIF" in answer.json()["message"]


def test_one_of_too_many_pixels_is_not_even_opened(alice_client):
    huge = Image.new("1", (8_000, 7_600))
    written = BytesIO()
    huge.save(written, "PNG")
    answer = posted(alice_client, written.getvalue())
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "The picture has too many pixels.",
    )


def test_only_its_owner_gets_it_and_only_as_a_picture(alice_client, bob):
    from django.test import Client

    made = posted(alice_client).json()
    shown = alice_client.get(made["url"])
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    other = Client()
    other.force_login(bob)
    assert other.get(made["url"]).status_code == 404
    assert other.delete(f"/api/pictures/{made['id']}").status_code == 404
    assert alice_client.delete(f"/api/pictures/{made['id']}").json() == {"success": True}
    assert alice_client.get(made["url"]).status_code == 404


def test_what_nobody_asks_about_is_gone_after_a_day(alice):
    kept, old = kept_picture(alice), kept_picture(alice)
    asked = make_answer(alice).previous
    pictures.hand_over(alice, [kept_picture(alice).pk], asked)
    Picture.objects.filter(pk__in=[old.pk, asked.pictures.get().pk]).update(
        created=timezone.now() - timedelta(days=2)
    )
    pictures.sweep()
    assert set(Picture.objects.all()) == {kept, asked.pictures.get()}


def test_it_stands_with_its_question_and_goes_with_it(alice, alice_client):
    talk = make_conversation(alice)
    answer = make_answer(alice, conversation=talk)
    pictures.hand_over(alice, [kept_picture(alice).pk], answer.previous)
    picture = answer.previous.pictures.get()
    page = alice_client.get(f"/c/{talk.pk}/").content.decode()
    assert f'src="/pictures/{picture.pk}/"' in page
    told = alice_client.get(f"/api/conversations/{talk.pk}").json()["messages"]
    assert [[each["id"] for each in one["pictures"]] for one in told] == [[picture.pk], []]
    alice_client.delete(f"/api/messages/{answer.previous_id}")
    assert not Picture.objects.exists()


class TestAsked:
    pytestmark = [
        pytest.mark.django_db(transaction=True),
        pytest.mark.usefixtures("data_folder", "closed_hub", "fresh_choice"),
    ]

    async def test_a_model_that_sees_gets_it_in_plain_base64(self, alice, engine_server):
        engine_server.stock.install(SEES)
        picture = await keep(alice)
        answer = await ask(alice, pictures=[picture.pk], use_documents=True)
        assert answer.status == "done"
        *before, asked = engine_server.asked("/api/chat")[-1]["messages"]
        assert asked["content"] == "What is it?"
        assert [base64.b64decode(each) for each in asked["images"]] == [bytes(picture.jpeg)]
        assert "images" not in json.dumps(before)
        assert "pictures" not in answer.request

    async def test_it_is_sent_again_with_the_talk_to_the_letter(self, alice, engine_server):
        engine_server.stock.install(SEES)
        first = await ask(alice, pictures=[(await keep(alice)).pk])
        before = engine_server.asked("/api/chat")[-1]["messages"]
        await ask(alice, question="And behind it?", conversation=first.conversation_id)
        last = engine_server.asked("/api/chat")[-1]["messages"]
        assert last[: len(before)] == before
        assert "images" not in last[-1]

    async def test_a_model_that_cannot_see_is_not_sent_it_and_others_are_named(
        self, alice, engine_server
    ):
        engine_server.stock.install(SEES)
        picture = (await keep(alice)).pk
        answer = await ask(alice, model="tiny-chat", pictures=[picture])
        assert answer.problem == "tiny-chat:latest cannot see pictures. These can: tiny-see:latest."
        assert engine_server.asked("/api/chat") == []
        again = await ask(alice, question="", regenerates=answer.pk, model="tiny-see:latest")
        assert again.status == "done"
        assert len(engine_server.asked("/api/chat")[-1]["messages"][-1]["images"]) == 1
        blind = await ask(alice, question="Sure?", previous=again.pk, model="tiny-chat:latest")
        assert "images" not in json.dumps(engine_server.asked("/api/chat")[-1])
        assert "The pictures before were not sent: tiny-chat:latest cannot see." in blind.notes

    async def test_another_version_of_the_question_has_it_too(self, alice, engine_server):
        engine_server.stock.install(SEES)
        first = await ask(alice, pictures=[(await keep(alice)).pk])
        await ask(alice, question="What boat is it?", edits=first.previous_id)
        assert len(engine_server.asked("/api/chat")[-1]["messages"][-1]["images"]) == 1
        await Message.objects.filter(pk=first.previous_id).adelete()
        assert await Picture.objects.acount() == 1

    async def test_a_conversation_that_begins_from_there_has_its_own(self, alice, engine_server):
        engine_server.stock.install(SEES)
        first = await ask(alice, pictures=[(await keep(alice)).pk])
        before = engine_server.asked("/api/chat")[-1]["messages"]
        new = await database_sync_to_async(forking.fork)(alice, first.pk)
        await Message.objects.filter(conversation=first.conversation_id).adelete()
        await ask(alice, question="And behind it?", conversation=new.pk)
        assert engine_server.asked("/api/chat")[-1]["messages"][: len(before)] == before

    async def test_what_was_sent_names_it_and_keeps_no_copy(self, alice, engine_server):
        engine_server.stock.install(SEES)
        picture = await keep(alice)
        answer = await ask(alice, pictures=[picture.pk])
        made = (await database_sync_to_async(provenance.as_json)(answer))["call"]
        assert made["exact"]
        assert [turn["pictures"] for turn in made["turns"]] == [[], [picture.pk]]
        row = await Provenance.objects.aget(message=answer)
        assert base64.b64encode(picture.jpeg).decode()[:40] not in json.dumps(row.turns)
        await picture.adelete()
        assert not (await database_sync_to_async(provenance.as_json)(answer))["call"]["exact"]

    async def test_an_answer_that_is_written_on_is_sent_it_again(self, alice, engine_server):
        engine_server.stock.install(SEES)
        engine_server.script(answer="A boat that is red. " * 20)
        first = await ask(alice, pictures=[(await keep(alice)).pk], length=16)
        assert await database_sync_to_async(continuation.can_go_on)(first)
        await ask(alice, question="", continues=first.pk)
        said = engine_server.asked("/api/chat")[-1]["messages"]
        assert [len(turn.get("images", [])) for turn in said] == [0, 1, 0, 0]

    async def test_nobody_asks_about_anothers_picture(self, alice, bob, engine_server):
        picture = await keep(bob)
        said = {"question": "What is it?", "pictures": [picture.pk]}
        with pytest.raises(Exception, match="not there any more"):
            await asking.ask(alice, *question_parsing.parse(said))
        await picture.arefresh_from_db()
        assert picture.message_id is None
        assert not await Message.objects.for_user(alice).aexists()


def kept_picture(user) -> Picture:
    return pictures.keep(user, BytesIO(drawn()))


keep = database_sync_to_async(kept_picture)


async def ask(user, **said) -> Message:
    """The answer's row, once it is written."""
    said = {"question": "What is it?", "use_documents": False, "model": "tiny-see", **said}
    await asking.ask(user, *question_parsing.parse(said))
    await asyncio.wait_for(answering.finished(), 20)
    return await Message.objects.answers().select_related("owner", "previous").alatest("pk")
