# make run starts LocalChat; make test and make check are what a change has to pass.

PYTHON ?=
V = .venv/bin/python

.PHONY: run service model ocr mcp test faults bench fuzz messages lock licences check program-installed tests-installed

run: program-installed
	@$(V) manage.py models --fetch-builtin || { [ $$? = 3 ] && echo "Going on without them: documents are found by words only."; }
	@exec $(V) manage.py up

# A unit of systemd, by which it starts with the machine.
service: program-installed
	@$(V) -m localchat.embedded.systemd

# A small chat model, for trying out: 98 MB into the data folder.
model: program-installed
	@$(V) manage.py models --fetch-chat

# Text recognition for scans and pictures, where Tesseract is not installed or not enough.
ocr:
	@$(call INSTALL,ocr)

# The MCP server, by which other assistants may use the documents.
mcp:
	@$(call INSTALL,mcp)

test: tests-installed
	@$(V) manage.py models --fetch-builtin || { [ $$? = 3 ] && echo "Going on without them: some tests are skipped."; }
	@$(V) manage.py models --fetch-chat || { [ $$? = 3 ] && echo "Going on without it: some tests are skipped."; }
	@$(V) -m pytest -n auto

faults: tests-installed
	@$(V) manage.py models --fetch-builtin || { [ $$? = 3 ] && echo "Going on without them: some tests are skipped."; }
	@$(V) -m pytest -m fault -s

bench: tests-installed
	@$(V) manage.py models --fetch-builtin || true
	@$(V) -m pytest -m benchmark -s tests/benchmarks

# Anything is sent to the readers, the API and the websocket: seconds of each of the three.
FUZZ_SECONDS ?= 170

fuzz: tests-installed
	@DJANGO_SETTINGS_MODULE=localchat.settings $(V) -m tests.fuzz --seconds $(FUZZ_SECONDS)
	@$(V) -m pytest -n 0 -m fuzz tests/fuzzing --fuzz-seconds=$(FUZZ_SECONDS)

# What the code says into the catalogues, and these to where Django reads them.
messages: tests-installed
	@DJANGO_SETTINGS_MODULE=localchat.settings $(V) -m tests.messages

# The hashes of all packages, after a list of them was changed; needs uv.
lock:
	@$(V) -m tests.locks

# Under which licences they are.
licences: tests-installed
	@$(V) -m tests.licences

check: tests-installed
	$(V) -m ruff format --check .
	$(V) -m ruff check .
	$(V) -m mypy .
	.venv/bin/lint-imports
	$(V) manage.py makemigrations --check --dry-run
	$(V) manage.py check --deploy --fail-level WARNING
	$(V) -m tests.licences --check

# The first Python from 3.11 to 3.13 makes .venv; once that is complete this takes a moment.
INSTALL = for python in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& exec "$$python" localchat/embedded/install.py $(1); done; \
	echo "LocalChat needs Python 3.11, 3.12 or 3.13 (Debian: apt install python3 python3-venv)."; exit 1

program-installed:
	@$(call INSTALL,program)

tests-installed:
	@$(call INSTALL,tests)
