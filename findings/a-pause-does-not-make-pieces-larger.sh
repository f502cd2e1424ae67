#!/usr/bin/env bash
# A client of a stream that reads less often gets larger pieces by one library, and by another as
# many as before.
#
# One would expect a pause between two reads to save work: what has come meanwhile lies in one
# buffer, so that the next read gives all of it.
#
# What happens: httpx gives what the server has written as one HTTP chunk as one piece, also when a
# hundred of them have been waiting for a second; each piece goes through five asynchronous
# generators. A model server writes a chunk for every token, so a relay that reads seldom still
# pays for each token, and a pause between two reads only makes it fall behind: it gets one token
# for each pause. `readany()` of aiohttp gives everything that is there.
#
# Versions: httpx 0.28.1 with httpcore 1.0.9 and h11 0.16.0, aiohttp 3.14.5. Output seen, of a
# hundred chunks that were all there before the second read:
#
#     httpx    100 pieces
#     aiohttp  at most 2 pieces
#
# What to do: who reads many streams at once, and lets each wait a little to read more with one
# call, takes a client that gives what is buffered, or has to gather pieces by the clock.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room"
"$room/bin/pip" install -q httpx==0.28.1 httpcore==1.0.9 h11==0.16.0 aiohttp==3.14.5
"$room/bin/python" - <<'PYTHON'
import asyncio

import aiohttp
import httpx

CHUNKS = 100
HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BODY = b"".join(b"5\r\nword \r\n" for _ in range(CHUNKS)) + b"0\r\n\r\n"


async def answer(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    writer.write(HEAD + BODY)
    await writer.drain()
    writer.close()


async def by_httpx(url):
    async with httpx.AsyncClient(trust_env=False) as client, client.stream("GET", url) as response:
        await asyncio.sleep(1)
        return [piece async for piece in response.aiter_bytes()]


async def by_aiohttp(url):
    pieces = []
    async with aiohttp.ClientSession() as client, client.get(url) as response:
        await asyncio.sleep(1)
        while piece := await response.content.readany():
            pieces.append(piece)
    return pieces


async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = "http://127.0.0.1:%d/" % server.sockets[0].getsockname()[1]
    one, other = await by_httpx(url), await by_aiohttp(url)
    server.close()
    print("httpx   ", len(one), "pieces")
    print("aiohttp ", len(other), "pieces")
    assert b"".join(one) == b"".join(other) == b"word " * CHUNKS
    assert len(one) == CHUNKS
    assert len(other) <= 2


asyncio.run(main())
PYTHON
