"""What is said is said in the language of the question, and all of it is translated."""

import ast
import asyncio
import re
import threading

import pytest
from babel.messages.mofile import read_mo
from django.utils import translation

from chat.answers import library_wording
from localchat.lib.language import CODES, FLUENT, speaking
from tests import messages
from tests.test_house import OURS

MARKED = re.compile(r".*gettext(?:_lazy)?|_")
PLACE = re.compile(r"\{[^}]*\}")
COMPLETE = {"de"}  # in which all that is said is translated


def said(catalog):
    return {
        (each.context, messages.forms(each.id)): messages.forms(each.string)
        for each in catalog
        if each.id
    }


def test_catalogues_say_what_the_code_asks_for_and_are_compiled():
    """In one test: what the code asks for is gathered for some seconds."""
    asked = said(messages.marked()).keys()
    for path in messages.FILES:
        catalog = messages.read(path)
        assert said(catalog).keys() <= asked, f"make messages: {path}"
        with path.with_suffix(".mo").open("rb") as file:
            assert said(read_mo(file)) == said(catalog), f"make messages: {path}"
        if path.parent.parent.name in COMPLETE:
            assert said(catalog).keys() == asked, f"make messages: {path}"
            left = [each.id for each in catalog if not messages.is_translated(each) or each.fuzzy]
            assert left == []


@pytest.mark.parametrize("path", messages.FILES, ids=lambda path: path.parent.parent.name)
def test_a_translation_has_the_places_for_facts_that_the_message_has(path):
    for (_, asked), told in said(messages.read(path)).items():
        for one in told:
            assert sorted(PLACE.findall(one)) == sorted(PLACE.findall(asked[-1]))


def test_no_message_hides_in_an_f_string():
    """Where it would not be found when messages are looked for."""
    hidden = [
        f"{path.name}: {ast.unparse(call)}"
        for path in OURS
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and MARKED.fullmatch(ast.unparse(call.func))
    ]
    assert hidden == []


def test_every_language_has_a_catalogue():
    names = {path.parent.parent.name for path in messages.FILES}
    assert names == {translation.to_locale(code) for code in CODES.values()} - {"en"}
    assert FLUENT - {"en"} <= names


@pytest.mark.parametrize("process", ["en", "de", "fr", None])
@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("english", "**2,000** documents"),
        ("german", "**2.000** Dokumente"),
        ("french", "**2,000** documents"),
        ("other", "**2,000** documents"),
    ],
)
def test_what_was_active_before_changes_nothing(process, language, told):
    with translation.override(process):
        with speaking(language):
            assert library_wording.documents(2_000) == told
        assert translation.get_language() == process


async def test_threads_and_tasks_do_not_hear_each_other():
    def in_a_thread():
        with speaking("german"):
            here.wait(5)
            return library_wording.none()

    async def in_a_task(language):
        with speaking(language):
            await asyncio.sleep(0.01)
            return library_wording.none()

    here = threading.Barrier(3)
    german = [asyncio.create_task(asyncio.to_thread(in_a_thread)) for _ in range(2)]
    await asyncio.to_thread(here.wait, 5)
    found = await asyncio.gather(in_a_task("german"), in_a_task("english"), *german)
    told = "Solche Dokumente gibt es nicht."
    assert found == [told, "There are no such documents.", told, told]
