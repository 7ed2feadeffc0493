"""XML from files nobody vouches for: parsed without entities, external references or network."""

from typing import TYPE_CHECKING, Any

from narrcheck.reading.errors import ReadError

if TYPE_CHECKING:
    from lxml.etree import _Element


def parse_xml(data: bytes, path: str) -> "_Element":
    """The root element. ReadError: unsafe-xml (a document type, which office formats never have), damaged."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise ReadError("damaged", path=path) from None
    if root is None:
        raise ReadError("damaged", path=path)
    about: Any = root.getroottree().docinfo
    if about.doctype:
        raise ReadError("unsafe-xml", path=path)
    return root
