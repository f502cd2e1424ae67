"""python -m tests.answers FOLDER"""

import sys
from pathlib import Path

from tests.answers import folder

target = Path(sys.argv[1])
target.mkdir(parents=True, exist_ok=True)
folder.write(target)
