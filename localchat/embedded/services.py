"""PostgreSQL and Redis for one owner of the data folder, and the database's tables."""

import hashlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from localchat.embedded import children, postgres, redis
from localchat.embedded.folders import make_run_folder, remove_run_folder
from localchat.embedded.unix_users import hand_over, program_account, service_account
from localchat.lib import environment
from localchat.lib.errors import LocalChatError

CHECKOUT = Path(__file__).resolve().parents[2]
APPS = ("chat", "documents", "localchat", "models_mgmt")
Pause = Callable[[float], None]


OTHER_TABLES = 4  # as `manage.py migrate` ends where the tables are not ours


class MigrationFailed(LocalChatError):
    """The database could not be brought up to date."""


class OtherTables(MigrationFailed):
    """The data were made by another version of LocalChat."""


class Services:
    """Each server is started unless its URL is given; `environment` is for whoever uses them."""

    def __init__(self, data: Path, before: dict[str, Any], *, pause: Pause = time.sleep) -> None:
        _clear(before)
        self.data = data
        self.pause = pause
        account = service_account()
        self.account = program_account(account, CHECKOUT, data)
        hand_over(data, self.account)
        self.run = make_run_folder(account)
        self.postgres = postgres.Server(data, self.run, pause=pause)
        self.redis = redis.Server(data, self.run, pause=pause)
        self.own_postgres = not environment.text("DATABASE_URL")
        self.own_redis = not environment.text("REDIS_URL")

    def start(self) -> None:
        if self.own_redis:
            self.redis.start()
        if self.own_postgres:
            self.postgres.start()

    def stop(self) -> None:
        """Stop both and end whatever else was started with this run folder."""
        children.sweep(self.run)
        self.redis.stop()
        self.postgres.stop()
        remove_run_folder(self.run)

    def addresses(self) -> dict[str, str]:
        """What the lock file tells those who join; a server of somebody else is not told."""
        own = {"run": str(self.run)}
        own |= {"database_url": self.postgres.url} if self.own_postgres else {}
        return own | ({"redis_url": self.redis.url} if self.own_redis else {})

    def environment(self) -> dict[str, str]:
        return environment_of(self.addresses()) | {"LOCALCHAT_DATA": str(self.data)}

    def migrate(self) -> str:
        """Bring the tables up to date; costs nothing while no migration has come or gone.

        Returns what there is to say: where the backup lies that was made before.
        """
        stamp = self.data / "postgresql" / "migrated"
        wanted = _fingerprint()
        if self.own_postgres and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
            return ""
        log = self.data / "logs" / "migrate.log"
        command = [sys.executable, str(CHECKOUT / "manage.py"), "migrate", "--noinput", "-v", "0"]
        env = os.environ | self.environment()
        process = children.spawn(command, env=env, cwd=CHECKOUT, account=self.account, log=log)
        try:
            while process.poll() is None:
                self.pause(0.02)
        finally:
            children.stop(process)
        if process.returncode == OTHER_TABLES:
            raise OtherTables(children.tail(log, 1).removeprefix("CommandError: "))
        if process.returncode:
            raise MigrationFailed(f"The database is not up to date: {children.tail(log, 5)}")
        if self.own_postgres:
            stamp.write_text(wanted, encoding="ascii")
        return children.tail(log, 1)


def environment_of(addresses: dict[str, str]) -> dict[str, str]:
    names = {"LOCALCHAT_RUN": "run", "DATABASE_URL": "database_url", "REDIS_URL": "redis_url"}
    return {name: addresses[key] for name, key in names.items() if key in addresses}


def forget_migrations(data: Path) -> None:
    """Make the next start look again: somebody is about to change the tables by hand."""
    (data / "postgresql" / "migrated").unlink(missing_ok=True)


def _clear(before: dict[str, Any]) -> None:
    """Tidy up after an owner that was killed; of a restore nobody could join the servers."""
    for name in ("run", "restoring"):
        if isinstance(before.get(name), str):
            run = Path(before[name])
            children.sweep(run)
            remove_run_folder(run)


def migrations() -> list[Path]:
    """The files of ours that change tables."""
    return sorted(each for app in APPS for each in (CHECKOUT / app).rglob("migrations/*.py"))


def _fingerprint() -> str:
    """Changes with every migration, ours or of a package."""
    files = [CHECKOUT / "requirements.txt", *migrations()]
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file.relative_to(CHECKOUT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
