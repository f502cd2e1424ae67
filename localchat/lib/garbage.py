"""The collector of garbage, in processes that stay."""

import gc


def spare() -> None:
    """What has been loaded stays: it need not be looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)  # the objects of a request or a file come and go by thousands
