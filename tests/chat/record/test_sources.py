"""Numbers in an answer open the very passage, or are text; whatever becomes of the document."""

import asyncio
import re
from html import unescape
from io import BytesIO

import pypdfium2 as pdfium
import pytest
from channels.db import database_sync_to_async
from django.urls import reverse

from chat import answering, asking
from chat.models import Message, Source
from documents.desk import deleting, uploading
from documents.files import originals
from documents.ingest import ingesting
from documents.models import Document
from tests import files
from tests.factories import make_index

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("data_folder", "closed_hub"),
]

DREDGED = "The harbour was dredged in the spring of 1987 by a company from abroad."
KEPT = "The lighthouse of the harbour was kept by Margarethe until it was closed."
PAGES = [f"Preface to the harbour.\n{DREDGED}", f"On the harbour's light.\n{KEPT}"]
ANSWER = """\
Dredged in 1987 [1], kept by her [2]. Not so: [9] [0]. Both [1, 2].

**Bold [1]** and **bold [9]**

| what | from |
|---|---|
| dredged | [2] |
| never | [9] |

Code: `row[1]` and

```python
x = a[1] + b[2] + c[0]
```
"""


def read(user, pages, name="harbour.pdf"):
    make_index(engine="ollama", name="tiny-embed:latest")
    body = BytesIO(files.pdf(*pages))
    document = uploading.accept_named(body, name=name, by=user, collection="").document
    ingesting.ingest(Document.objects.claim(document.pk))
    document.refresh_from_db()
    assert document.status == "ready"
    return document


@pytest.fixture
async def cited(alice, engine_server):
    """The answer, and its document."""
    document = await database_sync_to_async(read)(alice, PAGES)
    engine_server.script(answer=ANSWER)
    answer = await asking.ask(alice, "What of the harbour?", wish=asking.Wish())
    await asyncio.wait_for(answering.finished(), 20)
    row = await database_sync_to_async(Message.objects.get)(pk=answer.pk)
    assert row.status == "done", row.problem
    return row, document


def shown(client, answer) -> str:
    """The text of the answer as HTML."""
    page = client.get(reverse("message", args=[answer.pk])).content.decode()
    return re.search(r'answer__text">(.*?)</div>\s*<div class="answer__end', page, re.DOTALL)[1]


def links(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'<a[^>]*data-n="(\d+)"', html)]


def source(client, answer, number) -> str:
    address = reverse("source", args=[answer.pk, number])
    return unescape(client.get(address, headers={"X-Fragment": "1"}).content.decode())


def under_the_mark(fragment: str, stored) -> tuple[int, str]:
    """The page that is shown, and what its text layer has where the mark is."""
    page = int(re.search(r'alt="Page (\d+), with this passage marked', fragment)[1])
    mark = re.search(r'data-mark="([^"]*)"', fragment)[1].split()
    left, top, right, bottom = map(float, mark)
    with pdfium.PdfDocument(originals.path(stored).read_bytes()) as book:
        width, height = book[page - 1].get_size()
        text = book[page - 1].get_textpage().get_text_bounded(
            left=left * width - 2,
            right=right * width + 2,
            top=height - top * height + 2,
            bottom=height - bottom * height - 2,
        )  # fmt: skip
    return page, " ".join(text.split())


def check(client, answer, stored) -> None:
    html = shown(client, answer)
    assert links(html) == [1, 2, 1, 2, 1, 2]
    for plain in ("[9] [0]", "<strong>bold [9]</strong>", "<td>[9]</td>", "<code>row[1]</code>"):
        assert plain in html
    code = re.sub(r"<[^>]+>", "", re.search(r"<pre.*?</pre>", html, re.DOTALL)[0])
    assert unescape(code).strip() == "x = a[1] + b[2] + c[0]"
    for row in Source.objects.filter(message=answer):
        page, text = under_the_mark(source(client, answer, row.number), stored)
        assert page == row.page
        assert " ".join(row.text.split()) in text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("then", ["nothing", "renamed", "read anew"])
async def test_each_number_opens_its_passage_whatever_becomes_of_the_file(
    alice, alice_client, cited, then
):
    answer, document = cited
    stored = await database_sync_to_async(lambda: document.current.content.stored)()
    await database_sync_to_async(check)(alice_client, answer, stored)
    if then == "renamed":
        rows = Document.objects.filter(pk=document.pk)
        await database_sync_to_async(rows.update)(name="port.pdf")
    if then == "read anew":
        await database_sync_to_async(read)(alice, ["All is new here.", *PAGES])
    await database_sync_to_async(check)(alice_client, answer, stored)
    told = (await database_sync_to_async(alice_client.get)(f"/api/messages/{answer.pk}")).json()
    changed = {each["change"] for each in told["stale"]}
    assert changed == ({"changed"} if then == "read anew" else set())


async def test_a_deleted_document_is_said_to_be(alice, alice_client, cited):
    answer, document = cited
    await database_sync_to_async(deleting.delete)(document)
    get = database_sync_to_async(alice_client.get)
    html = await database_sync_to_async(shown)(alice_client, answer)
    assert links(html) == [1, 2, 1, 2, 1, 2]
    panel = await database_sync_to_async(source)(alice_client, answer, 1)
    assert "A deleted document" in panel
    assert "1987" not in panel
    told = (await get(f"/api/messages/{answer.pk}")).json()
    assert [each["change"] for each in told["stale"]] == ["gone"]
    page = (await get(reverse("message", args=[answer.pk]))).content.decode()
    assert "has been deleted since" in page


async def test_an_answer_from_an_older_version_says_so_and_offers_to_ask_again(
    alice, alice_client, cited
):
    answer, _ = cited
    get = database_sync_to_async(alice_client.get)
    address = reverse("message", args=[answer.pk])
    assert "has changed since" not in (await get(address)).content.decode()
    await database_sync_to_async(read)(alice, ["All is new here.", *PAGES])
    page = (await get(address)).content.decode()
    assert page.count("harbour.pdf has changed since this answer was written.") == 1
    assert re.search(r'<button class="button"[^>]*>Ask again</button>', page)
    assert "From an earlier version" in await database_sync_to_async(source)(
        alice_client, answer, 1
    )
