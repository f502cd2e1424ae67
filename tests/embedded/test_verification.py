"""doctor --verify: the three streams on a throw-away document, and one verdict."""

from io import StringIO

from django.core.management import call_command

from chat.models import Conversation
from documents.models import Collection, Document


def verdict(url):
    out = StringIO()
    try:
        call_command("doctor", "--verify", "--url", url, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def test_all_three_streams_are_driven_and_nothing_is_left(live, engine_server):
    engine_server.script(answer="Nobody does [1].")
    code, lines = verdict(live.url)
    assert (code, lines[-1]) == (0, "Nothing is wrong."), lines
    assert [line.split()[1] for line in lines[1:4]] == ["Upload:", "Chat:", "Pull:"]
    assert not Document.objects.exists()
    assert not Collection.objects.exists()
    assert not Conversation.objects.exists()


def test_a_stream_that_fails_is_told(live, engine_server):
    engine_server.script(status=500)
    code, lines = verdict(live.url)
    assert (code, lines[-1]) == (1, "1 to mend."), lines
    assert not Document.objects.exists()
