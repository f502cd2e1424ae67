"""Whatever hostile thing comes in ends as a sentence, and nobody else waits for it.

With -s a table is printed: state, seconds, most memory of the reading process and of the whole
program, and for the answers of the web process meanwhile their number, median, 95th of a hundred
and longest.
"""

import random

import pytest

from tests import files
from tests import files_office as office
from tests.documents.readers import bombs, bombs_pdf
from tests.documents.readers.watching import Outcome, row, upload

READER_MB = 1_200  # what one file may cost: the limit, and what comes between two looks at it
PROGRAM_MB = 2_500
PARTS = 3  # of the list, that run beside each other
TOO_LARGE = "This file unpacks to far more than can be read at once. Try it in smaller parts."
TOO_LONG = "This file has more pages than can be read at once. Try it in smaller parts."
TOO_MUCH = "There is more text in this file than can be taken at once. Try it in smaller parts."
MEMORY = "Reading this file took more memory than is allowed. Try it in smaller parts."
PIXELS = "This picture has 60,000 x 60,000 pixels"
DAMAGED = "This file is damaged, or it is not what its name says."
LOCKED = "This file is protected by a password."
BINARY = "This looks like a binary file, which cannot be read yet."
ARCHIVE = "This is an archive (zip) of other files. Unpack it and upload what is in it."
READY, FAILED, REFUSED = "ready", "failed", "refused"

# Name of the file, what makes it, how it ends and (the beginning of) what is said of it.
KINDS = {
    "objects of nothing.pdf": (bombs_pdf.object_stream, READY, ""),
    "forms in forms.pdf": (bombs_pdf.forms, FAILED, MEMORY),
    "a million pages.pdf": (bombs_pdf.tree, FAILED, TOO_LONG),
    "claims a million.pdf": (bombs_pdf.claim, FAILED, TOO_LONG),
    "deep array.pdf": (bombs_pdf.nested, READY, ""),
    "deep tree.pdf": (bombs_pdf.deep_tree, FAILED, "No text could be read"),
    "pages in a circle.pdf": (bombs_pdf.circle, FAILED, "No text could be read"),
    "outline in a circle.pdf": (bombs_pdf.outline, READY, ""),
    "huge page.pdf": (bombs_pdf.huge_page, READY, ""),
    "huge picture.pdf": (bombs_pdf.picture, FAILED, "No text could be read"),
    "locked.pdf": (lambda: files.pdf("secret", password="secret"), FAILED, LOCKED),
    "half.pdf": (lambda: files.pdf(*["words"] * 50)[:2000], FAILED, DAMAGED),
    "noise.pdf": (lambda: b"%PDF-1.7\n" + noise(100_000), FAILED, DAMAGED),
    "picture bomb.png": (lambda: bombs_pdf.png(60_000, 60_000), FAILED, PIXELS),
    "lying picture.pdf": (lambda: bombs_pdf.png(60, 60), FAILED, ""),
    "zip bomb.docx": (lambda: swapped(bytes(65 << 20)), FAILED, TOO_LARGE),
    "zip in zip.zip": (bombs.nested_zip, REFUSED, ARCHIVE),
    "zip in zip.docx": (bombs.nested_zip, FAILED, ARCHIVE),
    "laughs.docx": (bombs.laughing, FAILED, DAMAGED),
    "quadratic.docx": (bombs.quadratic, FAILED, DAMAGED),
    "stealing.docx": (bombs.stealing, READY, ""),
    "deep.docx": (lambda: bombs.word_of(b"<w:p>" * 100_000), FAILED, DAMAGED),
    "noise.docx": (lambda: b"PK\x03\x04" + noise(100_000), FAILED, DAMAGED),
    "repeated cells.ods": (bombs.repeated_cells, FAILED, "This spreadsheet has more cells"),
    "one chapter again.epub": (bombs.epub_again, FAILED, TOO_MUCH),
    "deep.html": (bombs.deep_html, READY, ""),
    "a million lines.csv": (lambda: b"1\n" * 1_000_000, READY, ""),
    "one line.txt": (lambda: b"Some words stand here. " * 4_400_000, FAILED, TOO_MUCH),
    "stops.txt": (lambda: b"." * 100_000, READY, ""),
    "noise.txt": (lambda: noise(100_000), REFUSED, BINARY),
    "very many headers.eml": (bombs.many_headers, READY, ""),
    "deep message.eml": (bombs.deep_mime, FAILED, DAMAGED),
    "unix.eml": (bombs.uuencode, READY, ""),
    "bombs attached.eml": (bombs.attached_bombs, READY, ""),
    "deep.json": (lambda: b"[" * 100_000, READY, ""),
    "wide.json": (bombs.wide_json, READY, ""),
    "deep.ipynb": (lambda: b'{"cells":[{"cell_type":' * 100_000, FAILED, DAMAGED),
    "groups.rtf": (bombs.rtf_groups, READY, ""),
    "circle.msg": (bombs.ole_circle, FAILED, "This is an old Office file"),
    "chain.msg": (bombs.ole_chain, READY, ""),
    "pieces.doc": (bombs.word_pieces, FAILED, TOO_MUCH),
    "locked.xlsx": (lambda: office.ole({"EncryptedPackage": b"x" * 5000}), FAILED, LOCKED),
    "noise.doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(10_000), FAILED, DAMAGED),
}


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def swapped(content: bytes) -> bytes:
    return bombs.swapped(bombs.WORD, "word/document.xml", content)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_hostile_file_ends_as_a_sentence_and_nobody_waits_for_it(live, part):
    upload(live, "warm.md", b"# The reader starts, and the model is chosen")
    found: dict[str, Outcome] = {}
    kinds = dict(list(KINDS.items())[part::PARTS])
    for name, (made, _, _) in kinds.items():
        found[name] = upload(live, name, made())
        print(row(name, found[name]))  # noqa: T201
    wanted = {name: (state, told) for name, (_, state, told) in kinds.items()}
    ends = {name: (end.state, end.sentence[: len(wanted[name][1])]) for name, end in found.items()}
    assert ends == wanted
    assert max(end.reader_mb for end in found.values()) < READER_MB
    assert max(end.program_mb for end in found.values()) < PROGRAM_MB
    slow = [end for end in found.values() if end.seconds > 2]
    assert all(max(end.waits) < end.seconds for end in slow), "somebody waited for a file's end"
