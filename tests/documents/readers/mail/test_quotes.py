"""What a letter quotes is told once."""

import io

from documents.readers.mail import mbox
from documents.readers.mail.quotes import Quotes

OFFER = "We propose a price of 9,000 euros for the engine."
COUNTER = "That is too much. We offer 7,500 euros for the engine."
ON_MONDAY = "On Mon, 2 Mar 2026 at 09:00, Robin Example wrote:"
ON_TUESDAY = "On Tue, 3 Mar 2026 at 10:00, Kim Sample\n<kim@example.org> wrote:"


def quoted(text: str, marks: str = "> ") -> str:
    return "\n".join(f"{marks}{line}" for line in text.split("\n"))


THREAD = f"Agreed.\n\n{ON_TUESDAY}\n" + quoted(f"{COUNTER}\n\n{ON_MONDAY}\n{quoted(OFFER)}")


def test_quotes_at_the_end_stand_under_headings_of_their_own():
    text, headings = Quotes().once(THREAD)
    assert text == f"Agreed.\n\n{ON_TUESDAY}\n{COUNTER}\n\n{ON_MONDAY}\n{OFFER}"
    assert [text[each.start :].split("\n")[0] for each in headings] == [
        "On Tue, 3 Mar 2026 at 10:00, Kim Sample",
        ON_MONDAY,
    ]


def test_answers_between_the_lines_keep_the_marks():
    between = f"{ON_MONDAY}\n{quoted(OFFER)}\n\nWhy so dear?\n\n> In May.\n\nToo late."
    assert Quotes().once(between) == (between, [])


def test_what_was_quoted_twice_is_told_once():
    text, _ = Quotes().once(f"{THREAD}\n\n{ON_MONDAY}\n{quoted(OFFER)}")
    assert text.count(OFFER) == 1


def test_quotes_of_programs_without_marks_are_known_by_their_headers():
    older = f"From: Robin Example\nSent: Monday, 2 March 2026 09:00\nTo: Kim\nSubject: Engine\n\n{OFFER}"
    text, headings = Quotes().once(f"{OFFER} No.\n\n-----Original Message-----\n{older}")
    assert text.count("9,000") == 1
    assert [heading.text for heading in headings] == ["Original Message"]


def test_a_sentence_that_is_said_again_without_a_quote_stays():
    assert Quotes().once(f"{OFFER}\n\n{OFFER}")[0].count(OFFER) == 2


def message(subject: str, body: str) -> str:
    return f"From: Robin <r@example.org>\nTo: k@example.org\nSubject: {subject}\n\n{body}\n"


ARCHIVE = "".join(
    f"From r@example.org Mon Mar  2 09:00:0{at} 2026\n{each}\n"
    for at, each in enumerate(
        [
            message("Engine", OFFER),
            message("Re: Engine", f"{COUNTER}\n\n{ON_MONDAY}\n{quoted(OFFER)}"),
            message("Re: Re: Engine", f"{THREAD}\n\n>From here on it was lost elsewhere."),
        ]
    )
).encode()


def test_each_message_of_an_archive_is_a_page_with_its_own_headers():
    source = mbox.parse(io.BytesIO(ARCHIVE))
    pages = list(source.pages)
    assert source.total == len(pages) == 3
    assert [page.headings[0].text for page in pages] == ["Engine", "Re: Engine", "Re: Re: Engine"]
    told = "\n".join(page.text for page in pages)
    assert told.count(OFFER) == told.count(COUNTER) == 1
    assert "From here on it was lost elsewhere." in told
    assert "Subject: Engine" not in told


def test_files_in_an_archive_come_out():
    data = ARCHIVE.replace(
        b"Subject: Engine\n",
        b'Subject: Engine\nContent-Disposition: attachment; filename="a.txt"\n',
        1,
    )
    assert [name for name, _ in mbox.attachments(io.BytesIO(data))] == ["a.txt"]


def test_what_was_deleted_in_an_archive_is_no_message():
    data = ARCHIVE.replace(b"Subject: Engine\n", b"X-Mozilla-Status: 0009\nSubject: Engine\n", 1)
    source = mbox.parse(io.BytesIO(data))
    assert source.total == 2
    assert [page.headings[0].text for page in source.pages] == ["Re: Engine", "Re: Re: Engine"]


def test_a_long_line_that_begins_like_a_quote_is_none():
    body = "On " + "and on " * 20_000 + ":"
    assert Quotes().once(f"{body}\n" * 20)[1] == []
