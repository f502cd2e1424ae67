"""Text as it is kept: no control characters, one kind of line break, whole words."""

import re
import unicodedata

BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
GONE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
BLANKS = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
HIDDEN = re.compile("\u00ad(?:\n(?=\\w))?")  # a hyphen that is shown at a line's end alone
UNSEEN = re.compile("[\u00ad\u200b\u2060]")
# Between the words of scripts that set no blanks, the first of them is one.
SIGNS = re.compile("\u200b(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])|[\u2011\u2060]")
# Ligatures and the shapes that Arabic letters take in print.
SHAPES = re.compile("[\ufb00-\ufb4f\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]+")
# From the beginning of a word only: else each letter of an endless one would be a new try.
COMPOUND = re.compile(r"(?<![^\W\d_])[^\W\d_]++-[^\W\d_]+")
# pdfium puts \x02 or \ufffe in the place of a hyphen and the line break after it.
CUT = re.compile("(?<![^\\W_])([^\\W_]++)(?:[-\u2010\u00ad]\n|[\x02\ufffe]\n?)([^\\W_]+)")
ADDRESSES = ("://", "www.", "@")
ADDRESS_CHARACTERS = 200
# pdfium takes the second of two f's that touch for the shadow of the first.
CLIPPED = re.compile(r"\b(ef|dif|suf) (?=[a-z]{2})", re.IGNORECASE)
WIDE = re.compile(" {2,}")


def clean(text: str) -> str:
    """As it is written, but for what no database and no page can show."""
    if text.isprintable() or text.replace("\n", "").isprintable():
        return text.replace("\u2011", "-")
    text = GONE.sub("", BREAKS.sub("\n", text))
    if "\u00ad" in text:
        text = HIDDEN.sub("", text)
    if "\u2011" in text or "\u200b" in text or "\u2060" in text:
        text = SIGNS.sub(lambda sign: "-" if sign[0] == "\u2011" else "", text)
    return text


def one_line(text: str) -> str:
    """As titles are kept."""
    return " ".join(clean(text).split())[:300]


def printed(text: str, compounds: set[str]) -> str:
    """The text of a printed page: words cut at a line's end are joined.

    `compounds` collects the hyphenated words met so far, which keep their hyphen.
    """
    text = BREAKS.sub("\n", text)
    compounds.update(found.lower() for found in COMPOUND.findall(text))
    text = CUT.sub(lambda cut: _join(cut, compounds), text)
    text = SHAPES.sub(lambda shapes: unicodedata.normalize("NFKC", shapes[0]), text)
    text = UNSEEN.sub("", BLANKS.sub(" ", GONE.sub("", text)))
    text = CLIPPED.sub(r"\1f", text)
    lines = (WIDE.sub(" ", line).strip() for line in text.split("\n"))
    return unicodedata.normalize("NFC", "\n".join(lines)).strip("\n")


def _join(cut: re.Match[str], compounds: set[str]) -> str:
    whole, left, right = cut[0], cut[1], cut[2]
    hyphenated = f"{left}-{right}"
    before = cut.string[max(cut.start() - ADDRESS_CHARACTERS, 0) : cut.end(1)].split()[-1]
    if any(sign in before for sign in ADDRESSES):
        return hyphenated  # whoever sets an address cuts it at a hyphen of its own
    if right[0].islower() and left[-1].isalpha():
        return hyphenated if hyphenated.lower() in compounds else left + right
    return whole if "\n" in whole and whole[len(left)] not in "\x02\ufffe" else hyphenated
