"""`make service`: a systemd unit of this user for this checkout."""

import os
import shutil
import sys
from pathlib import Path

from localchat.embedded.services import CHECKOUT

UNIT = """\
[Unit]
Description=LocalChat
After=network-online.target

[Service]
WorkingDirectory={checkout}
ExecStartPre={make} --silent program-installed
ExecStart={python} manage.py up
TimeoutStartSec=infinity
Restart=on-failure
RestartSec=5
KillMode=mixed
TimeoutStopSec=60

[Install]
WantedBy=default.target
"""
NAME = "localchat.service"


def unit(checkout: Path, python: Path) -> str:
    make = shutil.which("make") or "/usr/bin/make"
    return UNIT.format(checkout=_escaped(checkout), python=f'"{_escaped(python)}"', make=make)


def folder() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "systemd" / "user"


def write() -> Path:
    """Settings stay in the checkout's `.env`, which the program reads itself."""
    place = folder() / NAME
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(unit(CHECKOUT, CHECKOUT / ".venv" / "bin" / "python"), encoding="utf-8")
    return place


def _escaped(path: Path) -> str:
    """systemd takes a percent sign for the beginning of a name of its own."""
    return str(path).replace("%", "%%")


if __name__ == "__main__":
    sys.stdout.write(
        f"{write()}\n"
        "Start it, now and with this user's session:  systemctl --user enable --now localchat\n"
        "With the machine, without a session:         loginctl enable-linger\n"
        "What it says:                                journalctl --user -u localchat -f\n"
    )
