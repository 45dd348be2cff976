"""XML reports: what is written is well-formed whatever the audited files hold.

ElementTree escapes markup but writes the characters that XML forbids; these are made visible first.
"""

from __future__ import annotations

from typing import TextIO
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from glance_audit.report.escape import visible

__all__ = ["Element", "body", "child", "root", "write_document"]


def root(name: str, /, **attributes: object) -> Element:
    """Return the element of a document."""
    return Element(name, _shown(attributes))


def child(parent: Element, name: str, /, **attributes: object) -> Element:
    """Add an element; an attribute that is None is left out."""
    return SubElement(parent, name, _shown(attributes))


def body(element: Element, lines: list[str]) -> None:
    """Give an element its text."""
    element.text = "\n".join(visible(line) for line in lines)


def write_document(element: Element, stream: TextIO) -> None:
    """Write a document in ASCII, which every encoding of standard output can express."""
    indent(element)
    text = tostring(element, encoding="us-ascii", xml_declaration=False).decode("ascii")
    stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n')


def _shown(attributes: dict[str, object]) -> dict[str, str]:
    return {name: visible(str(value)) for name, value in attributes.items() if value is not None}
