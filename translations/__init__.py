"""Gathers the words that are translated; `make translations` brings them into each language's messages.po."""
