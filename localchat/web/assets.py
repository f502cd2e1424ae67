"""The pages' style sheets joined into one, and each page's script with all that it imports.

Their names carry a hash of what they hold, so that browsers keep them for good.
"""

import gzip
import hashlib
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.templatetags.static import static

FOLDER = "joined/"
SOURCES = settings.BASE_DIR / "localchat" / "static"
FIRST = ("base", "colors", "layout", "controls")  # style sheets that others build on
ELSEWHERE = {"admin", "exported"}  # not on our pages

_IMPORT = re.compile(
    r'import (?:\{([^{}]*)\} from |\* as (\w+) from )?"\./([\w-]+)\.js"\s*$', re.MULTILINE
)
_EXPORT = re.compile(
    r"^export (?=(?:async )?(?:function|class|const)\b\*? ?\*?(\w+))", re.MULTILINE
)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_AS = re.compile(r"(?<!\s)\s++as\s++")

Response = Callable[[HttpRequest], HttpResponseBase]


class Asset(NamedTuple):
    name: str  # with the hash
    kind: str
    text: bytes
    packed: bytes


class NotJoined(Exception):
    """A line of a script imports or exports in a form that is not known here."""


def url(asset: Asset) -> str:
    return static(FOLDER + asset.name)


def stylesheet() -> Asset:
    names = sorted(path.stem for path in (SOURCES / "css").glob("*.css"))
    others = [name for name in names if name not in {*FIRST, *ELSEWHERE}]
    files = [SOURCES / "css" / f"{name}.css" for name in (*FIRST, *others)]
    return _asset("pages", "css", tuple(file.read_text() for file in files))


def script(entry: str) -> Asset:
    """Raises NotJoined."""
    modules: dict[str, str] = {}
    _gather(entry, modules, ())
    return _asset(entry, "js", tuple(_joined(modules)))


def entries() -> Iterator[str]:
    """The scripts that pages begin with: those that no other imports."""
    files = {path.stem: path.read_text() for path in (SOURCES / "js").glob("*.js")}
    imported = {found[3] for text in files.values() for found in _IMPORT.finditer(text)}
    yield from sorted(files.keys() - (imported - {"page", "documents"}))


def serve(get_response: Response) -> Response:
    """Middleware: answers for what the pages name, before it is asked who comes."""
    prefix = static(FOLDER)

    def now(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(prefix):
            return get_response(request)
        found = _all().get(request.path.removeprefix(prefix))
        return _response(request, found) if found else get_response(request)

    return now


def _response(request: HttpRequest, asset: Asset) -> HttpResponse:
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(asset.packed if packs else asset.text, content_type=asset.kind)
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _all() -> dict[str, Asset]:
    made = [stylesheet(), *(script(entry) for entry in entries())]
    return {asset.name: asset for asset in made}


if not settings.DEBUG:
    stylesheet, script, _all = cache(stylesheet), cache(script), cache(_all)


def _gather(name: str, modules: dict[str, str], above: tuple[str, ...]) -> None:
    """The module after those that it imports."""
    if name in modules:
        return
    if name in above:
        raise NotJoined(f"{name} imports itself by way of {above[-1]}")
    text = (SOURCES / "js" / f"{name}.js").read_text()
    for found in _IMPORT.finditer(text):
        _gather(found[3], modules, (*above, name))
    modules[name] = text


def _joined(modules: dict[str, str]) -> Iterator[str]:
    """Each module as a function that is called once and returns what it exports."""
    for name, text in modules.items():
        exported = [found[1] for found in _EXPORT.finditer(text)]
        body = _EXPORT.sub("", _IMPORT.sub(_taken, text))
        if other := _OTHER.search(body):
            raise NotJoined(f"{name}: {other[0]}")
        yield f"const {_variable(name)} = (() => {{\n{body}return {{ {', '.join(exported)} }} }})()\n"


def _taken(found: re.Match[str]) -> str:
    names, whole, name = found.groups()
    if whole:
        return f"const {whole} = {_variable(name)}"
    return f"const {{ {_AS.sub(': ', names)} }} = {_variable(name)}" if names else ""


def _variable(module: str) -> str:
    return "_" + module.replace("-", "_")


@cache
def _asset(name: str, suffix: str, texts: tuple[str, ...]) -> Asset:
    whole = "\n".join(texts).encode()
    digest = hashlib.sha256(whole).hexdigest()[:16]
    kind = {"css": "text/css", "js": "text/javascript"}[suffix]
    return Asset(f"{name}.{digest}.{suffix}", f"{kind}; charset=utf-8", whole, gzip.compress(whole))
