"""Code of an answer as a page that can do nothing: no script, no request, nothing of ours.

What holds it is the response's own policy, whoever opens it, and the frame that it is shown in.
"""

import re
from html import unescape

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "SAMEORIGIN",
    "X-DNS-Prefetch-Control": "off",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

# What no policy covers: browsers look up and greet the host of a `link` or a frame, and that of a
# link as soon as it is pressed, even if they may not load it. They know no other spelling of the names of tags
# and attributes than their letters.
_AWAY = re.compile(r"\bhref(?=\s*+=(?!\s*+[\"']?+\s*+(?:#|data:)))", re.IGNORECASE)
_MOVED = re.compile(r"attributeName\s*+=\s*+[\"']?+\s*+(?:\w+:)?href", re.IGNORECASE)
_MOVING = re.compile(r"<(?=(?:animate|set)\b)", re.IGNORECASE)
_GREETING = re.compile(
    r"<(?=/?(?:link|meta|base|i?frame|fencedframe|object|embed|portal)\b)", re.IGNORECASE
)
_SVG = re.compile(
    r"\s*+(?:<\?xml[^>]*\?>\s*+)?+(?:(?><!--.*?-->)\s*+|<!DOCTYPE[^>]*+>\s*+)*+<svg\b", re.DOTALL
)


def page(code: str) -> str:
    """The code as an HTML page whose links lead nowhere; an SVG stands in the middle of one."""
    code = _AWAY.sub('href="#" data-href', _GREETING.sub("<x-", code))
    if _MOVED.search(unescape(code)):
        code = _MOVING.sub("<x-", code)
    if _SVG.match(code):
        centred = (
            "body{margin:0;min-height:100vh;display:grid;place-items:center}svg{max-width:100%}"
        )
        drawing = code[code.index("<svg") :]
        return f'<!doctype html><meta charset="utf-8"><style>{centred}</style>{drawing}'
    return code if re.match(r"\s*<!doctype", code, re.IGNORECASE) else f"<!doctype html>{code}"
