"""The commands behind the Makefile's verbs; nothing imports this room."""
