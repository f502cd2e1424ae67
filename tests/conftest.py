"""The fixtures of all tests. Alice owns things, bob is a stranger to them."""

import os
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import django
import pytest

from tests import stores  # points the environment at throw-away stores: before the settings

django.setup()

import channels.db
import hypothesis
import psycopg
import redis
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.db import OperationalError, connections, transaction
from django.test import AsyncClient, Client, TransactionTestCase
from django.utils import translation

from tests.belongings import bobs, hers  # noqa: F401
from tests.browser import MISSING, browser, chromium, context, page, watch  # noqa: F401
from tests.live import live, live_login, login_processes, processes  # noqa: F401

# A quick one, of a form that a server with the usual settings can verify too.
django_settings.PASSWORD_HASHERS = ["tests.hashers.Quick"]

# Each client of a test begins its own middleware, which would look through all static files.
django_settings.WHITENOISE_AUTOREFRESH = True

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores: many tests wait for other processes."""
    return min(4, (os.cpu_count() or 1) + 1)


LONGEST = ("test_hostile_files.py", "test_ocr.py", "test_page_numbers.py", "test_install.py")

BUILT_ON_DATABASE = {"db", "transactional_db", "stores_running"}


def _close_old_connections() -> None:
    """As Django's, but a test's own transaction stays open, as Django's client leaves it too."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


channels.db.close_old_connections = _close_old_connections


KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def _empty_tables(case: TransactionTestCase) -> None:
    """After a test that commits. Django truncates every table and makes all permissions anew.

    Most tables are empty, and to delete a few rows is quicker than to make a table's files again.
    References are looked at when the transaction ends, so that any order will do.
    """
    for tries_left in (2, 1, 0):
        try:
            _delete_all_rows()
        except OperationalError as error:  # with a process that still worked on the same rows
            if not tries_left or not isinstance(error.__cause__, psycopg.errors.DeadlockDetected):
                raise
        else:
            break


def _delete_all_rows() -> None:
    with transaction.atomic(), connections["default"].cursor() as cursor:
        names = connections["default"].introspection.table_names(cursor)
        tables = [f'"{name}"' for name in names if name not in KEPT]
        there = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables)
        cursor.execute(" UNION ALL ".join(there))
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")


TransactionTestCase._fixture_teardown = _empty_tables


@pytest.fixture(scope="session")
def stores_running() -> Iterator[None]:
    """PostgreSQL and Redis. Every fixture that touches the database asks for this one."""
    stores.start()
    yield
    stores.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(stores_running: None) -> None:
    """The stores run before the test database is made."""


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """There is no need to drop a database whose server is thrown away."""
    return True


@pytest.fixture
def flush_redis(stores_running: None) -> None:
    """Redis as after a start; a worker's bindings stay, as it declares them only once."""
    with redis.Redis.from_url(django_settings.REDIS_URL) as client:
        found = [key for key in client.scan_iter(count=1000) if not key.startswith(b"_kombu")]
        if found:
            client.delete(*found)


@pytest.fixture(autouse=True)
def _clean_redis(request: pytest.FixtureRequest) -> None:
    if BUILT_ON_DATABASE & set(request.fixturenames):
        request.getfixturevalue("flush_redis")


@pytest.fixture(autouse=True)
def _english() -> None:
    """A request in another language leaves it to the thread, which elsewhere ends with it."""
    translation.deactivate()


@pytest.fixture
def data_folder(tmp_path: Path, settings) -> Path:
    """A data folder of this test's own."""
    settings.DATA = tmp_path / "data"
    settings.ORIGINALS = settings.DATA / "originals"
    settings.ORIGINALS.mkdir(parents=True)
    return settings.DATA


@pytest.fixture
def weights(settings) -> Path:
    """The built-in embedding model, where it has been fetched."""
    if not list(stores.KEPT_WEIGHTS.glob("*/model.bin")):
        pytest.skip("the built-in weights have not been fetched: manage.py models --fetch-builtin")
    settings.WEIGHTS = stores.KEPT_WEIGHTS
    return stores.KEPT_WEIGHTS


def _user(name: str) -> User:
    return User.objects.create_user(name, password=f"{name}-has-a-password")


@pytest.fixture
def alice(db) -> User:
    return _user("alice")


@pytest.fixture
def bob(db) -> User:
    return _user("bob")


@pytest.fixture
def owner(db) -> User:
    """The one account of owner mode."""
    from localchat.accounts.owner import owner_user

    return owner_user()


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def alice_client(alice) -> Client:
    return _client(alice)


@pytest.fixture
def bob_client(bob) -> Client:
    return _client(bob)


@pytest.fixture
def owner_client(owner) -> Client:
    return _client(owner)


@pytest.fixture
def alice_async(alice) -> AsyncClient:
    client = AsyncClient()
    client.force_login(alice)
    return client


@pytest.fixture
def trusted(settings) -> None:
    """A network in which proxies of ours are."""
    settings.TRUSTED_PROXIES = [ip_network("172.18.0.0/16")]


@pytest.fixture(scope="session")
def _engine() -> Iterator[object]:
    from tests.engine_server import EngineServer

    with EngineServer() as server:
        yield server


@pytest.fixture
def engine_server(_engine, settings):
    """The stand-in for Ollama, as new, and the program pointed at it."""
    if reset := getattr(_engine, "reset", None):
        reset()
    settings.OLLAMA_HOST = _engine.url
    return _engine


@pytest.fixture
def no_engine(settings) -> None:
    """There is none to look for."""
    settings.OLLAMA_HOST = settings.OPENAI_BASE_URL = ""


@pytest.fixture
def engine_down(settings) -> None:
    """Nothing answers where an engine is looked for."""
    settings.OLLAMA_HOST = "http://127.0.0.1:9"
    settings.OPENAI_BASE_URL = ""


def _rank(item: pytest.Item) -> tuple[int, bool]:
    """Quick ones first: without stores, with a transaction, with truncation, processes, browser.

    The longest come before others of their kind, lest one is left alone at the end.
    """
    return _kind(item), item.path.name not in LONGEST


def _kind(item: pytest.Item) -> int:
    names = set(getattr(item, "fixturenames", ()))
    marker = item.get_closest_marker("django_db")
    if item.get_closest_marker("fault"):
        return 5
    if "browser" in names:
        return 4
    if names & {"processes", "login_processes"}:
        return 3
    if "transactional_db" in names or (marker and marker.kwargs.get("transaction")):
        return 2
    return 1 if marker or names & BUILT_ON_DATABASE else 0


def pytest_configure(config: pytest.Config) -> None:
    # The traceback of a failed test keeps connections of ended threads; another would fail by it.
    config.addinivalue_line("filterwarnings", r"ignore:<psycopg\.Connection:ResourceWarning")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    stores.forget_environment()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_rank)
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("journey")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if chromium() is None:
        terminalreporter.write_line(MISSING)
