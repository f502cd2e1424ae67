"""Small Word files, written part by part, and read in this process."""

import io
from collections.abc import Mapping, Sequence

from documents.readers.office import docx
from documents.readers.page import Page
from tests import files_office as office

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
DRAWN = "http://schemas.openxmlformats.org/drawingml/2006"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMES = " ".join(
    f'xmlns:{short}="{name}"'
    for short, name in {
        "w": WORD,
        "r": f"{OFFICE}/relationships",
        "m": f"{OFFICE}/math",
        "a": f"{DRAWN}/main",
        "c": f"{DRAWN}/chart",
        "d": f"{DRAWN}/diagram",
        "pic": f"{DRAWN}/picture",
        "wp": f"{DRAWN}/wordprocessingDrawing",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
TYPES = {
    "header": f"{MAIN}.header+xml",
    "footer": f"{MAIN}.footer+xml",
    "styles": f"{MAIN}.styles+xml",
    "settings": f"{MAIN}.settings+xml",
    "numbering": f"{MAIN}.numbering+xml",
    "aFChunk": "text/html",
}


def run(text: str, properties: str = "") -> str:
    about = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{about}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    about = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{about}{''.join(each if '<' in each else run(each) for each in runs)}</w:p>"


def root(name: str, inner: str) -> str:
    return f"<w:{name} {NAMES}>{inner}</w:{name}>"


def letter(
    body: str,
    parts: Mapping[str, tuple[str, str | bytes]] | None = None,
    links: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
) -> bytes:
    """`parts`: by id, the kind of relation and the data; `links`: addresses by id."""
    members: dict[str, str | bytes] = {
        "word/document.xml": root("document", f"<w:body>{body}</w:body>")
    }
    types = f'<Override PartName="/word/document.xml" ContentType="{MAIN}.document.main+xml"/>'
    relations = ""
    for key, (kind, data) in (parts or {}).items():
        type_ = (TYPES | (kinds or {})).get(kind, "application/xml")
        members[f"word/{key}.part"] = data
        types += f'<Override PartName="/word/{key}.part" ContentType="{type_}"/>'
        relations += (
            f'<Relationship Id="{key}" Type="{OFFICE}/relationships/{kind}" Target="{key}.part"/>'
        )
    for key, target in (links or {}).items():
        relations += (
            f'<Relationship Id="{key}" Type="{OFFICE}/relationships/hyperlink" Target="{target}"'
            ' TargetMode="External"/>'
        )
    package = "http://schemas.openxmlformats.org/package/2006"
    members["[Content_Types].xml"] = (
        f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>'
    )
    for name, inner in (
        (
            "_rels/.rels",
            f'<Relationship Id="a" Type="{OFFICE}/relationships/officeDocument" Target="word/document.xml"/>',
        ),
        ("word/_rels/document.xml.rels", relations),
    ):
        members[name] = f'<Relationships xmlns="{package}/relationships">{inner}</Relationships>'
    return office.zipped(members)


def page(*arguments: object, **named: object) -> Page:
    pages: Sequence[Page] = list(docx.parse(io.BytesIO(letter(*arguments, **named))).pages)
    return pages[0]


def told(*arguments: object, **named: object) -> list[str]:
    """The lines that say something."""
    return [line for line in page(*arguments, **named).text.split("\n") if line.strip()]
