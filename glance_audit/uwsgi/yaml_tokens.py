"""YAML as a uWSGI built with libyaml reads it (Debian): its tokens, never its values.

uWSGI takes libyaml's scanner and walks the tokens with a state machine of its own (core/yaml.c,
uwsgi_yaml_config), so anchors, tags and aliases mean nothing, nothing is ever expanded, and the
end of the asked block ends the reading. PyYAML hands out the same tokens: libyaml's own where it
was built with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from glance_audit.uwsgi.record import Record, Section, Span, record, refused, stopped
from glance_audit.uwsgi.text import ConfigText

if TYPE_CHECKING:
    from glance_audit.files import Place, Problem

_BOM = "\ufeff"
MAX_DEPTH = 500  # blocks and brackets in each other; libyaml's time grows with the square
_QUOTES = ("'", '"')


def read_tokens(text: ConfigText, asked: str) -> Section:
    """Return what the block ``asked`` holds; what libyaml cannot scan is a fatal problem."""
    walk = _Walk(text, asked)
    try:
        text.text.encode("utf-8")
    except UnicodeEncodeError as error:
        fault = refused(text, "libyaml refuses bytes that are no UTF-8", error.start)
        return Section((), problems=(fault,))
    import yaml

    try:
        for token in _tokens(text.text.removeprefix(_BOM)):
            if not walk.step(token):
                break
    except yaml.MarkedYAMLError as error:
        at = walk.shift + error.problem_mark.index if error.problem_mark else 0
        walk.problems.append(refused(text, f"libyaml refuses the file: {error.problem}", at))
    except yaml.YAMLError as error:
        # A character that YAML does not allow; the position is known to PyYAML's own reader alone.
        at = walk.shift + int(getattr(error, "position", None) or 0)
        walk.problems.append(
            refused(text, "libyaml refuses the file: it holds characters YAML does not allow", at)
        )
    return Section(tuple(walk.records), walk.header, None, tuple(walk.problems))


def _tokens(text: str) -> Iterator[Any]:
    """Scan lazily: behind the asked block uWSGI looks at nothing."""
    import yaml

    # The two scanners differ in corners (a tab before a value): libyaml's own goes first.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return iter(yaml.scan(text, Loader=loader))


class _Walk:
    """uWSGI's state machine; the names of the states are those of what comes next."""

    _OTHER, _KEY, _VALUE, _ITEM = range(4)

    def __init__(self, text: ConfigText, asked: str) -> None:
        self.records: list[Record] = []
        self.problems: list[Problem] = []
        self.header: Place | None = None
        self.shift = len(_BOM) if text.text.startswith(_BOM) else 0
        self._text = text
        self._asked = asked
        self._state = self._OTHER
        self._depth = 0  # blocks open since the asked one began, itself included
        self._nesting = 0
        self._key: tuple[str, Span] | None = None

    def step(self, token: Any) -> bool:
        """Take one token; False ends the reading."""
        name = type(token).__name__
        if self._too_deep(name, token):
            return False
        if name == "KeyToken":
            self._state = self._KEY
        elif name == "ValueToken":
            self._state = self._VALUE
        elif name in ("FlowSequenceStartToken", "BlockSequenceStartToken"):
            self._depth += self._depth > 0
            self._state = self._ITEM
        elif name in ("FlowEntryToken", "BlockEntryToken"):
            self._state = self._ITEM
        elif name == "BlockMappingStartToken":
            self._open()
        elif name in ("BlockEndToken", "FlowSequenceEndToken"):
            self._key, self._state = None, self._OTHER
            if self._depth:
                self._depth -= 1
                return self._depth > 0
        elif name == "ScalarToken":
            return self._scalar(token)
        else:
            self._state = self._OTHER
        return name != "StreamEndToken"

    def _too_deep(self, name: str, token: Any) -> bool:
        if name.startswith(("Flow", "Block")):
            self._nesting += name.endswith("StartToken")
            self._nesting -= name.endswith("EndToken")
        if self._nesting > MAX_DEPTH:
            message = "this lies too deep inside other blocks: the rest is not read here"
            self.problems.append(stopped(self._text, message, self.shift + token.start_mark.index))
            return True
        return False

    def _open(self) -> None:
        if self._depth:
            self._depth += 1
        elif self._key is not None and self._key[0] == self._asked:
            self._depth = 1
            self.header = self._text.place(*self._key[1])

    def _scalar(self, token: Any) -> bool:
        start, end = self.shift + token.start_mark.index, self.shift + token.end_mark.index
        value: str = token.value.partition("\0")[0]
        if self._state == self._KEY:
            self._key = (value, Span(start, end))
        elif self._state in (self._VALUE, self._ITEM):
            if self._key is not None and self._depth:
                quoted = token.style in _QUOTES
                inner = Span(start + quoted, end - quoted)
                self.records.append(record(self._text, self._key[0], value, self._key[1], inner))
            if self._state == self._VALUE:
                self._key, self._state = None, self._OTHER
        else:
            message = "uWSGI reads this file no further: it understands no anchor or tag here"
            self.problems.append(stopped(self._text, message, start, "write the plain value"))
            return False
        return True
