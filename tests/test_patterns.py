"""Patterns of ours take no more than twice as long for a text that is twice as long."""

import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).parent.parent


def test_every_pattern_is_linear():
    """In a process of its own, which sees each one when it is compiled."""
    command = [sys.executable, "-m", "tests.patterns"]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert int(done.stdout.split()[-6]) > 250, "it has lost sight of them"
