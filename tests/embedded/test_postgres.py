import errno
import os
import signal
import socket
from pathlib import Path

import psutil
import psycopg
import pytest

from localchat.embedded import postgres
from localchat.embedded.unix_users import service_account

NOBODY = 65534

BEYOND_THE_ROLE = [
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY (SELECT 1) TO '/tmp/localchat-was-here'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "CREATE ROLE mallory SUPERUSER",
    "CREATE DATABASE another",
    "ALTER SYSTEM SET shared_buffers = '1GB'",
]


@pytest.fixture
def server(kept_data, run):
    server = postgres.Server(kept_data, run, fsync=False)
    server.start()
    yield server
    server.stop()


def connect(run, user="localchat", database="localchat"):
    return psycopg.connect(host=str(run), user=user, dbname=database, autocommit=True)


def test_a_server_starts_however_long_the_path_of_its_data_is(server, run):
    with connect(run) as client:
        assert client.execute("SELECT '[1,2]'::vector <-> '[1,3]'").fetchone() == (1.0,)


def test_the_role_of_the_program_may_do_nothing_outside_its_database(server, run):
    with connect(run) as client:
        for statement in BEYOND_THE_ROLE:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                client.execute(statement)


def test_nobody_logs_in_as_the_superuser_or_to_another_database(server, run):
    for user, database in (("postgres", "localchat"), ("localchat", "postgres")):
        with pytest.raises(psycopg.OperationalError, match="no pg_hba"):
            connect(run, user, database)


def test_a_server_for_tests_makes_databases_with_vectors(data, run):
    server = postgres.Server(data, run, fsync=False, createdb=True)
    server.start()
    with connect(run, database="postgres") as client:
        client.execute("CREATE DATABASE test_localchat")
    with connect(run, database="test_localchat") as client:
        assert client.execute("SELECT '[1]'::vector::text").fetchone() == ("[1]",)
    server.stop()


def test_it_does_not_run_as_root(server):
    assert psutil.Process(server.process.pid).uids().effective != 0


def test_a_killed_server_starts_again_with_what_was_committed(server, run):
    with connect(run) as client:
        client.execute("CREATE TABLE kept (word text)")
    server.process.kill()
    server.process.wait()
    assert (server.cluster / "postmaster.pid").exists(), "nothing stale to recover from"
    server.start()
    with connect(run) as client:
        assert client.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_server_whose_supervisor_died_is_ended_first(server, run):
    orphan = server.process
    server.start()
    assert orphan.wait(5) == 0
    assert postgres.answers(run)


def test_a_pid_file_that_names_a_stranger_is_not_in_the_way(server):
    server.stop()
    (server.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{server.cluster}\n")
    server.start()


def test_a_half_made_cluster_is_made_again(data, run):
    (data / "postgresql" / "new" / "base").mkdir(parents=True)
    server = postgres.Server(data, run, fsync=False)
    server.start()
    server.stop()
    assert not (data / "postgresql" / "new").exists()


def test_no_backend_stays_when_the_server_is_stopped(server, run):
    pid = server.process.pid
    client = connect(run)
    server.stop()
    client.close()
    with pytest.raises(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    assert not postgres.answers(run)


def opened_by_nobody(attempt):
    """What another process of the account `nobody` gets: what was raised, or nothing."""
    pid = os.fork()
    if not pid:
        try:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
            attempt()
            os._exit(0)
        except PermissionError:
            os._exit(errno.EACCES)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has services run as somebody else")
def test_what_runs_as_nobody_reads_and_asks_nothing(server, run):
    def connect_bare():
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(run / f".s.PGSQL.{postgres.PORT}"))

    if service_account().name == "nobody":
        pytest.skip("this machine does not let root have an account of its own for them")
    assert server.home.stat().st_uid not in {0, NOBODY}
    server.home.parents[1].chmod(0o755)  # as a data folder may lie in an open one
    assert opened_by_nobody(connect_bare) == errno.EACCES
    assert opened_by_nobody(lambda: list(server.home.iterdir())) == errno.EACCES
    assert opened_by_nobody((server.cluster / "PG_VERSION").read_bytes) == errno.EACCES
    assert opened_by_nobody(lambda: list(Path("/proc/self").iterdir())) == 0, (
        "the attempts prove nothing"
    )
