"""Where the built-in embedding models' processes are; whoever needs one first starts it."""

import logging

from models_mgmt import builtin
from models_mgmt.builtin import weights
from models_mgmt.builtin.children import Child, Door

logger = logging.getLogger(__name__)

CHILD = Child("engine", start_seconds=30.0)  # of the usual model
CHILDREN = {
    name: CHILD if name == builtin.MODEL else Child(f"engine-{name}", start_seconds=30.0)
    for name in builtin.MODELS
}


def ensure(model: str = builtin.MODEL) -> Door:
    """The model's door, its process started if need be. Raises WeightsMissing."""
    child = CHILDREN[model]
    if door := child.found():
        return door
    if not weights.present(model):
        raise weights.WeightsMissing()
    with child.locked():
        return child.found() or _started(child, model)


def another(door: Door, model: str = builtin.MODEL) -> Door:
    """A new engine in place of the one behind `door`, which died or hangs."""
    logger.warning("the built-in engine (process %d) did not answer; starting another", door.pid)
    CHILDREN[model].end(door)
    return ensure(model)


def stop() -> None:
    for child in CHILDREN.values():
        if door := child.found():
            child.end(door)


def _started(child: Child, model: str) -> Door:
    env = {"TOKENIZERS_PARALLELISM": "false", "OMP_NUM_THREADS": "1"}
    return child.started("models_mgmt.builtin.server", [str(weights.folder(model))], env)
