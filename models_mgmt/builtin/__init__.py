"""all-MiniLM-L6-v2 without an engine to install. Its weights are data, its engine is a child."""

MODEL = "all-minilm-l6-v2"
DIMENSIONS = 384
WINDOW = 256  # tokens, with the two special ones at its ends
ROOM = WINDOW - 2  # tokens of a text
