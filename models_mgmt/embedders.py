"""Which embedding models there are to choose from, and whether one is still what it was."""

from localchat.lib.errors import BadRequest, ModelMissing
from localchat.lib.sentences import Sentence
from models_mgmt import builtin, choosing
from models_mgmt.builtin import weights
from models_mgmt.choosing import USUAL_WINDOW, Embedder
from models_mgmt.engines import Model


def installed() -> list[Model]:
    """Every embedding model of the engines that answer, in the order of preference."""
    return [each for each in choosing.installed().models if "embedding" in each.capabilities]


def named(name: str) -> Embedder:
    """Raises ModelMissing, EngineUnreachable, BadRequest where it does not embed."""
    if name in builtin.MODELS and not weights.present(name):
        raise ModelMissing(
            Sentence(
                "The weights of %(name)s are not here. Run: python manage.py models --fetch-builtin"
                " %(name)s",
                name=name,
            )
        )
    model = choosing.installed_model(name)
    if "embedding" not in model.capabilities:
        raise BadRequest(
            Sentence("%(name)s does not make vectors. Choose another model.", name=model.name)
        )
    known = builtin.MODELS.get(model.name) if model.engine == "builtin" else None
    dimensions = known.dimensions if known else 0
    return Embedder(
        model.engine, model.name, model.digest, dimensions, model.window or USUAL_WINDOW
    )


def has_changed(engine: str, name: str, digest: str) -> bool:
    """Whether the name means another model by now; by what the engine has told lately."""
    if not digest:
        return False
    told = {each.name: each.digest for each in choosing.told_lately(engine)}
    return bool(told.get(name)) and told[name] != digest
