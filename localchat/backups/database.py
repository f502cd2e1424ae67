"""The database as a stream of bytes and back again, by PostgreSQL's own programs."""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg

from localchat.backups.archive import PIECE
from localchat.embedded import postgres
from localchat.lib.errors import LocalChatError

SAID = 300  # characters of what a program says when it fails


class DatabaseNotCopied(LocalChatError):
    """The database could not be copied."""


def dump(url: str, snapshot: str) -> Iterator[bytes]:
    """The database as it is at an exported moment, in pieces. Raises DatabaseNotCopied.

    The extension is left out: whoever owns the database need not be allowed to make it.
    """
    options = ["--format=custom", "--compress=gzip:1", "--no-owner", "--no-privileges"]
    options += ["--exclude-extension=vector", f"--snapshot={snapshot}"]
    with tempfile.TemporaryFile() as errors:
        process = _start("pg_dump", url, options, stdout=subprocess.PIPE, stderr=errors)
        assert process.stdout
        try:
            while piece := process.stdout.read(PIECE):
                yield piece
        finally:
            process.stdout.close()  # one that is not heard to its end stops by that
            process.wait()
        _see(process, errors)


def load(url: str, pieces: Iterable[bytes]) -> None:
    """Put a dump into an empty database: all of it or nothing. Raises DatabaseNotCopied."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    options = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    with tempfile.TemporaryFile() as errors:
        process = _start("pg_restore", url, options, stdin=subprocess.PIPE, stderr=errors)
        assert process.stdin
        try:
            for piece in pieces:
                process.stdin.write(piece)
            process.stdin.close()
        except BrokenPipeError:  # it has ended, and says below why
            pass
        except BaseException:
            process.kill()
            raise
        finally:
            process.wait()
        _see(process, errors)


def is_empty(url: str) -> bool:
    """Whether there is no table. Raises DatabaseNotCopied."""
    wanted = "SELECT NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema())"
    try:
        with psycopg.connect(url) as connection:
            row = connection.execute(wanted).fetchone()
    except psycopg.Error as error:
        raise DatabaseNotCopied(f"The database cannot be reached: {_line(str(error))}") from error
    return bool(row and row[0])


def _start(
    name: str,
    url: str,
    options: list[str],
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int = subprocess.DEVNULL,
    stderr: IO[bytes],
) -> subprocess.Popen[bytes]:
    address, password = _apart(url)
    return subprocess.Popen(
        [str(_program(name)), f"--dbname={address}", *options],
        env=os.environ | ({"PGPASSWORD": password} if password else {}) | {"LC_ALL": "C"},
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
    )


def _program(name: str) -> Path:
    return postgres.package() / f"pginstall{postgres.MAJOR}" / "bin" / name


def _apart(url: str) -> tuple[str, str]:
    """The address without its password, which others could read in the list of processes."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    return urlunsplit(parts._replace(netloc=f"{name}{at}{host}")), unquote(password)


def _see(process: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
    if process.returncode:
        errors.seek(0)
        raise DatabaseNotCopied(_line(errors.read().decode("utf-8", "replace")))


def _line(said: str) -> str:
    """The first line of what went wrong; those after it may show rows."""
    return (said.strip().splitlines() or ["It ended without a word."])[0][:SAID]
