"""Layers of a page that are switched off, by each of the ways there are."""

import re
import struct
import zlib
from itertools import accumulate

import pytest

from tests.documents.readers.reading import read_bytes
from tests.files import _written

DRAWN = b"""BT /F1 12 Tf 72 760 Td (The offer is 5,500.) Tj ET
/OC /L BDC BT /F1 12 Tf 72 730 Td (The draft is 4,242.) Tj ET EMC
BT /F1 12 Tf 72 700 Td (It stands for a month.) Tj ET"""
GROUP, OTHER = "6 0 R", "7 0 R"
NAMED = b"<< /Type /OCG /Name (Draft) >>"
ON, OFF = f"/ON [{GROUP}]", f"/OFF [{GROUP}]"


def of_groups(more: str) -> bytes:
    return f"<< /Type /OCMD /OCGs [{GROUP}] {more} >>".encode()


def book(default: str, layer: bytes | None, group: bytes = NAMED) -> bytes:
    held = f"/OCProperties << /OCGs [{GROUP}] /D << {default} >> >>"
    used = f"/Font << /F1 5 0 R >> /Properties << /L {OTHER if layer else GROUP} >>"
    return _written(
        [
            f"<< /Type /Catalog /Pages 2 0 R {held} >>".encode(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            f"/Resources << {used} >> >>".encode(),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(DRAWN), DRAWN),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            group,
            layer or b"null",
        ]
    )


USED = b"<< /Type /OCG /Name (Draft) /Usage << /View << /ViewState /OFF >> >> >>"
BY_USE = f"{ON} /AS [<< /Event /View /OCGs [{GROUP}] /Category [/View] >>]"


@pytest.mark.parametrize(
    ("default", "layer", "group"),
    [
        (OFF, None, NAMED),
        ("/BaseState /OFF", None, NAMED),
        (OFF, of_groups("/P /AllOn"), NAMED),
        (ON, of_groups("/P /AllOff"), NAMED),
        (ON, of_groups(f"/VE [/Not {GROUP}]"), NAMED),
        (BY_USE, None, USED),
    ],
)
def test_what_is_on_a_layer_that_is_off_is_left_out(tmp_path, default, layer, group):
    (page,) = read_bytes(tmp_path, book(default, layer, group), "offer.pdf").pages
    assert "5,500" in page.text
    assert "4,242" not in page.text


@pytest.mark.parametrize(
    ("default", "layer"),
    [("", None), (f"/BaseState /OFF {ON}", None), (OFF, of_groups("/P /AnyOff"))],
)
def test_what_is_on_a_layer_that_is_on_is_read(tmp_path, default, layer):
    (page,) = read_bytes(tmp_path, book(default, layer), "offer.pdf").pages
    assert "The draft is 4,242." in page.text


def test_a_root_that_is_packed_names_its_layers_too(tmp_path):
    (page,) = read_bytes(tmp_path, packed(book(OFF, None)), "offer.pdf").pages
    assert "5,500" in page.text
    assert "4,242" not in page.text


def packed(data: bytes) -> bytes:
    """As newer programs write it: the objects without a stream of their own in one."""
    objects = re.findall(rb"(?s)\n(\d+) 0 obj\n(.*?)\nendobj", data)
    apart = [(number, body) for number, body in objects if body.endswith(b"endstream")]
    together = [each for each in objects if each not in apart]
    offsets = accumulate((len(body) + 1 for _, body in together[:-1]), initial=0)
    head = (
        b" ".join(b"%b %d" % (n, at) for (n, _), at in zip(together, offsets, strict=True)) + b" "
    )
    inside = zlib.compress(head + b"\n".join(body for _, body in together))
    last = len(objects) + 1
    kind = b"/Type /ObjStm /Filter /FlateDecode /N %d /First %d" % (len(together), len(head))
    apart.append((b"%d" % last, stream(kind, inside)))
    out, places = b"%PDF-1.5", {}
    for number, body in apart:
        places[int(number)] = len(out) + 1
        out += b"\n%b 0 obj\n%b\nendobj" % (number, body)
    inner = {int(number): place for place, (number, _) in enumerate(together)}
    rows = [(0, 0, 0)]
    for number in range(1, last + 1):
        rows.append((2, last, inner[number]) if number in inner else (1, places[number], 0))
    rows.append((1, len(out) + 1, 0))
    kind = b"/Type /XRef /W [1 4 1] /Size %d /Root 1 0 R" % len(rows)
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    start = len(out) + 1
    out += b"\n%d 0 obj\n%b\nendobj" % (last + 1, stream(kind, table))
    return out + b"\nstartxref\n%d\n%%%%EOF\n" % start


def stream(kind: bytes, data: bytes) -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (kind, len(data), data)


def test_text_that_only_cuts_what_is_drawn_later_is_hidden(tmp_path):
    page = book("", None).replace(b"72 730 Td", b"7 Tr     ")
    (page,) = read_bytes(tmp_path, page, "offer.pdf").pages
    assert "[hidden: The draft is 4,242.]" in page.text
