"""PowerPoint 97 to 2003: the slides of the show as they were saved last, with their notes."""

import struct
from collections.abc import Iterator
from contextlib import suppress

import olefile

from documents.readers.common.refusal import Damaged, Empty, Refusal
from documents.readers.common.source import Source
from documents.readers.common.tidy import clean
from documents.readers.old_office import properties
from documents.readers.page import Page
from documents.readers.slides import ppt_looks, ppt_saves, ppt_shapes, slide_page
from documents.readers.slides.ppt_records import Record, Records
from documents.readers.slides.ppt_saves import Show
from documents.readers.slides.ppt_shapes import Outline, Text

STREAM, CURRENT = "PowerPoint Document", "Current User"
OLDER, BOTH = "Text_Content", "PP97_DUALSTORAGE/"  # of PowerPoint 95; for that and 97 in one file
SLIDE, NOTES, OF_SLIDE = 0x03EE, 0x03F0, 0x03F1  # kinds of records
SHOWN, HIDDEN = 0x03F9, 0x4  # how a slide is shown, and that it is not
COMMENT = (0x1388, 0x138A, 0x138B, 0x2EE0)  # the way to it
WORDS, OF_COMMENT = 0x0FBA, 1
TITLES, NOTED = {0, 6}, 2  # kinds of texts


class TooOld(Refusal):
    """This is a file of PowerPoint 95. Save it as .pptx or PDF and upload that."""

    code = "unsupported"


def parse(box: olefile.OleFileIO) -> Source:
    folder = BOTH if box.exists(BOTH + STREAM) else ""
    if box.exists(OLDER) and not folder:
        raise TooOld
    data = box.openstream(folder + STREAM).read()
    user = box.openstream(folder + CURRENT).read()
    try:
        pages = list(_pages(ppt_saves.opened(Records(data), user)))
    except struct.error as error:
        raise Damaged from error
    if not any(page.text.strip() for page in pages):
        raise Empty
    return Source(slide_page.title_of(properties.title(box), pages), len(pages), pages)


def _pages(show: Show) -> Iterator[Page]:
    show.records.fonts = ppt_looks.fonts_of(show.records, show.document)
    notes = dict(_notes(show))
    for number, listed in enumerate(ppt_saves.slides_of(show), start=1):
        outline = dict(enumerate(ppt_shapes.texts(show.records, listed.outline)))
        slide = ppt_saves.found(show, listed.number, SLIDE)
        texts = _drawn(show.records, slide, outline) + _written([*outline.values()])
        yield _page(show.records, number, slide, texts, notes.get(listed.slide, []))


def _page(
    records: Records, number: int, slide: Record | None, texts: list[Text], notes: list[Text]
) -> Page:
    """The title first, wherever on the slide it was made."""
    title = next((text for text in texts if text.kind in TITLES), None)
    texts.sort(key=lambda text: text is not title)
    blocks = [slide_page.block(text.words) for text in texts]
    blocks += [slide_page.comment(words) for words in _comments(records, slide)]
    if noted := "\n".join(text.words for text in notes if text.kind == NOTED):
        blocks.append(slide_page.notes(noted))
    name = title.words.strip() if title else ""
    return slide_page.page_of(number, name, blocks, is_hidden=_is_hidden(records, slide))


def _is_hidden(records: Records, slide: Record | None) -> bool:
    with suppress(struct.error):
        for shown in records.inside(slide, SHOWN) if slide else ():
            return bool(records.numbers(shown, "<10xH")[0] & HIDDEN)
    return False


def _comments(records: Records, slide: Record | None) -> Iterator[str]:
    with suppress(struct.error):
        for comment in records.under(slide, *COMMENT) if slide else ():
            for words in records.inside(comment, WORDS):
                if words.instance == OF_COMMENT:
                    yield records.text(words, "utf-16-le")


def _notes(show: Show) -> Iterator[tuple[int, list[Text]]]:
    """By what they call their slide."""
    for listed in ppt_saves.notes_of(show):
        page = ppt_saves.found(show, listed.number, NOTES)
        for facts in show.records.inside(page, OF_SLIDE) if page else ():
            yield show.records.numbers(facts, "<I")[0], _drawn(show.records, page, {})


def _drawn(records: Records, page: Record | None, outline: Outline) -> list[Text]:
    """Of a damaged page, what comes before the damage."""
    texts: list[Text] = []
    with suppress(struct.error):
        texts.extend(ppt_shapes.drawn(records, page, outline) if page else ())
    return _written(texts)


def _written(texts: list[Text]) -> list[Text]:
    cleaned = [Text(text.kind, clean(text.words).strip("\n")) for text in texts]
    return [text for text in cleaned if text.words.strip()]
