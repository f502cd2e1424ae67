"""PDFs made to break what reads them: small, and large or endless when they are opened."""

import struct
import zlib

from tests import files

SHOWN = b"BT /F1 9 Tf 50 50 Td (a page) Tj ET"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %b >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
TREE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
WITH_FONT = b"/Resources << /Font << /F1 5 0 R >> >>"


def of(*objects: bytes) -> bytes:
    """The first object is the catalogue."""
    return files._written(objects)


def stream(data: bytes, facts: bytes = b"", filters: bytes = b"/FlateDecode") -> bytes:
    return b"<< /Length %d /Filter [%b] %b >>\nstream\n%b\nendstream" % (
        len(data),
        filters,
        facts,
        data,
    )


def one_page(contents: bytes, *more: bytes, facts: bytes = WITH_FONT) -> bytes:
    return of(CATALOGUE, TREE, PAGE % facts, contents, FONT, *more)


def squeezed(part: bytes, times: int) -> bytes:
    """That many of the part, deflated without ever being whole."""
    packer = zlib.compressobj(9)
    block = part * 1000
    out = b"".join(packer.compress(block) for _ in range(times // 1000)) + packer.flush()
    return out


def forms() -> bytes:
    """Each form is drawn from ten of the next."""
    levels = 12
    forms = []
    for number in range(levels):
        after = 6 + number + 1 if number < levels - 1 else 5
        use = b"/X Do " * 10 if number < levels - 1 else b"BT /F1 9 Tf (laugh) Tj ET"
        resources = b"/Resources << /XObject << /X %d 0 R >> /Font << /F1 5 0 R >> >>" % after
        forms.append(
            stream(
                zlib.compress(use), b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + resources
            )
        )
    return one_page(
        stream(zlib.compress(b"/X Do " * 10)),
        *forms,
        facts=b"/Resources << /XObject << /X 6 0 R >> >>",
    )


def object_stream() -> bytes:
    inside = squeezed(b"6 0 7 0 " * 100, 100_000)
    return one_page(
        stream(zlib.compress(SHOWN)),
        stream(inside, b"/Type /ObjStm /N 100000000 /First 900000000"),
    )


def tree() -> bytes:
    """A million pages, of which each level names the same ten nodes."""
    nodes = []
    for level in range(6):
        kid = 3 if level == 5 else 7 + level
        kids = b" ".join([b"%d 0 R" % kid] * 10)
        nodes.append(b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, 10 ** (6 - level)))
    return of(
        CATALOGUE,
        nodes[0],
        PAGE % WITH_FONT,
        stream(zlib.compress(SHOWN)),
        FONT,
        b"null",
        *nodes[1:],
    )


def claim() -> bytes:
    """One page that says it is a million."""
    whole = one_page(stream(zlib.compress(SHOWN)))
    return whole.replace(b"/Count 1 ", b"/Count 1000000 ")


def nested() -> bytes:
    return one_page(
        stream(zlib.compress(SHOWN)),
        b"[" * 500_000 + b"]" * 500_000,
        facts=WITH_FONT + b" /Annots 6 0 R",
    )


def deep_tree() -> bytes:
    """A page tree that is a chain."""
    depth = 5_000
    nodes = [b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (4 + n) for n in range(depth)]
    return of(CATALOGUE, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", *nodes, b"<< /Type /Page >>")


def circle() -> bytes:
    return of(
        CATALOGUE + b"",
        b"<< /Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 3 >>",
        b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 2 >>",
    )


def outline() -> bytes:
    """An outline whose entries follow each other in a circle."""
    return of(
        b"<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R >>",
        TREE,
        PAGE % WITH_FONT,
        stream(zlib.compress(SHOWN)),
        FONT,
        b"<< /First 7 0 R /Last 8 0 R /Count 2 >>",
        b"<< /Title (one) /Parent 6 0 R /Next 8 0 R /First 8 0 R /Dest [3 0 R /Fit] >>",
        b"<< /Title (two) /Parent 7 0 R /Next 7 0 R /First 7 0 R /Dest [3 0 R /Fit] >>",
    )


def huge_page() -> bytes:
    return one_page(stream(zlib.compress(b"BT /F1 9 Tf 50 50 Td (a wide page) Tj ET"))).replace(
        b"[0 0 595 842]", b"[0 0 9999999999 9999999999]"
    )


def picture() -> bytes:
    """60,000 x 60,000 points of nothing."""
    image = stream(
        squeezed(b"\0" * 1000, 100_000),
        b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8 "
        b"/ColorSpace /DeviceGray",
    )
    return one_page(
        stream(zlib.compress(b"500 0 0 500 0 0 cm /X Do")),
        image,
        facts=b"/Resources << /XObject << /X 6 0 R >> >>",
    )


def png(width: int, height: int) -> bytes:
    def part(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    rows = squeezed(b"\0" * (width // 8 + 1), height)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
        + part(b"IDAT", rows)
        + part(b"IEND", b"")
    )
