"""XML as uWSGI reads it with libxml2: the children of one ``<uwsgi>`` (core/xmlconf.c).

expat does the parsing, guarded by defusedxml: a document type, and so every entity of its own, is
refused here, whatever libxml2 would make of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers.expat import ExpatError

from glance_audit.uwsgi.record import Record, Section, Span, record, refused, stopped
from glance_audit.uwsgi.text import ConfigText

_ROOT = "uwsgi"
_TEXT, _ELEMENT, _CDATA, _OTHER = "text", "element", "cdata", "other"
_NAME = re.compile(r"[^\s/>]*")  # with its prefix
_MOUNTS = (("mountpoint", "="), ("domain", "|="))


@dataclass(slots=True)
class _Node:
    """A node of libxml2's tree: ``name`` of an element, ``content`` of everything else."""

    kind: str
    start: int
    name: str = ""
    content: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[_Node] = field(default_factory=list)
    end: int = 0


def read_xml(text: ConfigText, asked: str) -> Section:
    """Return the options of ``<uwsgi>``; ``asked`` is the id behind ``file.xml:``, else empty.

    Elements with another id are left out. A value is the first child alone and keeps its blanks;
    an element without a child is 1. An attribute ``mode`` is not looked at: uWSGI knows its own
    only after it has read its files.
    """
    from defusedxml import DefusedXmlException

    tree = _Tree(text.text)
    try:
        root = tree.parse()
    except DefusedXmlException:
        message = "the XML has a document type or entities of its own: it is not read here"
        advice = "write the values out; uWSGI needs no document type"
        return Section((), problems=(stopped(text, message, tree.position(), advice),))
    except ExpatError as error:
        fault = refused(text, f"the file is no XML: {_reason(error)}", tree.position())
        return Section((), problems=(fault,))
    except LookupError:
        fault = refused(text, "libxml2 knows no encoding of the name in the first line", 0)
        return Section((), problems=(fault,))
    except ValueError:  # what Python says of an encoding of several bytes
        message, advice = "the XML is in an encoding that is not read here", "write it in UTF-8"
        return Section((), problems=(stopped(text, message, 0, advice),))
    # A root without any content is never looked into, whatever its name.
    top = root if root.name == _ROOT or not root.children else _first(root, asked)
    if top is None:
        message = "uWSGI asks for an element <uwsgi> in this file"
        return Section((), problems=(refused(text, message, root.start),))
    header = text.place(top.start, top.start + 1 + len(top.name))
    found: list[Record] = []
    for node in top.children:
        if not _is_asked(node, asked):
            continue
        if _crashes(node):
            message = f"uWSGI crashes on <{node.name}>: an element stands where its value belongs"
            fault = refused(text, message, node.start)
            return Section(tuple(found), header, None, (fault,))
        found += _records(text, node)
    return Section(tuple(found), header)


def _first(root: _Node, asked: str) -> _Node | None:
    """Return the first ``<uwsgi>`` below the root; one with an id must have the asked one."""
    for node in root.children:
        if node.kind == _ELEMENT and node.name == _ROOT and _is_asked(node, asked):
            return node
    return None


def _crashes(node: _Node) -> bool:
    """Whether uWSGI copies the content of an element, which has none (strdup of NULL)."""
    first = node.children[0] if node.children else None
    return first is not None and first.kind == _ELEMENT and node.name != "app"


def _is_asked(node: _Node, asked: str) -> bool:
    return not asked or node.attributes.get("id", asked) == asked


def _records(text: ConfigText, node: _Node) -> list[Record]:
    if node.kind == _CDATA:  # bare CDATA is code to evaluate
        span = Span(node.start, node.end)
        return [record(text, "eval", node.content, span, span)]
    if node.kind != _ELEMENT:
        return []
    written = _NAME.match(text.text, node.start + 1)
    name = Span(node.start + 1, written.end() if written else node.start + 1)
    if node.name == "app":
        return _application(text, node, name)
    if not node.children:
        return [record(text, node.name, "1", name, Span(name.end, name.end))]
    child = node.children[0]
    return [record(text, node.name, child.content, name, Span(child.start, child.end))]


def _application(text: ConfigText, node: _Node, name: Span) -> list[Record]:
    """``<app mountpoint="/x">file</app>`` is a mount and an empty ``app``."""
    found = []
    value: _Node | None = None
    if len(node.children) == 1 and node.children[0].kind != _ELEMENT:
        value = node.children[0]
    elif len(node.children) > 1 and node.children[1].children:
        value = node.children[1].children[0]
    elif node.children:
        return []
    if value is not None and value.kind == _ELEMENT:
        return []
    if value is not None:
        prefix = next(
            (node.attributes[key] + sign for key, sign in _MOUNTS if key in node.attributes), ""
        )
        span = Span(value.start, value.end)
        found.append(record(text, "mount", prefix + value.content, name, span))
    return [*found, record(text, "app", "", name, Span(name.end, name.end))]


class _Tree:
    """Builds libxml2's tree from expat's events: texts are joined, CDATA stays apart."""

    def __init__(self, text: str) -> None:
        from defusedxml.expatbuilder import DefusedExpatBuilder

        self._text = text
        self._data = text.encode("utf-8", "surrogateescape")
        # Without name spaces: to libxml2 a prefix that nothing declares is a part of the name.
        self._expat: Any = DefusedExpatBuilder(forbid_dtd=True).getParser()
        self._open: list[_Node] = []
        self._root: _Node | None = None
        self._prefixes: list[frozenset[str]] = [frozenset({"xml"})]  # declared, for each open one
        self._cdata = False
        self._mark = (0, 0)  # a byte and the character it belongs to
        self._expat.buffer_text = False
        self._expat.ordered_attributes = False
        self._expat.DefaultHandlerExpand = None
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._characters
        self._expat.StartCdataSectionHandler = self._start_cdata
        self._expat.EndCdataSectionHandler = self._end_cdata
        self._expat.CommentHandler = self._comment
        self._expat.ProcessingInstructionHandler = self._instruction

    def parse(self) -> _Node:
        """Return the root element."""
        try:
            self._expat.Parse(self._data, True)
        except ExpatError:
            # libxml2 takes a NUL between the nodes behind the root for the end.
            whole = self._data[: self._expat.ErrorByteIndex]
            if self._root is None or self._open or self._data[len(whole) :][:1] != b"\0":
                raise
            _Tree(whole.decode("utf-8", "surrogateescape")).parse()
        if self._root is None:
            raise ExpatError("no element found")
        return self._root

    def position(self) -> int:
        """Return the position of the event, or of the fault, that was met last."""
        return self._character(max(0, self._expat.ErrorByteIndex))

    def _character(self, byte: int) -> int:
        """Return the character at a byte; positions mostly rise, so count on from the last."""
        known, character = self._mark
        if byte < known:
            known = character = 0
        character += len(self._data[known:byte].decode("utf-8", "surrogateescape"))
        self._mark = (byte, character)
        return character

    def _here(self) -> int:
        return self._character(self._expat.CurrentByteIndex)

    def _add(self, node: _Node) -> None:
        """Close the text before, and hang a node into the innermost open element."""
        self._close(node.start)
        if self._open:
            self._open[-1].children.append(node)

    def _close(self, at: int) -> None:
        """What is still without an end reaches up to here."""
        if self._open and self._open[-1].children and not self._open[-1].children[-1].end:
            self._open[-1].children[-1].end = at

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        declared = self._prefixes[-1] | {
            key.removeprefix("xmlns:") for key in attributes if key.startswith("xmlns:")
        }
        self._prefixes.append(declared)
        named: dict[str, str] = {}
        for key, value in attributes.items():
            named.setdefault(_local(key, declared), value)
        node = _Node(_ELEMENT, self._here(), _local(name, declared), "", named)
        self._add(node)
        if self._root is None:
            self._root = node
        self._open.append(node)

    def _end(self, name: str) -> None:
        here = self._here()
        self._close(here)
        self._open.pop().end = here + 1
        self._prefixes.pop()

    def _characters(self, data: str) -> None:
        before = self._open[-1].children[-1] if self._open and self._open[-1].children else None
        if (self._cdata and before is not None) or (before is not None and before.kind == _TEXT):
            before.content += data
        else:
            self._add(_Node(_TEXT, self._here(), content=data))

    def _start_cdata(self) -> None:
        self._cdata = True
        before = self._open[-1].children[-1:] if self._open else []
        if not before or before[0].kind != _CDATA:  # neighbours are one node
            self._add(_Node(_CDATA, self._here()))

    def _end_cdata(self) -> None:
        self._cdata = False

    def _comment(self, data: str) -> None:
        self._add(_Node(_OTHER, self._here(), content=data))

    def _instruction(self, target: str, data: str) -> None:
        self._add(_Node(_OTHER, self._here(), target, data))


def _local(name: str, declared: frozenset[str]) -> str:
    """Return a name without its prefix, where that is declared."""
    prefix, _, local = name.partition(":")
    return local if local and prefix in declared else name


def _reason(error: ExpatError) -> str:
    return str(error).partition(":")[0]
