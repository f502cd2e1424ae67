"""Brings the catalogues up to the code: `make messages`, before and after they are translated."""

from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from localchat.lib.language import FLUENT

HOME = Path(__file__).parent.parent
FILES = sorted((HOME / "localchat" / "locale").glob("*/LC_MESSAGES/django.po"))
KEYWORDS = DEFAULT_KEYWORDS | {"gettext_lazy": None, "pgettext_lazy": ((1, "c"), 2)}


def marked() -> Catalog:
    """What the code marks, not translated."""
    catalog = Catalog()
    for app in ("chat", "documents", "localchat", "models_mgmt"):
        found = extract_from_dir(HOME / app, [("**.py", "python")], keywords=KEYWORDS)
        for path, _, message, _, context in found:
            catalog.add(message, locations=[(f"{app}/{path}", 0)], context=context)
    return catalog


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


if __name__ == "__main__":
    for each in FILES:
        renew(each, marked())
