"""Notes of a page or a chapter: the marks that call them, and those that pop up when asked for."""

from lxml import etree

TYPE, ROLE = "epub:type", "role"
SAID = etree.XPath(f"boolean(//@*[name() = '{TYPE}' or name() = '{ROLE}'])")
MARKS = {"noteref", "doc-noteref"}
NOTES = {
    *("footnote", "endnote", "rearnote", "note"),
    *("doc-footnote", "doc-endnote"),
}


class Notes:
    """By their ids, how they are called."""

    def __init__(self, tree: etree._Element) -> None:
        self._any = bool(SAID(tree))
        self._marks = {
            link.get("href", "").rpartition("#")[2]: " ".join("".join(link.itertext()).split())
            for link in (tree.iter("a") if self._any else ())
            if self.is_mark(link)
        }

    def is_mark(self, element: etree._Element) -> bool:
        return self._any and element.tag == "a" and not MARKS.isdisjoint(_kinds(element))

    def begins(self, element: etree._Element) -> str:
        """What stands before the note, if it is one: it is told, hidden or not."""
        if not self._any or NOTES.isdisjoint(_kinds(element)):
            return ""
        mark = self._marks.get(element.get("id", ""), "").strip("[]() ")
        text = "".join(element.itertext(etree.Element)).lstrip()
        return f"Note {mark}: " if mark and not text.startswith(mark) else "Note: "


def _kinds(element: etree._Element) -> list[str]:
    kinds = element.get(TYPE) or element.get(ROLE) or ""
    return kinds.split() if kinds else []
