"""Hugging Face, or a mirror of it: searched, looked at, read in parts. The only room, beside the
server, that knows the network. Nothing is asked before somebody calls a function here."""
