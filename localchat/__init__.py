"""LocalChat. What is new in each version: docs/changelog.md."""

VERSION = "0.1.0"
