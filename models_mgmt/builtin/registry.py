"""Where the built-in embedding model's process is; whoever needs it first starts it."""

import logging

from models_mgmt.builtin import weights
from models_mgmt.builtin.children import Child, Door

logger = logging.getLogger(__name__)

CHILD = Child("engine", start_seconds=30.0)


def ensure() -> Door:
    """The engine's door, started if need be. Raises WeightsMissing."""
    if door := CHILD.found():
        return door
    if not weights.present():
        raise weights.WeightsMissing()
    with CHILD.locked():
        return CHILD.found() or _started()


def another(door: Door) -> Door:
    """A new engine in place of the one behind `door`, which died or hangs."""
    logger.warning("the built-in engine (process %d) did not answer; starting another", door.pid)
    CHILD.end(door)
    return ensure()


def stop() -> None:
    if door := CHILD.found():
        CHILD.end(door)


def _started() -> Door:
    env = {"TOKENIZERS_PARALLELISM": "false", "OMP_NUM_THREADS": "1"}
    return CHILD.started("models_mgmt.builtin.server", [str(weights.folder())], env)
