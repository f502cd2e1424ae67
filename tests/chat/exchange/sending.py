"""Files that come out of the program, and go into it."""

import json
from io import BytesIO

from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile


def export_of(client, url: str) -> bytes:
    response = client.get(url)
    assert response.status_code == 200, response.content
    if not response.streaming:
        return response.content

    async def whole() -> bytes:
        return b"".join([block async for block in response.streaming_content])

    found = async_to_sync(whole)()
    for close in response._resource_closers:  # without ending the request that has ended
        close()
    return found


def import_of(client, content, name: str = "conversations.json"):
    """What the API says of it; what is no bytes becomes JSON."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    file = SimpleUploadedFile(name, raw)
    return client.post("/api/conversations/import", {"file": file})


def bytes_of(content: bytes) -> BytesIO:
    return BytesIO(content)
