"""The unit that `make service` writes."""

import shutil
import subprocess

import pytest

from localchat.embedded import systemd


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "große 100% Häuser"
    (folder / ".venv" / "bin").mkdir(parents=True)
    python = folder / ".venv" / "bin" / "python"
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    return folder


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_understands_it_wherever_the_checkout_lies(checkout, tmp_path):
    place = tmp_path / systemd.NAME
    place.write_text(systemd.unit(checkout, checkout / ".venv" / "bin" / "python"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if systemd.NAME in line]
    assert ours == []


def test_it_lies_where_systemd_looks_for_this_users(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert systemd.write() == tmp_path / "systemd/user/localchat.service"
    assert "manage.py up" in (tmp_path / "systemd/user/localchat.service").read_text()
