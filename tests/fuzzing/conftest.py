"""The program as real processes, to which anything may be sent."""

from collections.abc import Iterator

import pytest

from localchat.web import connections
from tests.live import Live, database_url

SECONDS = 200  # of each part


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fuzz-seconds", type=int, default=SECONDS, help="of each part")


@pytest.fixture
def seconds(request: pytest.FixtureRequest) -> int:
    return request.config.getoption("--fuzz-seconds")


@pytest.fixture
def crowded(transactional_db, flush_redis, _engine, engine_server, tmp_path) -> Iterator[Live]:
    """A web process to which one address may have thousands of connections."""
    connections.raise_limit()
    facts = {"OLLAMA_HOST": _engine.url, "SOCKETS_PER_ADDRESS": "5000"}
    live = Live({"DATABASE_URL": database_url(), **facts}, tmp_path)
    live.start_web()
    yield live
    live.close()
