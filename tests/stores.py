"""PostgreSQL and Redis for one run of the tests, in folders that are thrown away.

Importing this points the environment at them; they start when the first test needs them.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from localchat.embedded import postgres, redis
from localchat.embedded.folders import make_run_folder, remove_run_folder
from localchat.embedded.unix_users import service_account
from localchat.lib import environment

# Where the weights lie that `make run` or `models --fetch-builtin` has brought, if it has.
KEPT_WEIGHTS = Path(environment.text("LOCALCHAT_WEIGHTS") or environment.data_folder() / "weights")
# And the models that run in the built-in engine, as `make model` brings one.
KEPT_MODELS = Path(environment.text("LOCALCHAT_MODELS") or environment.data_folder() / "models")

DATA = Path(tempfile.mkdtemp(prefix="localchat-tests-"))
RUN = make_run_folder(service_account())
_servers = (
    postgres.Server(DATA, RUN, fsync=False, createdb=True),
    redis.Server(DATA, RUN),
)
NOT_OURS = ("HOST", "PORT", "LOCALCHAT_PUBLIC_URL", "LOCALCHAT_ADMIN_PASSWORD", "OPENAI_BASE_URL")


def point_environment() -> None:
    """Before the settings are read: nothing of the person's own data may be touched."""
    for name in NOT_OURS:
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "localchat.settings",
        "DATABASE_URL": _servers[0].url,
        "REDIS_URL": _servers[1].url,
        "LOCALCHAT_DATA": str(DATA),
        "LOCALCHAT_RUN": str(RUN),
        "LOCALCHAT_WEIGHTS": str(DATA / "weights"),
        "LOCALCHAT_MODELS": str(DATA / "models"),
        "LOG_LEVEL": "WARNING",
        "OLLAMA_HOST": "http://127.0.0.1:9",  # nobody listens there
        "MODEL_REGISTRY": "http://127.0.0.1:9",  # nor there
        "SECRET_KEY": "only-for-the-tests-" + "0" * 32,
    }


def forget_environment() -> None:
    """Before a run is spread over processes: each of them points at stores of its own."""
    os.environ.pop("DJANGO_SETTINGS_MODULE")
    os.environ["LOCALCHAT_WEIGHTS"] = str(KEPT_WEIGHTS)
    os.environ["LOCALCHAT_MODELS"] = str(KEPT_MODELS)


def start() -> None:
    DATA.chmod(0o711)
    for server in _servers:
        server.start()


def stop() -> None:
    for server in _servers:
        server.stop()


def remove() -> None:
    remove_run_folder(RUN)
    shutil.rmtree(DATA, ignore_errors=True)


point_environment()
atexit.register(remove)
