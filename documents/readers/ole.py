"""Microsoft's older container: Word 97 documents, Outlook messages, whatever is locked."""

from typing import BinaryIO

import olefile

from documents.readers import doc, msg
from documents.readers.refusal import Damaged, Locked, Refusal
from documents.readers.source import Source


class OldSheets(Refusal):
    """This is an old Excel file. Save it as .xlsx and upload that."""

    code = "unsupported"


class OldSlides(Refusal):
    """This is an old PowerPoint file. Save it as .pptx or PDF and upload that."""

    code = "unsupported"


class Unknown(Refusal):
    """This is an old Office file of a kind that cannot be read. Save it as PDF and upload that."""

    code = "unsupported"


REFUSED: dict[str, type[Refusal]] = {
    "EncryptedPackage": Locked,
    "Workbook": OldSheets,
    "Book": OldSheets,
    "PowerPoint Document": OldSlides,
}


def read(file: BinaryIO) -> Source:
    try:
        box = olefile.OleFileIO(file)
        refused = next((why for name, why in REFUSED.items() if box.exists(name)), Unknown)
        if box.exists("WordDocument"):
            return doc.read(box)
        if box.exists(msg.PROPERTIES):
            return msg.read(box)
    except (OSError, ValueError, IndexError, LookupError, TypeError, AttributeError) as error:
        raise Damaged from error
    except RecursionError as error:
        raise Damaged from error
    raise refused
