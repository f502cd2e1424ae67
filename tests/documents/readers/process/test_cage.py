"""The cage has no gaps: probes of every way out, from inside of it, as root and as a person."""

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.db import connection

from documents.readers.process import client
from documents.readers.process.cage import Limits
from documents.readers.process.client import Sandbox
from documents.readers.process.errors import OutOfMemory
from localchat.embedded.unix_users import Account, reachable
from localchat.management.commands import doctor
from tests.documents.readers.process import probes

PERSON = 54_321  # an ordinary account, which need not be listed
PROBING = {"probe": "tests.documents.readers.process.probes"}
HOARDING = {"hoard": "tests.documents.readers.process.hoarder"}
READ = (
    "import json, sys\nfrom documents.readers.process.client import Sandbox\n"
    f"sandbox = Sandbox({PROBING!r})\n"
    "read = sandbox.read(sys.argv[1], 'probe', progress=print, cancelled=lambda: False)\n"
    "print(read.pages[0].text)\nprint(json.dumps(sandbox.holds()))\nsandbox.close()\n"
)


@pytest.fixture(scope="module")
def stores(django_db_setup):
    """The folder of PostgreSQL, and the sockets of both servers."""
    run = Path(connection.settings_dict["HOST"])
    return {
        "files": ["/etc/passwd", "/proc/self/maps", str(Path.home()), str(run)],
        "sockets": [str(run / ".s.PGSQL.5432"), str(run / "redis.sock")],
    }


@pytest.fixture(scope="module", params=["whoever runs the tests", "a person"])
def asked(request, stores):
    """What the probes got, for either; and the state of the home before and after."""
    uid = PERSON if request.param == "a person" else os.geteuid()
    if uid == PERSON and os.geteuid() != 0:
        pytest.skip("only root can be somebody else")
    home = Path(tempfile.mkdtemp(prefix="localchat-home-"))
    (home / "kept").write_text("mine")
    (home / "order").write_text(json.dumps({**stores, "home": str(home)}))
    for path in (home, *home.iterdir()):
        os.chown(path, uid, uid)
    before = _state(home)
    done = subprocess.run(
        [_python(uid), "-c", READ, str(home / "order")],
        cwd=client.ROOT,
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if "site-packages" in path)},
        capture_output=True,
        text=True,
        check=False,
        **({"user": uid, "group": uid, "extra_groups": []} if uid == PERSON else {}),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    *_, told, walls = done.stdout.splitlines()
    yield json.loads(told), (before, _state(home)), walls
    shutil.rmtree(home)


def _python(uid):
    """Ours, else the system's of the same version: root's own is closed to others."""
    found = [Path(sys.executable), Path("/usr/bin/python{}.{}".format(*sys.version_info))]
    person = None if uid == os.geteuid() else Account("a person", uid, uid)
    for python in found:
        if python.exists() and reachable(python.resolve(), person):
            return python
    return pytest.skip("there is no Python that others can reach")


def _state(home):
    entry = home.stat()
    return stat.S_IMODE(entry.st_mode), entry.st_uid, entry.st_mtime_ns, sorted(home.iterdir())


def test_nothing_that_a_reader_tries_succeeds(asked):
    told, _, _ = asked
    assert len(told) > 30
    assert {name: got for name, got in told.items() if got != "held"} == {}


def test_the_home_is_as_it_was(asked):
    _, (before, after), _ = asked
    assert after == before


def test_every_wall_is_told_to_stand(asked):
    """As doctor asks; the kernel here has the means, as the probes show."""
    _, _, walls = asked
    assert {name for name, stands in json.loads(walls).items() if not stands} == set()
    assert set(json.loads(walls)) == set(doctor.GAPS)


def test_doctor_says_where_the_cage_has_a_gap():
    assert [each.state for each in doctor.cage()] == ["ok"]
    assert [(each.state, each.what) for each in doctor.gaps({"user": True, "files": False})] == [
        ("note", "A file that breaks the program that reads it could read files.")
    ]


def test_the_probes_succeed_outside_of_the_cage(tmp_path):
    """Or they would prove nothing."""
    (tmp_path / "kept").write_text("mine")
    told = {"home": str(tmp_path), "files": ["/etc/passwd"], "sockets": []}
    wanted = probes.probes(told)
    for name in ("change the home's mode", "change the home's times", "memory as a file"):
        assert probes._tried(wanted[name]).startswith("got"), name
    for name in ("watch the home", "list the home", "slow another process", "read /etc/passwd"):
        assert probes._tried(wanted[name]).startswith("got"), name


def test_shared_memory_counts(tmp_path):
    sandbox = Sandbox(HOARDING, Limits(memory_bytes=200 << 20))
    path = tmp_path / "order"
    path.write_text("100")
    try:
        read = sandbox.read(path, "hoard", progress=lambda *_: None, cancelled=lambda: False)
        assert read.pages[0].text == "100 MB"
        path.write_text("1000")
        with pytest.raises(OutOfMemory):
            sandbox.read(path, "hoard", progress=lambda *_: None, cancelled=lambda: False)
    finally:
        sandbox.close()
