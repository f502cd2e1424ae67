"""A pull from the registry, its steps as every engine tells them."""

from typing import Self

from models_mgmt.engines.protocol import PullStep
from models_mgmt.llamacpp.pulling import RegistryPull


class LlamacppPull:
    """`close` may be called from any thread."""

    def __init__(self, model: str) -> None:
        self.work = RegistryPull(model)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> PullStep:
        step = next(self.work)
        if step.layer is None:
            return PullStep(step.status, raw={"status": step.status})
        facts = {"digest": step.layer.digest, "completed": step.done, "total": step.layer.size}
        return PullStep(
            step.status,
            step.layer.digest,
            step.done,
            step.layer.size,
            {"status": step.status, **facts},
        )

    def close(self) -> None:
        self.work.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.work.__exit__()
