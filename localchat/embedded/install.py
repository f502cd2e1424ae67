"""Makes .venv and fills it with the pinned packages; does nothing when that is done already.

A file that has not the hash that stands in the lock is not installed.

Run as a file by any Python that the program supports: nothing is installed yet.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed.json"
SETS = {
    "program": CHECKOUT / "requirements.lock",
    "ocr": CHECKOUT / "documents/readers/ocr.lock",
    "mcp": CHECKOUT / "localchat/web/mcp/requirements.lock",
    "tests": CHECKOUT / "tests/requirements.lock",
}
BRINGS = {
    "program": [],
    "ocr": ["program"],
    "mcp": ["program"],
    "tests": ["program", "ocr", "mcp"],
}
NO_TOOL = (
    "There is nothing to make a virtual environment with: install python3-venv "
    "(Debian: apt install python3-venv) or uv, then run make again."
)


def main(wanted: str) -> None:
    done = _done()
    if done.get(wanted) == _fingerprint(wanted):
        return
    if not done:
        _make_venv()
    STAMP.unlink(missing_ok=True)  # until this is through, the folder counts as half made
    _say(f"Installing the packages of {SETS[wanted].relative_to(CHECKOUT)} into .venv.")
    if not _install("-r", str(SETS[wanted])):
        sys.exit("The packages could not be installed; the lines above say why.")
    STAMP.write_text(json.dumps(_kept(wanted) | {wanted: _fingerprint(wanted)}))


def _done() -> dict[str, str]:
    """Which sets are installed; empty for a missing, half-made, moved or broken .venv."""
    try:
        done = json.loads(STAMP.read_text(encoding="utf-8"))
        subprocess.run([PYTHON, "-c", ""], check=True, capture_output=True)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return {}
    return done if done.get("where") == str(VENV) else {}


def _kept(wanted: str) -> dict[str, str]:
    """A set brings others along; when one of these changes, the set is old."""
    return {"where": str(VENV)} | {name: _fingerprint(name) for name in BRINGS[wanted]}


def _fingerprint(wanted: str) -> str:
    files = [SETS[name] for name in (*BRINGS[wanted], wanted)]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _make_venv() -> None:
    if VENV.exists():
        _say("The .venv is not complete or was moved: making it again.")
        shutil.rmtree(VENV)
    base = getattr(sys, "_base_executable", sys.executable)
    ways = [[base, "-m", "venv", str(VENV)], [base, "-m", "venv", "--without-pip", str(VENV)]]
    if uv := shutil.which("uv"):
        ways.insert(0, [uv, "venv", "--quiet", "--seed", "--python", base, str(VENV)])
    for way in ways:
        made = subprocess.run(way, capture_output=True, env=_environment(), check=False)
        if made.returncode == 0 and _installer():
            return
        shutil.rmtree(VENV, ignore_errors=True)
    sys.exit(NO_TOOL)


def _installer() -> list[str]:
    """The command that installs into .venv, never into the system; empty when there is none."""
    python = str(PYTHON)
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--quiet", "--python", python]
    options = ["--quiet", "--no-input", "--disable-pip-version-check"]
    if _runs([python, "-m", "pip", "--version"]):
        return [python, "-m", "pip", "install", *options]
    outside = [getattr(sys, "_base_executable", sys.executable), "-m", "pip", "--python", python]
    return [*outside, "install", *options] if _runs([*outside, "--version"]) else []


def _install(*what: str) -> bool:
    command = [*_installer(), "--only-binary", ":all:", "--require-hashes", *what]
    return subprocess.run(command, env=_environment(), check=False).returncode == 0


def _runs(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _environment() -> dict[str, str]:
    """Ours without what would lead an installer elsewhere."""
    misleading = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"}
    return {name: value for name, value in os.environ.items() if name not in misleading}


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "program")
