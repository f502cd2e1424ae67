"""How many words of random passages lie under their boxes, and how many others do.

`BENCH_PDFS=FOLDER` takes them from the PDFs of a folder, `BENCH_SEED` others than the last time.
"""

import os
from pathlib import Path

import pytest

from tests.benchmarks.test_reading_speed import made
from tests.documents.readers import marking

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]
PASSAGES = 200


def test_words_under_boxes(tmp_path):
    given = os.environ.get("BENCH_PDFS")
    paths = sorted(Path(given).glob("*.pdf")) if given else made(tmp_path)
    seed = int(os.environ.get("BENCH_SEED", "1"))
    scores = marking.sampled(paths, PASSAGES, seed)
    rows = {"without tables": scores[False], "with tables": scores[True]}
    print(f"\n{PASSAGES} passages of {len(paths)} files, seed {seed}: words under their boxes")
    print("| passages | words | found | right |\n|---|---|---|---|")
    for name, each in {**rows, "all": scores[False] + scores[True]}.items():
        print(f"| {name} | {each.wanted:,} | {each.recall:.4f} | {each.precision:.4f} |")
