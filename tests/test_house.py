"""What linters do not know about the house."""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

HOME = Path(__file__).parent.parent
APPS = ("localchat", "chat", "documents", "models_mgmt")
OURS = [
    path for app in APPS for path in (HOME / app).rglob("*.py") if "migrations" not in path.parts
]
SHOWN = [
    path
    for folder in ("localchat/static", "templates", "tests")
    for path in (HOME / folder).rglob("*")
    if path.suffix in {".js", ".css", ".html", ".py"}
]


def test_no_file_is_longer_than_300_lines():
    long = [str(p.relative_to(HOME)) for p in OURS + SHOWN if p.read_text().count("\n") > 300]
    assert long == []


def test_no_folder_has_more_than_24_modules():
    modules = Counter(path.parent for path in OURS if path.name != "__init__.py")
    assert {folder: count for folder, count in modules.items() if count > 24} == {}


def test_a_function_says_what_it_gives():
    """A stranger who reads `read(x)` or `told(x)` knows nothing of it."""
    bare = {"read", "shown", "told", "made", "said"}
    found = [
        f"{path.relative_to(HOME)}: {each.name}"
        for path in OURS
        for each in ast.parse(path.read_text()).body
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.name.strip("_") in bare
    ]
    assert found == []


def test_the_plan_of_the_house_names_only_what_is_there():
    plan = (HOME / "docs/house.md").read_text()
    named = set(re.findall(r"`([a-z_]+/[a-z_/]+\.py)`", plan))
    assert len(named) > 20
    assert {name for name in named if not (HOME / name).is_file()} == set()


def test_only_the_environment_module_reads_the_environment():
    """But for the programs that begin without Django: they make the environment of children."""
    apart = ("localchat/embedded/", "localchat/lib/environment.py")
    found = [
        f"{path.relative_to(HOME)}: {line.strip()}"
        for path in OURS
        if not str(path.relative_to(HOME)).startswith(apart)
        for line in path.read_text().splitlines()
        if re.search(r"os\.getenv|os\.environ(\.get|\[)", line)
    ]
    assert found == []


def test_every_setting_is_in_the_example():
    code = "".join(
        (HOME / name).read_text()
        for name in ("localchat/settings.py", "localchat/lib/environment.py")
    )
    names = set(re.findall(r'(?:text|number|flag|server_url)\(\s*"([A-Z_]+)"', code))
    example = (HOME / ".env.example").read_text()
    internal = {"LOCALCHAT_RUN", "LOCALCHAT_OWNER_UID", "LOCALCHAT_STANDALONE", "LOCALCHAT_WEIGHTS"}
    missing = {name for name in names - internal - {"XDG_DATA_HOME"} if name not in example}
    assert missing == set()


def test_the_web_process_loads_no_inference_and_no_reader(tmp_path):
    code = (
        "import sys, localchat.asgi\n"
        "heavy = {'ctranslate2', 'xllamacpp', 'pypdf', 'pypdfium2', 'docx', 'torch'} & set(sys.modules)\n"
        "print(sorted(heavy)); sys.exit(bool(heavy))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=HOME, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr[-1000:]


def test_no_page_names_another_origin():
    found = [
        f"{path.name}: {url}"
        for path in SHOWN
        if "tests" not in path.parts
        for url in re.findall(r"https?://[^\s\"'<>)]+", path.read_text())
        if "w3.org" not in url and "127.0.0.1" not in url and "localhost" not in url
    ]
    assert found == []


def test_no_text_of_people_goes_into_logs():
    """Log calls name ids, counts and kinds; never a text, a question, a name of a file."""
    calls = [
        f"{path.name}: {call}"
        for path in OURS
        for call in re.findall(r"logger\.\w+\((?:[^()]|\([^()]*\))*\)", path.read_text())
        if re.search(r"\.(text|question|name|filename|title|content)\b", call)
    ]
    assert calls == []
