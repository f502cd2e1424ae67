"""What may stand in an answer's HTML: what our renderer makes and nothing else.

Should its escaping ever fail, nothing gets through.
"""

import re

import nh3
from pygments.token import STANDARD_TYPES

MATHML = {
    *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle"),
    *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts"),
    *("mtable", "mtr", "mtd", "mpadded", "mphantom"),
}
_SPACED = {"lspace", "rspace", "width", "height", "depth", "voffset", "minsize", "maxsize"}
_STYLED = {"displaystyle", "scriptlevel", "mathvariant", "linethickness"}
_OF_SIGNS = {"stretchy", "symmetric", "largeop", "movablelimits", "form", "fence", "separator"}
_ACCENTS = {"accent", "accentunder"}
_MATHML_ATTRIBUTES = {
    name: {"display", *_STYLED, *_SPACED, *_OF_SIGNS, *_ACCENTS} for name in MATHML
}
_RULED = {"ruled-above", "ruled-below", "ruled-before", "ruled-after"}

CLEANER = nh3.Cleaner(
    tags={
        *("a", "br", "code", "em", "input", "label", "s", "span", "strong", "sup"),
        *("blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "p", "pre"),
        *("li", "ol", "ul", "table", "tbody", "td", "th", "thead", "tr"),
        *MATHML,
    },
    clean_content_tags=set(),
    attributes={
        "*": set(),
        "a": {"href", "data-n", "rel", "target"},
        "input": {"checked", "disabled"},
        "ol": {"start"},
        "pre": {"data-language"},
        "span": {"title"},
        **_MATHML_ATTRIBUTES,
    },
    tag_attribute_values={"input": {"type": {"checkbox"}}},
    allowed_classes={
        "a": {"cite"},
        "input": {"task-list-item-checkbox"},
        "label": {"task-list-item-label"},
        "li": {"task-list-item"},
        "ol": {"contains-task-list", "continued"},
        "pre": {"continued"},
        "p": {"footnote"},
        "span": {"doubt", "formula", "host", *filter(None, STANDARD_TYPES.values())},
        "sup": {"footnote-mark"},
        "table": {"continued"},
        "td": {"center", "right"},
        "th": {"center", "right"},
        "mtable": {"side"},
        "mtd": {"left", "right", "side", *_RULED},
        "ul": {"contains-task-list", "continued"},
    },
    url_schemes={"http", "https", "mailto"},
    url_relative=lambda url: url if re.fullmatch(r"#source-[0-9]+", url) else None,
    link_rel=None,
)
