"""python -m tests.help_pages FOLDER"""

import sys
import tempfile
from pathlib import Path

from tests.help_pages import sources, writing

target = Path(sys.argv[1])
target.mkdir(parents=True, exist_ok=True)
with tempfile.TemporaryDirectory() as folder:
    writing.write(target, sources.download(Path(folder)))
