"""Notes of a filing about what its saved report does not hold."""

NO_READING = "note.reading-not-kept"
"""Texts and tables are not in it: `batch export` leaves them out, as older versions did."""
NO_RULES = "note.rules-not-kept"
"""It does not say which rules were asked for."""
NO_ANSWERS = "note.model-answers-missing"
"""The language model was asked and did not answer."""
