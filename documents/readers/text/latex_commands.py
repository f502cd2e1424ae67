"""What LaTeX's commands do with the groups behind them."""

import re
from collections.abc import Mapping

LEVELS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")
ABOUT = ("title", "subtitle", "author", "date")
LISTS = {"itemize", "enumerate", "description", "compactitem", "compactenum", "thebibliography"}
NUMBERED = {"enumerate", "compactenum"}
MATH = re.compile(
    r"(?:equation|align|alignat|gather|multline|eqnarray|displaymath|math|flalign)\*?"
)
# Environments by how many groups say what they look like.
LAID_OUT = {
    **dict.fromkeys(("tabular", "array", "longtable", "minipage", "multicols", "adjustbox"), 1),
    **dict.fromkeys(("tabular*", "tabularx", "tabulary", "wrapfigure"), 2),
    "thebibliography": 1,
}
# Commands by how many groups they have, and which of these are text.
GROUPS: Mapping[str, tuple[int, tuple[int, ...]]] = {
    **dict.fromkeys(("multicolumn", "multirow", "resizebox"), (3, (2,))),
    **dict.fromkeys(("textcolor", "colorbox", "parbox", "raisebox", "scalebox"), (2, (1,))),
    **dict.fromkeys(("replaced", "texorpdfstring"), (2, (0,))),
    "foreignlanguage": (2, (1,)),
    **dict.fromkeys(
        ("setlength", "addtolength", "setcounter", "addtocounter", "fontsize"), (2, ())
    ),
    **dict.fromkeys(("newcommand", "renewcommand", "providecommand", "rule", "markboth"), (2, ())),
    **dict.fromkeys(
        ("newenvironment", "renewenvironment", "definecolor", "addcontentsline"), (3, ())
    ),
    **dict.fromkeys(
        (
            *("label", "vspace", "hspace", "pagestyle", "thispagestyle", "bibliographystyle"),
            *("usepackage", "documentclass", "includegraphics", "input", "include", "color"),
            *("index", "hypersetup", "pagenumbering", "graphicspath", "geometry", "hyphenation"),
            *("nocite", "phantom", "hphantom", "vphantom", "cline", "cmidrule", "rowcolor"),
            *("cellcolor", "columncolor", "bibliography", "addbibresource", "sisetup"),
            *("sout", "st", "deleted", "RequirePackage", "selectlanguage", "setmainfont"),
        ),
        (1, ()),
    ),
}
NOTES = {"footnote", "footnotetext", "thanks"}
QUANTITIES = {"SI", "qty", "num", "si", "unit"}
REFERENCES = re.compile(r"(?:[Cc]ite\w*|\w*cite|ref|eqref|autoref|[cC]ref|pageref|nameref|vref)")
FRACTIONS = {"frac", "dfrac", "tfrac", "nicefrac", "sfrac"}
