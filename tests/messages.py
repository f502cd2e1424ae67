"""Brings the catalogues up to the code: `make messages`, before and after they are translated."""

import ast
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from localchat.lib.language import FLUENT

HOME = Path(__file__).parent.parent
FILES = sorted((HOME / "localchat" / "locale").glob("*/LC_MESSAGES/django.po"))
TEMPLATES = HOME / "templates"
SCRIPTS = HOME / "localchat" / "static" / "js"
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "pgettext_lazy": ((1, "c"), 2),
    "Sentence": None,
    "counted": (1, 2),
}
APPS = ("chat", "documents", "localchat", "models_mgmt")
# What only the console or another process hears.
CONSOLE = (
    "localchat/backups",
    "localchat/embedded",
    "chat/measuring",
    "documents/measuring",
    "models_mgmt/builtin/encoding.py",
)
IN_FILTER = re.compile(r"""_\((?:"([^"]+)"|'([^']+)')\)""")  # a word given to a filter or tag


def marked() -> Catalog:
    """What the code marks, not translated."""
    catalog = Catalog()
    for app in APPS:
        found = extract_from_dir(HOME / app, [("**.py", "python")], keywords=KEYWORDS)
        for path, _, message, _, context in found:
            catalog.add(message, locations=[(f"{app}/{path}", 0)], context=context)
    for path, message in [*in_errors(), *in_templates(), *in_scripts()]:
        catalog.add(message, locations=[(path, 0)])
    return catalog


def parsed() -> Iterator[tuple[str, ast.Module]]:
    """Each file of the program that people of the pages may hear of."""
    for app in APPS:
        for path in sorted((HOME / app).rglob("*.py")):
            name = str(path.relative_to(HOME))
            if not name.startswith(CONSOLE):
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def error_classes() -> dict[str, tuple[str, str]]:
    """The classes of errors that people read, with the file and the sentence of each."""
    found = {"LocalChatError": ("", "")}
    classes = [
        (name, node)
        for name, tree in parsed()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]
    before = 0
    while before < len(found):
        before = len(found)
        for name, node in classes:
            bases = {ast.unparse(base).split(".")[-1] for base in node.bases}
            if bases & found.keys() or node.name == "LocalChatError":
                sentence = " ".join((ast.get_docstring(node) or "").split())
                found[node.name] = (name, sentence)
    return found


def in_errors() -> Iterator[tuple[str, str]]:
    """The docstring of an error's class is its sentence."""
    for name, sentence in error_classes().values():
        if sentence:
            yield name, sentence


def in_templates() -> Iterator[tuple[str, str | tuple[str, str]]]:
    from django.template import Template
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    for path in sorted(TEMPLATES.rglob("*.html")):
        name, source = str(path.relative_to(HOME)), path.read_text(encoding="utf-8")
        nodes = Template(source).nodelist
        for node in nodes.get_nodes_by_type(TranslateNode):
            yield name, str(node.filter_expression.var.literal)
        for node in nodes.get_nodes_by_type(BlockTranslateNode):
            one = node.render_token_list(node.singular)[0]
            many = node.render_token_list(node.plural)[0] if node.plural else ""
            yield name, (one, many) if many else one
        for found in IN_FILTER.finditer(source):
            yield name, found[1] or found[2]


def in_scripts() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for path, _, message, _, _ in extract_from_dir(SCRIPTS, [("**.js", "javascript")]):
        if not path.startswith("catalogue-"):
            yield f"static/js/{path}", message


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain="django")


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """Of a plural all, of another message the one; empty where there is none."""
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def is_translated(message: Message) -> bool:
    return all(forms(message.string))


def renew(path: Path, messages: Catalog) -> None:
    """What is not translated stays where all is to be: to be filled in."""
    catalog = read(path)
    catalog.update(messages, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    for message in list(catalog):
        if str(catalog.locale) not in FLUENT and not is_translated(message):
            catalog.delete(message.id, message.context)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, include_lineno=False)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)
    if (script := script_of(catalog)).exists():
        script.write_text(for_scripts(catalog), encoding="utf-8")


def script_of(catalog: Catalog) -> Path:
    return SCRIPTS / f"catalogue-{catalog.locale}.js"


def for_scripts(catalog: Catalog) -> str:
    """What the page's scripts say, as a module of theirs."""
    said = {forms(message)[0] for _, message in in_scripts()}
    texts = {
        forms(row.id)[0]: list(forms(row.string))
        for row in catalog
        if forms(row.id)[0] in said and is_translated(row)
    }
    lines = (
        f"  {json.dumps(name)}: {json.dumps(texts[name], ensure_ascii=False)},"
        for name in sorted(texts)
    )
    return "\n".join(
        [
            "// Made by `make messages` from the catalogue.",
            "globalThis.catalogue = {",
            *lines,
            "}\n",
        ]
    )


if __name__ == "__main__":
    django.setup()
    now = marked()
    for each in FILES:
        renew(each, now)
