"""GGUF files of this machine, and the process of ours in which llama.cpp runs one of them."""

NAME = "llamacpp"
