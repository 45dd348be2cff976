"""``--cross-check``: what a second reader makes of the same files."""

from __future__ import annotations

from glance_audit.audit.locate import Locator
from glance_audit.audit.paths import AuditedPaths
from glance_audit.audit.settings import UsageError
from glance_audit.deployment.inputs import Inputs
from glance_audit.files import FileSource
from glance_audit.report.escape import mask, visible
from glance_audit.report.result import CrossCheck, ReadOtherwise


def cross_check(source: FileSource, inputs: Inputs, paths: AuditedPaths) -> CrossCheck:
    """Read every Apache file that was read once more, and locate the differences.

    Raises:
        UsageError: the second reader is not installed.
    """
    from glance_audit.crosscheck import SecondReaderMissing, compare_file, reader_name

    files = dict.fromkeys(file for apache in inputs.apaches for file in apache.config.files)
    locator = Locator(paths)
    try:
        reader = reader_name()
        found = [one for file in files for one in compare_file(source, file)]
    except SecondReaderMissing as error:
        raise UsageError(str(error)) from None
    return CrossCheck(
        reader,
        len(files),
        tuple(
            ReadOtherwise(locator.locate(one.place), visible(mask(one.message)), one.cause)
            for one in found
        ),
    )
