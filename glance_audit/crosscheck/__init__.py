"""``--cross-check``: every Apache file read once more, by a parser that is not ours."""

from glance_audit.crosscheck.compare import Difference, compare_file
from glance_audit.crosscheck.second_reader import SecondReaderMissing, reader_name

__all__ = ["Difference", "SecondReaderMissing", "compare_file", "reader_name"]
