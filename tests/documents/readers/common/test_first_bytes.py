import pytest

from documents.readers.kinds import kind_of

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"
BINARY = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj"


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b"# Signatures\n\nA PDF begins with `%PDF-1.7`, a zip with PK.\n", "a.md", "markdown"),
        (b"%PDF-1.7 is how they begin.\n", "a.txt", "text"),
        ("gr\u00fc\u00dfe\n%PDF-1.7\n".encode("cp1252"), "a.txt", "text"),
        (b"So:\n```\n" + PDF + b"```\n", "a.md", "markdown"),
        (b"{\\rtf1 is how they begin.\n", "a.txt", "text"),
        (b"GIF89a is how they begin.\n", "a.txt", "text"),
        (b"8BPS is how they begin.\n", "a.txt", "text"),
        (PDF, "a.txt", "pdf"),
        (b"\xef\xbb\xbf\r\n" + PDF, "a", "pdf"),
        (b"\0\1junk" + PDF, "a", "pdf"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + BINARY, "a", "pdf"),
        (b"junk\n" + PDF, "a.pdf", "pdf"),
        (b"{\\rtf1 Hello}", "a.rtf", "rtf"),
        (b"{\\rtf\\ansi Hello}", "a", "rtf"),
        (b"GIF89a\x10\0\x10\0\0\0\0", "a", "picture"),
    ],
)
def test_a_text_that_speaks_of_first_bytes_is_a_text(head, name, kind):
    assert kind_of(head, name) == kind


def test_what_begins_and_is_named_like_a_pdf_is_one_however_little_follows():
    assert kind_of(b"%PDF-1.4 nothing", "broken.pdf") == "pdf"
