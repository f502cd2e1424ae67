"""Formulas of RTF: the groups are the elements of a Word formula, so they are read as these."""

from lxml import etree

from documents.readers.formula.formulas import of_omml
from documents.readers.old_word.rtf_tokens import TOKEN, Token, letter, whole

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
GROUP, PIECE, TEXT = f"{MATH}group", f"{MATH}r", f"{MATH}t"
DEEP = 100


class _Formula:
    def __init__(self) -> None:
        self.root = self.now = etree.Element(f"{MATH}oMath")
        self.texts = [""]
        self.left_out = 0

    def take(self, token: Token) -> bool:
        """False where it ends."""
        word, number, hexes, sign, brace, letters = token.groups()
        if brace:
            return self._brace(brace == b"{")
        if word == b"u" and number:
            self.texts[-1] += letter(int(number))
            self.left_out = 1
        elif word and word.startswith(b"m") and self.now.tag == GROUP:
            self.now.tag = MATH + word.decode()[1:]
        elif letters or hexes:
            text = (letters or bytes([int(hexes, 16)])).decode("cp1252", "replace")
            self.texts[-1] += text[self.left_out :]
            self.left_out = 0
        elif sign in {b"{", b"}", b"\\"}:
            self.texts[-1] += sign.decode()
        return True

    def _brace(self, opens: bool) -> bool:
        if opens:
            self.now = etree.SubElement(self.now, GROUP)
            self.texts.append("")
            return len(self.texts) < DEEP
        if len(self.texts) == 1:
            return False
        text, parent = whole(self.texts.pop()), self.now.getparent()
        if text.strip() and self.now.tag in {GROUP, PIECE}:
            self.now.tag = PIECE
            etree.SubElement(self.now, TEXT).text = text
        elif text.strip() and not len(self.now):
            self.now.set(f"{MATH}val", text.strip())
        self.now = parent
        return True


def linear(group: bytes) -> str:
    """`group` is what stands in that of a formula."""
    formula = _Formula()
    for token in TOKEN.finditer(group):
        if not formula.take(token):
            break
    return of_omml(formula.root)
