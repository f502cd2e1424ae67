"""What is said of documents as such, in English and German."""

from collections.abc import Sequence

from django.utils import timezone

from documents.finding.inventory import Entry
from documents.tables.wording import Wording, escaped


class English:
    german = False

    def __init__(self) -> None:
        self.number = Wording("german" if self.german else "english").number

    def many(self, count: int, one: str = "document") -> str:
        return f"**{self.number(count)}** {one}{'s' * (count != 1)}"

    def none(self) -> str:
        return "There are no such documents."

    def day(self, entry: Entry) -> str:
        return f"{timezone.localtime(entry.added):%Y-%m-%d}"

    def line(self, entry: Entry) -> str:
        facts = [escaped(entry.collection), f"added {self.day(entry)}"]
        if entry.pages:
            facts.insert(1, f"{entry.pages:,} page{'s' * (entry.pages != 1)}")
        return f"{escaped(entry.name)} ({', '.join(facts)})"

    def more(self, count: int) -> str:
        return f"… and {self.number(count)} more"

    def states(self, found: Sequence[Entry]) -> str:
        counts = {
            "ready": sum(each.status == "ready" for each in found),
            "being read": sum(each.is_live for each in found),
            "failed": sum(each.status == "failed" for each in found),
        }
        return ", ".join(f"{count:,} {state}" for state, count in counts.items() if count)

    def newest(self, entry: Entry) -> str:
        return f"The newest is {self.line(entry)}."

    def oldest(self, entry: Entry) -> str:
        return f"The oldest is {self.line(entry)}."

    def longest(self, entry: Entry) -> str:
        return f"The longest is {self.line(entry)}."

    def since(self, entry: Entry) -> str:
        return f"Since {self.day(entry)}, when {escaped(entry.name)} was added."

    def pages(self, count: int, documents: int) -> str:
        return f"{self.many(count, 'page')} in {self.many(documents)} with pages."

    def pages_of(self, entry: Entry) -> str:
        name = escaped(entry.name)
        return f"{name}: {self.many(entry.pages, 'page')}" if entry.pages else f"{name}: no pages"

    def failed(self, count: int) -> str:
        return f"{self.many(count)} failed"

    def live(self, count: int) -> str:
        return f"{self.many(count)} {'is' if count == 1 else 'are'} being read"

    def fine(self, state: str) -> str:
        return "None failed." if state == "failed" else "None is being read now."

    def collections(self, count: int) -> str:
        return f"{self.many(count, 'collection')}:"


class German(English):
    german = True

    def many(self, count: int, one: str = "Dokument") -> str:
        one = {"page": "Seite", "document": "Dokument", "collection": "Sammlung"}.get(one, one)
        ending = {"Seite": "n", "Dokument": "e", "Sammlung": "en"}[one]
        return f"**{self.number(count)}** {one}{ending * (count != 1)}"

    def none(self) -> str:
        return "Solche Dokumente gibt es nicht."

    def day(self, entry: Entry) -> str:
        return f"{timezone.localtime(entry.added):%d.%m.%Y}"

    def line(self, entry: Entry) -> str:
        facts = [escaped(entry.collection), f"hinzugefügt am {self.day(entry)}"]
        if entry.pages:
            facts.insert(1, f"{self.number(entry.pages)} Seite{'n' * (entry.pages != 1)}")
        return f"{escaped(entry.name)} ({', '.join(facts)})"

    def more(self, count: int) -> str:
        return f"… und {self.number(count)} weitere"

    def states(self, found: Sequence[Entry]) -> str:
        said = {"ready": "fertig", "being read": "in Arbeit", "failed": "fehlgeschlagen"}
        text = super().states(found)
        for english, german in said.items():
            text = text.replace(english, german)
        return text

    def newest(self, entry: Entry) -> str:
        return f"Das neueste ist {self.line(entry)}."

    def oldest(self, entry: Entry) -> str:
        return f"Das älteste ist {self.line(entry)}."

    def longest(self, entry: Entry) -> str:
        return f"Das längste ist {self.line(entry)}."

    def since(self, entry: Entry) -> str:
        return f"Seit dem {self.day(entry)}: Da wurde {escaped(entry.name)} hinzugefügt."

    def pages(self, count: int, documents: int) -> str:
        return f"{self.many(count, 'page')} in {self.many(documents)} mit Seiten."

    def pages_of(self, entry: Entry) -> str:
        name = escaped(entry.name)
        return (
            f"{name}: {self.many(entry.pages, 'page')}" if entry.pages else f"{name}: keine Seiten"
        )

    def failed(self, count: int) -> str:
        return f"{self.many(count)} fehlgeschlagen"

    def live(self, count: int) -> str:
        return f"{self.many(count)} in Arbeit"

    def fine(self, state: str) -> str:
        return "Keines ist fehlgeschlagen." if state == "failed" else "Gerade wird keines gelesen."

    def collections(self, count: int) -> str:
        return f"{self.many(count, 'collection')}:"
