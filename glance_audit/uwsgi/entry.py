"""An option while uWSGI works on its list."""

from __future__ import annotations

from glance_audit.uwsgi.option import Option


class Entry:
    """An option of the list: ``value`` changes in the passes, ``done`` once it has acted."""

    __slots__ = ("done", "key", "key_place", "origin", "place", "value", "value_place")

    def __init__(self, option: Option) -> None:
        self.key = option.key
        self.value = option.value
        self.place = option.place
        self.key_place = option.key_place
        self.value_place = option.value_place
        self.origin = option.origin
        self.done = False

    def option(self) -> Option:
        """Return the option as it is now."""
        return Option(
            self.key, self.value, self.place, self.key_place, self.value_place, self.origin
        )

    def but(self, key: str, value: str) -> Option:
        """Return another option that this one brings."""
        return Option(key, value, self.place, self.key_place, self.value_place, self.origin)
