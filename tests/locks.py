"""Writes the hashes of all packages beside the lists that pin them: `make lock`, with uv on PATH.

A list is what people read and change; its lock has the same lines, each with what its files must
hash to, on every platform. Only locks are installed from.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).parent.parent
LISTS = (
    HOME / "requirements.txt",
    HOME / "documents/readers/ocr.txt",
    HOME / "localchat/web/mcp/requirements.txt",
    HOME / "tests/requirements.txt",
)
OLDEST = "3.11"
PIN = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==", re.MULTILINE)


def lock_of(path: Path) -> Path:
    return path.with_suffix(".lock")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def lines(path: Path) -> list[str]:
    """Of a list, without comments and blank lines."""
    bare = (re.sub(r"(^|\s+)#.*", "", line).strip() for line in path.read_text().splitlines())
    return [line for line in bare if line]


def hashes(compiled: str) -> dict[str, list[str]]:
    """By canonical name, from what uv writes or a lock of ours holds."""
    found: dict[str, list[str]] = {}
    for entry in re.split(r"\n(?=\S)", compiled):
        if pinned := PIN.match(entry):
            found[canonical(pinned[1])] = re.findall(r"--hash=(sha256:[0-9a-f]{64})", entry)
    return found


def locked(line: str, known: dict[str, list[str]]) -> str:
    if line.startswith("-r "):
        return f"-r {Path(line[3:]).with_suffix('.lock')}"
    pinned = PIN.match(line)
    assert pinned, line
    return " \\\n    ".join([line, *(f"--hash={each}" for each in known[canonical(pinned[1])])])


def unpinned(compiled: str) -> list[str]:
    """What is brought along and stands in no list."""
    listed = {canonical(name) for path in LISTS for name in PIN.findall(path.read_text())}
    return sorted(hashes(compiled).keys() - listed)


def compiled() -> str:
    uv = shutil.which("uv") or sys.exit("There is no uv on PATH, which finds the hashes.")
    options = ["--universal", "--python-version", OLDEST, "--generate-hashes"]
    command = [uv, "pip", "compile", "-q", "--no-header", "--no-annotate", *options, str(LISTS[-1])]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=HOME).stdout


def main() -> None:
    found = compiled()
    if missing := unpinned(found):
        sys.exit(f"Brought along, and in no list: {', '.join(missing)}")
    for path in LISTS:
        text = "\n".join(locked(line, hashes(found)) for line in lines(path))
        lock_of(path).write_text(f"# By `make lock`, from {path.name}.\n{text}\n")


if __name__ == "__main__":
    main()
