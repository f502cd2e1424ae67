"""What a GGUF file says of itself, read from its head alone. The weights are never touched here."""
