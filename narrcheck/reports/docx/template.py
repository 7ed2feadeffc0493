"""One Word template: opened with care, rendered a letter at a time, its faults told to whoever wrote it."""

import re
from dataclasses import fields, is_dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

from docx import Document
from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from lxml import etree

from narrcheck import data
from narrcheck.reading.errors import ReadError
from narrcheck.reading.limits import ReadingLimits
from narrcheck.reading.package import Package
from narrcheck.reports.docx.errors import LetterError
from narrcheck.reports.docx.facts import Letter
from narrcheck.reports.docx.sandbox import NoText, Sandbox, TooMuch, UnknownName
from narrcheck.reports.docx.sign import sign
from narrcheck.reports.docx.whole import mend, paragraphs
from narrcheck.reports.wording import shortened, shown

_ZIP = b"PK\x03\x04"
_FOLDER = "letters"
_PARAGRAPH = 80
_MARKUP = re.compile(r"<[^>]*>")
_TRACKED = re.compile(
    rb"<w:(?:ins|del|moveFrom|moveTo|cellIns|cellDel|cellMerge|(?:r|p|tbl|tblGrid|tr|tc|sect)PrChange)[ />]"
)
_WRITTEN = re.compile(r"word/(?:document|header|footer|footnotes|endnotes)\d*\.xml$")
"""The parts of a document that hold what people write."""
_LEFT_OVER = re.compile(r"[{｛]\s*[{｛%％]|[}｝%％]\s*[}｝]|[{｛]\s*[A-Za-z_.]+\s*[}｝]")
"""Tags that were not taken for tags."""
_RENDERED = "<template>"
"""What Jinja calls the source of a template in tracebacks."""
_NAMES = tuple(field.name for field in fields(Letter))


def default(lang: str) -> bytes:
    """The template that is given, in a language."""
    return (Path(data.__file__).parent / _FOLDER / f"letter.{lang}.docx").read_bytes()


class _Word(DocxTemplate):  # type: ignore[misc]
    """docxtpl, which otherwise would leave out in silence what does not fit together."""

    def fix_tables(self, xml: str) -> Any:
        """The document's tree. XMLSyntaxError where the tags of the template tear it."""
        etree.fromstring(xml.encode(), etree.XMLParser(huge_tree=True))
        return super().fix_tables(xml)


class Template:
    """A template, `path` None being the one that is given. LetterError: letter.unreadable, letter.not-docx,
    letter.damaged, letter.tracked."""

    def __init__(self, path: Path | None, lang: str) -> None:
        self.path = path
        self._data = default(lang) if path is None else _checked(path)
        self._sandbox = Sandbox()

    def letter(self, facts: Letter) -> bytes:
        """The letter as a document. LetterError: letter.syntax, letter.unknown, letter.unsafe, letter.no-text,
        letter.structure, letter.too-much, letter.failed."""
        word = _Word(BytesIO(self._data))
        self._sandbox.start(len(facts.comments))
        try:
            word.render({name: getattr(facts, name) for name in _NAMES}, self._sandbox)
        except Exception as error:
            if self.path is None:  # a fault of ours
                raise
            self._refuse(error)
        mend(word.docx)
        sign(word.docx)
        out = BytesIO()
        word.docx.save(out)
        return out.getvalue()

    def check_left(self, letter: bytes) -> None:
        """That no tag is left in a letter about made-up facts, which hold none. LetterError: letter.left."""
        left = next((text for text in paragraphs(Document(BytesIO(letter))) if _LEFT_OVER.search(text)), None)
        if left is not None:
            raise LetterError("letter.left", shortened(shown(left), _PARAGRAPH), path=self.path)

    def check_names(self) -> None:
        """That the template names something, and nothing that no letter has, also where no made-up letter led.

        LetterError: letter.no-names, letter.unknown.
        """
        named = self._named
        unknown = sorted(named - set(_NAMES))
        if unknown:
            raise LetterError("letter.unknown", path=self.path, name=unknown[0], known=", ".join(_NAMES))
        if not named:
            raise LetterError("letter.no-names", path=self.path, known=", ".join(_NAMES))

    @cached_property
    def _named(self) -> set[str]:
        """The names that the body, the headers and the footers use and do not set."""
        word = DocxTemplate(BytesIO(self._data))
        found: set[str] = word.get_undeclared_template_variables(self._sandbox)
        return found - set(self._sandbox.globals)

    def _refuse(self, error: Exception) -> NoReturn:
        """The error in the words of whoever wrote the template."""
        at, facts = self._paragraph(_line(error)), {"path": str(self.path)}
        if isinstance(error, UnknownName):
            known = ", ".join(_known(error.owner))
            raise LetterError("letter.unknown", at, **facts, name=shown(error.name), known=known) from None
        key = "letter.failed"
        if isinstance(error, TemplateSyntaxError):
            key = "letter.syntax"
        elif isinstance(error, SecurityError):
            key = "letter.unsafe"
        elif isinstance(error, NoText):
            key = "letter.no-text"
        elif isinstance(error, (TooMuch, OverflowError, MemoryError, RecursionError)):
            key = "letter.too-much"
        elif isinstance(error, etree.XMLSyntaxError):
            key, at = "letter.structure", ""
        detail = getattr(error, "message", None) or str(error) or type(error).__name__
        raise LetterError(key, at, **facts, detail=shortened(shown(str(detail)), 200)) from None

    def _paragraph(self, line: int | None) -> str:
        """The text of the paragraph that stands on this line of the source, where docxtpl puts each on its own."""
        lines = self._sandbox.source.splitlines()
        if line is None or not 0 < line <= len(lines):
            return ""
        return shortened(shown(_MARKUP.sub("", lines[line - 1])), _PARAGRAPH)


def _checked(path: Path) -> bytes:
    """The bytes of a file that Word documents are made of."""
    try:
        found = path.read_bytes()
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise LetterError("letter.unreadable", path=str(path), detail=detail) from None
    if not found.startswith(_ZIP):
        raise LetterError("letter.not-docx", path=str(path))
    try:
        package = Package(found, str(path), ReadingLimits())
        package.check_declared()
    except ReadError as error:
        raise LetterError("letter.damaged", path=str(path), detail=error.code) from None
    try:
        Document(BytesIO(found))
    except Exception as error:
        if isinstance(error, ValueError) and "not a Word file" in str(error):
            raise LetterError("letter.not-docx", path=str(path)) from None
        detail = shortened(shown(str(error)), 200) or type(error).__name__
        raise LetterError("letter.damaged", path=str(path), detail=detail) from None
    written = filter(_WRITTEN.match, package.names)
    if any(_TRACKED.search(package.file.read(part)) for part in written):
        raise LetterError("letter.tracked", path=str(path))
    return found


def _line(error: Exception) -> int | None:
    """The line of the template's source that an error is about."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    found, step = None, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == _RENDERED:
            found = step.tb_lineno
        step = step.tb_next
    return found


def _known(owner: object) -> tuple[str, ...]:
    """The names that the owner of an unknown one has."""
    return tuple(field.name for field in fields(owner)) if is_dataclass(owner) else _NAMES
