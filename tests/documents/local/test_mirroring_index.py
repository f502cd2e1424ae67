"""However a folder is worked in, what is found of it is what a fresh ingest would find."""

import random
import shutil

import pytest

from documents.ingest import relabelling
from documents.models import Chunk, Content, Document, Term
from tests.documents.desk.test_uploading import inline  # noqa: F401
from tests.documents.local.test_mirroring import look, mirror

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("inline")]


class Hand:
    """Somebody who works in a folder without a plan.

    A chunk is told its file's name if that has letters. Of bytes that two files have it is the
    name of the older document, and which that is a fresh ingest cannot know: so either there are
    letters in the names, or there are copies.
    """

    def __init__(self, folder, seed, called):
        self.folder, self.random, self.written = folder, random.Random(seed), 0
        self.called, self.copies = called, not called

    def files(self):
        return sorted(path for path in self.folder.rglob("*") if path.is_file())

    def place(self):
        parts = [str(self.random.randrange(3)) for _ in range(self.random.randrange(3))]
        return self.folder.joinpath(*parts, f"{self.called}{self.random.randrange(40)}.md")

    def write(self, path):
        self.written += 1
        path.parent.mkdir(parents=True, exist_ok=True)
        subjects = [self.random.randrange(9) for _ in range(2)]
        parts = [f"# Part {n}\n\n" + f"Sentence about number {n}. " * 15 for n in subjects]
        path.write_text("\n\n".join([*parts, f"Written as number {self.written}."]))

    def work(self):
        files = self.files()
        source = self.random.choice(files)
        match self.random.choices(
            ["write", "edit", "move", "copy", "delete"], [3, 3, 3, self.copies, 2]
        )[0]:
            case "edit":
                self.write(source)
            case "move" if (target := self.place()) != source:
                target.parent.mkdir(parents=True, exist_ok=True)
                source.replace(target)  # over another one, if it is there
            case "copy" if (target := self.place()) != source:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
            case "delete" if len(files) > 6:
                source.unlink()
            case _:
                self.write(self.place())


def index_of(user):
    """All that is found of a person's documents, without the ids."""
    chunk = ("position", "page", "start", "end", "heading", "context", "text", "length", "words")
    documents = {}
    for document in Document.objects.for_user(user).select_related("current__content"):
        assert document.status == "ready", document.problem
        content = document.current.content
        rows = Chunk.objects.of_document(document)
        documents[document.name] = (
            (content.sha256, content.pages, content.title, content.kind),
            list(rows.values_list(*chunk, "text_hash")),
            [list(map(float, row.embedding)) for row in rows],
        )
    terms = Term.objects.filter(owner=user).filter(chunks__gt=0)
    contents = Content.objects.owned_by(user).values_list("sha256", flat=True)
    return documents, dict(terms.values_list("term", "chunks")), sorted(contents)


@pytest.mark.parametrize("called", ["", "harbour report "])
def test_after_a_hundred_changes_the_index_is_that_of_a_fresh_ingest(alice, bob, tmp_path, called):
    folder = tmp_path / "papers"
    hand = Hand(folder, 2, called)
    for _ in range(12):
        hand.write(hand.place())
    followed = mirror(alice, folder)
    look(followed)
    for change in range(100):
        hand.work()
        if change % 3 == 0:
            look(followed)
    look(followed)
    relabelling.embed_relabelled()  # as the sweeper has it done
    assert hand.written > 40
    look(mirror(bob, folder))
    documents, terms, contents = index_of(alice)
    assert (documents, terms, contents) == index_of(bob)
    assert sorted(documents) == [path.relative_to(folder).as_posix() for path in hand.files()]
