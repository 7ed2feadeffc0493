"""Bytes to text: UTF-8, UTF-16 and GB18030, with or without a mark that says so."""

import codecs
import re

from narrcheck.reading.errors import ReadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OPENINGS = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"%PDF-",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"RIFF",
    b"\x7fELF",
    b"MZ\x90",
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x1d-\x1f\x7f\ufffd]")
_SAMPLE = 65536
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_REPLACEMENT = "\ufffd".encode()
_SPOILT_SHARE = 100


def decode(data: bytes, path: str) -> str:
    """The text of a file. ReadError: empty-file, not-text (another kind of file), undecodable (no known encoding)."""
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise ReadError("empty-file", path=path)
    if data.startswith(_OPENINGS):
        raise ReadError("not-text", path=path)
    text = _decoded(data, path)
    sample = text[:_SAMPLE]
    if len(_CONTROL.findall(sample)) * 20 > len(sample):
        raise ReadError("not-text", path=path)
    if not text.strip():
        raise ReadError("empty-file", path=path)
    return text


def _decoded(data: bytes, path: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    unmarked = _unmarked_utf16(data)
    if unmarked:
        return data.decode(unmarked, "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            # A file cut off in the middle of a character is still read to its end.
            if error.end >= len(data) - 1 and error.start > len(data) - 5:
                return data[: error.start].decode(encoding)
    mended = _mended(data)
    if mended is not None:
        return mended
    raise ReadError("not-text" if b"\x00" in data[:_SAMPLE] else "undecodable", path=path)


def _mended(data: bytes) -> str | None:
    """The text where all but a few bytes are of one encoding, those replaced by U+FFFD; None where there are more."""
    if b"\x00" in data[:_SAMPLE]:
        return None
    best: tuple[int, str] | None = None
    for encoding in ("utf-8", "gb18030"):
        # A surrogate written in UTF-8 takes three bytes for one character: one mark stands for it.
        whole = _SURROGATE.sub(_REPLACEMENT, data) if encoding == "utf-8" else data
        text = whole.decode(encoding, "replace")
        spoilt = text.count("\ufffd")
        if best is None or spoilt < best[0]:
            best = (spoilt, text)
    assert best is not None
    return best[1] if best[0] * _SPOILT_SHARE <= len(best[1]) else None


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without its mark: line ends, tabs and digits then carry a zero byte, always on the same side."""
    sample = data[:_SAMPLE]
    if b"\x00" not in sample:
        return None
    zeros_first, zeros_second = sample[::2].count(0), sample[1::2].count(0)
    if zeros_second > 10 * zeros_first:
        encoding = "utf-16-le"
    elif zeros_first > 10 * zeros_second:
        encoding = "utf-16-be"
    else:
        return None
    try:
        text = sample[: len(sample) // 2 * 2].decode(encoding, "strict" if len(data) <= _SAMPLE else "replace")
    except UnicodeDecodeError:
        text = sample[: len(sample) // 2 * 2].decode(encoding, "replace")
    printable = sum(1 for char in text if char.isprintable() or char in "\r\n\t")
    return encoding if printable * 10 >= len(text) * 9 else None
