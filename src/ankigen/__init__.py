"""Compile files of terms and example sentences into Anki decks with spoken audio."""

__version__ = "0.1.0"
