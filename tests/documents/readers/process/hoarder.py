"""A reader of too much memory that is shared, which the file says in megabytes."""

import mmap
import time

from documents.readers.common.source import Source
from documents.readers.page import Page

MEGABYTE = 1 << 20


def parse(file):
    kept = []
    for _ in range(int(file.read())):
        kept.append(mmap.mmap(-1, MEGABYTE))
        kept[-1].write(b"x" * MEGABYTE)
        time.sleep(0.002)
    return Source("", 1, [Page(None, f"{len(kept)} MB", [])])
