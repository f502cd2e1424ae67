"""What the program says is kept and sent as a message with arguments, and said to each in theirs."""

import ast
import json

import pytest
from django.utils import translation
from django.utils.html import conditional_escape
from hypothesis import given
from hypothesis import strategies as st

from localchat.lib import events
from localchat.lib.errors import EngineUnreachable, LocalChatError
from localchat.lib.sentences import Sentence, counted, packed, unpacked
from localchat.lib.wording import in_words, worded
from tests import messages

PLACES = {"problem", "waiting", "note", "said"}  # of arguments that people come to read
ANYTHING = st.text(max_size=30) | st.integers()


def german(text):
    with translation.override("de"):
        return in_words(text)


def test_a_sentence_is_english_until_somebody_reads_it():
    stored = counted("%(n)s passage", "%(n)s passages", 1204)
    assert stored == "1,204 passages"
    assert german(stored) == "1.204 Textstellen"
    assert german(counted("%(n)s passage", "%(n)s passages", 1)) == "1 Textstelle"


def test_a_sentence_within_a_sentence_is_put_into_words_too():
    said = Sentence("Waiting for the engine. %(why)s", why=EngineUnreachable().message)
    assert said == "Waiting for the engine. The model engine does not answer. Is Ollama running?"
    assert german(said) == "Wartet auf die Engine. Die Engine antwortet nicht. Läuft Ollama?"


def test_a_page_shows_it_in_its_own_language_and_escaped():
    said = Sentence("%(name)s: being read", name="<b>.pdf")
    with translation.override("de"):
        assert conditional_escape(said) == "&lt;b&gt;.pdf: wird gelesen"


def test_what_is_no_sentence_of_ours_stays():
    assert german("That model is not installed.") == "That model is not installed."


@given(st.dictionaries(st.sampled_from("abc"), ANYTHING | st.builds(Sentence, st.text())))
def test_what_is_kept_comes_back(arguments):
    said = Sentence("%(a)s and %(b)s: %(c)s %s 50 %", **arguments)
    again = unpacked(json.loads(json.dumps(packed([{"notes": [said]}]))))[0]["notes"][0]
    assert (again, again.one, again.arguments) == (said, said.one, said.arguments)
    assert german(again) == german(said)


@pytest.mark.parametrize(
    "frame",
    [
        {"sentence": 1},
        {"sentence": "a", "arguments": []},
        {"sentence": "a", "arguments": {"b": {"c": 1}}},
        {"sentence": "a", "arguments": {"b": [1]}},
        {"sentence": "a", "many": "b"},
        {"sentence": "a", "many": "b", "arguments": {"n": "2"}},
    ],
)
def test_a_frame_of_a_broken_reader_is_no_sentence(frame):
    assert unpacked(frame) == ""


def test_a_frame_that_never_ends_in_sentences_is_no_sentence():
    frame = {"sentence": "end"}
    for _ in range(50):
        frame = {"sentence": "%(a)s", "arguments": {"a": frame}}
    assert unpacked(frame) == ""


def test_a_message_is_no_place_for_other_formats():
    assert Sentence("%(a)999999999s %s %(missing)s|", a="x") == "%(a)999999999s %s |"


def test_an_event_of_another_process_can_be_said_in_german():
    said = Sentence("%(name)s: waiting its turn", name="a.pdf")
    event = events.parse("answer:1", "1-1", events.entry({"type": "step", "text": said}))
    assert event["text"] == "a.pdf: waiting its turn"
    with translation.override("de"):
        assert worded(event)["text"] == "a.pdf: wartet, bis es dran ist"


def test_an_error_keeps_its_sentence():
    assert str(LocalChatError()) == "Something went wrong. Please try again."
    assert german(LocalChatError().message).startswith("Etwas ist schiefgegangen.")


def test_nothing_that_people_read_is_written_as_a_plain_text():
    """Errors, steps, notes and problems are sentences, so that the catalogue has each of them."""
    errors = messages.error_classes().keys()
    plain = [
        f"{name}:{text.lineno}: {ast.unparse(text)}"
        for name, tree in messages.parsed()
        if "/management/" not in name
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for text in heard(call, errors)
        if is_plain(text)
    ]
    assert plain == []


def heard(call, errors):
    called = ast.unparse(call.func)
    if call.args and (called.split(".")[-1] in {*errors, "step"} or "notes.append" in called):
        yield call.args[0]
    yield from (each.value for each in call.keywords if each.arg in PLACES)


def is_plain(text):
    if isinstance(text, ast.Constant):
        return isinstance(text.value, str) and bool(text.value)
    return isinstance(text, ast.JoinedStr) or (
        isinstance(text, ast.Call) and "gettext" in ast.unparse(text.func)
    )
