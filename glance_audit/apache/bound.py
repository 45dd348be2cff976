"""How much one configuration may make us do, far above any real tree.

Apache itself has few such bounds, and a page of macros or includes that double each other keeps it
busy for ever. An audit must end: it says that it stopped, and where.
"""

from __future__ import annotations

READINGS = 200_000  # files read, repeats counted
LINES = 900_000  # lines gone through, repeats counted; 30,000 virtual hosts have 810,000
SECTIONS_DEEP = 200
NAMES = 64 * 1024 * 1024  # all of those together
NAME_LENGTH = 64 * 1024  # of a macro's lines in a dump, which grows with every macro around them
PROBLEMS = 10_000
