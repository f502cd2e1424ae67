"""What is said of documents as such, in the active language."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext

from documents.finding.inventory import Entry
from documents.tables import wording
from documents.tables.wording import number
from documents.text.markdown_escape import literal


def none() -> str:
    return gettext("There are no such documents.")


def documents(count: int) -> str:
    return ngettext("**{}** document", "**{}** documents", count).format(number(count))


def collections(count: int) -> str:
    return ngettext("**{}** collection:", "**{}** collections:", count).format(number(count))


def failed(count: int) -> str:
    text = ngettext("**{}** document failed", "**{}** documents failed", count)
    return text.format(number(count))


def live(count: int) -> str:
    text = ngettext("**{}** document is being read", "**{}** documents are being read", count)
    return text.format(number(count))


def none_failed() -> str:
    return gettext("None failed.")


def none_live() -> str:
    return gettext("None is being read now.")


def line(entry: Entry) -> str:
    facts = [literal(entry.collection), gettext("added {}").format(_day(entry))]
    if entry.pages:
        pages = ngettext("{} page", "{} pages", entry.pages)
        facts.insert(1, pages.format(number(entry.pages)))
    return f"{literal(entry.name)} ({', '.join(facts)})"


def _day(entry: Entry) -> str:
    return wording.day(timezone.localtime(entry.added))


def states(found: Sequence[Entry]) -> str:
    counts = {
        pgettext("documents", "ready"): sum(each.status == "ready" for each in found),
        pgettext("documents", "being read"): sum(each.is_live for each in found),
        pgettext("documents", "failed"): sum(each.status == "failed" for each in found),
    }
    return ", ".join(f"{number(count)} {state}" for state, count in counts.items() if count)


def newest(entry: Entry) -> str:
    return gettext("The newest is {}.").format(line(entry))


def oldest(entry: Entry) -> str:
    return gettext("The oldest is {}.").format(line(entry))


def longest(entry: Entry) -> str:
    return gettext("The longest is {}.").format(line(entry))


def since(entry: Entry) -> str:
    return gettext("Since {}, when {} was added.").format(_day(entry), literal(entry.name))


def pages(count: int, among: int) -> str:
    return gettext("{} in {} with pages.").format(_pages(count), documents(among))


def pages_of(entry: Entry) -> str:
    pages = _pages(entry.pages) if entry.pages else gettext("no pages")
    return f"{literal(entry.name)}: {pages}"


def _pages(count: int) -> str:
    return ngettext("**{}** page", "**{}** pages", count).format(number(count))
