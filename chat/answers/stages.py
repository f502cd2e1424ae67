"""What followers are told of the time before a model's first word: loading it, reading the prompt."""

from functools import partial

from chat.answers import reading_time
from chat.record.draft import Draft
from localchat.lib.db_threads import threaded
from models_mgmt import engines
from models_mgmt.engines import Call


async def tell(draft: Draft, call: Call, tokens: int, kept: int, rate: float | None) -> None:
    """`tokens` of the prompt, `kept` of them by the engine, which reads `rate` of them a second.

    A model that is loaded now has kept nothing. Told once more when others have had the engine.
    """
    draft.line.begin = partial(tell, draft, call, tokens, kept, rate)
    if await threaded(engines.chatting(call.model).is_loaded)(call) is False:
        kept = 0
        left = await threaded(reading_time.of_loading)(draft.user, call.model)
        draft.progress("loading", 0, left)
    draft.progress("prompt", tokens - kept, reading_time.of_prompt(rate, tokens - kept))
