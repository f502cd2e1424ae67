"""A real server where people log in, for clients of other programs' protocols."""

from contextlib import ExitStack, closing

import pytest

from localchat.accounts import api_keys
from tests.factories import make_document

QUESTION = [{"role": "user", "content": "Who kept the lighthouse?"}]
ANSWER = "Margarethe kept it [1]."


@pytest.fixture
def at_end():
    """Closes the client that it is given, after the test."""
    with ExitStack() as stack:
        yield lambda client: stack.enter_context(closing(client))


@pytest.fixture
def served(live_login, engine_server, alice):
    """Base URL, a key of alice's; a document in each of two collections."""
    engine_server.script(answer=ANSWER)
    make_document(alice, "harbour.pdf", ["The lighthouse keeper was called Margarethe."], collection="Harbour")  # fmt: skip
    make_document(alice, "other.pdf", ["The lighthouse keeper was called Otto."], collection="Other")  # fmt: skip
    return live_login.url, api_keys.make(alice, "a tool", ["read", "ask", "ingest"]).token
