"""The words around a claim: its own without those it borrows, and the heading of its passage or sentence."""

import re

from narrcheck.wording import opening_topic

_SENTENCE = re.compile("[。；;]")
_HEADING_REACH = 400
_HEADING_LENGTH = 16


def own_words(subject: str) -> str:
    """A subject without the words that it borrows from a neighbour, which stand in brackets."""
    return subject.split("（", 1)[0] or subject


def heading(text: str, position: int) -> str:
    """The opening sentence of the passage around a position, where it is short (一是夯实基础。, (三)强化服务。)."""
    sentences = text[max(position - _HEADING_REACH, 0) : position].split("。")[:-1]
    short = [sentence for sentence in sentences if len(sentence) <= _HEADING_LENGTH]
    return short[-1] if short else ""


def topic(text: str, position: int) -> str:
    """What the sentence around a position says at its start that it is about (宣传方面，…); empty where it does not."""
    return opening_topic(_SENTENCE.split(text[max(position - _HEADING_REACH, 0) : position])[-1])
