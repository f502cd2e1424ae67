"""How fast files come in, over HTTP, with a web process, a worker and an engine that costs little."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import httpx
import psutil
import pytest

from tests.benchmarks.corpus import Library, median
from tests.files import pdf

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(0),
]

ROUNDS = 3
AT_ONCE = 4
FILES, FILE_BYTES = 40, 20_000
BOOKS, BOOK_PAGES = 4, 100


class Took(NamedTuple):
    wall: float  # seconds
    web: float  # CPU seconds
    worker: float  # with the readers that it has started


def test_files_come_in(live):
    library = Library()
    rows = {
        f"text files of {FILE_BYTES // 1000} KB": [
            bring(live, texts(library), FILES) for _ in range(ROUNDS + 1)
        ],
        "pages of PDFs": [
            bring(live, books(library), BOOKS * BOOK_PAGES) for _ in range(ROUNDS + 1)
        ],
    }
    print(f"\n{AT_ONCE} uploads at once, medians of {ROUNDS} rounds after one to warm up")
    print(f"{'':24}{'a second':>10}{'CPU ms each: web':>20}{'worker':>10}")
    for what, took in rows.items():
        each = [median([row[n] for row in took[1:]]) for n in range(3)]
        print(f"{what:24}{1 / each[0]:10.1f}{each[1] * 1000:20.1f}{each[2] * 1000:10.1f}")


def texts(library):
    for number in range(FILES):
        passages = [library.passage(number) for _ in range(40)]
        yield f"{library.random.random()}.txt", "\n\n".join(passages)[:FILE_BYTES].encode()


def books(library):
    for number in range(BOOKS):
        pages = ["\n".join(library.passage(number) for _ in range(4)) for _ in range(BOOK_PAGES)]
        yield f"{library.random.random()}.pdf", pdf(*pages)


def bring(live, files, things):
    """What each of the things in the files took, from the upload's start to its being ready."""
    before, began = cpu(live), time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        said = list(pool.map(lambda file: upload(live.url, *file), list(files)))
    wall = time.monotonic() - began
    assert all('"success": true' in text for text in said), said[0][-500:]
    spent = [after - sooner for after, sooner in zip(cpu(live), before, strict=True)]
    return Took(wall / things, spent[0] / things, spent[1] / things)


def upload(url, name, data):
    answer = httpx.post(
        f"{url}/api/documents/upload", files={"files": (name, data)}, timeout=300, trust_env=False
    )
    return answer.text


def cpu(live):
    """Seconds so far of the web process and of the worker, each with its children."""
    return [sum(map(_spent, _tree(process.pid))) for process in (live.web, live.worker)]


def _tree(pid):
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def _spent(process):
    times = process.cpu_times()
    return times.user + times.system + times.children_user + times.children_system
