"""What tests of answers leave behind is ended."""

import pytest

from chat import answering
from localchat.lib.hub import hub
from models_mgmt import choosing


@pytest.fixture
async def closed_hub():
    yield
    await answering.finished()
    await hub().close()


@pytest.fixture
def fresh_choice():
    """Which models there are is looked up anew."""
    choosing.forget()
    yield
    choosing.forget()
