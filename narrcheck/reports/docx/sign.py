"""Who wrote a letter and who saved it last: so narrcheck knows its own, and those that nobody has changed since."""

from docx.document import Document as Paper
from lxml import etree

from narrcheck.reading.package import AUTHOR

_LAST = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}lastModifiedBy"


def sign(paper: Paper) -> None:
    """Name narrcheck as both. The second goes past python-docx, for which docxcompose gives the prefix cp another
    meaning."""
    properties = paper.core_properties
    properties.author = AUTHOR
    root = properties._element
    found = root.find(_LAST)
    (etree.SubElement(root, _LAST) if found is None else found).text = AUTHOR
