"""Fetch what other people's programs our files are opened with in the tests, into `.venv/peers`.

    .venv/bin/python scripts/peers.py

One file out of each npm package, through the machine's own `npm`; a package whose digest is not the one written here
is refused. They are not among the dependencies in package.json because they would bring fifty packages along.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

FOLDER = Path(sys.prefix) / "peers"
PEERS = {
    "ofd.js@0.2.6": (
        "sha512-qBC4bD5fC2e+qWg2ap6pajAU1Rl/G6+l6NUxMVgdcXTtjWcdRSYD6e63WGgmKAEuE4fjmntzIXZwODawjWmQuw==",
        "package/lib/ofd.umd.min.js",
    ),
    "vue@2.7.16": (
        "sha512-4gCtFXaAA3zYZdTp5s4Hl2sozuySsgz4jy1EnpBHNfpMa9dK1ZCG7viqBPCwXtmgc8nHqUsAu3G4gtmXkkY3Sw==",
        "package/dist/vue.min.js",
    ),
}


def fetch(package: str, digest: str, member: str) -> None:
    """Put one file of a package into the folder."""
    with tempfile.TemporaryDirectory() as scratch:
        npm = shutil.which("npm") or "npm"
        subprocess.run(  # noqa: S603 - names from above
            [npm, "pack", package, "--silent", "--ignore-scripts", f"--pack-destination={scratch}"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (archive,) = Path(scratch).glob("*.tgz")
        data = archive.read_bytes()
        found = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
        if found != digest:
            sys.exit(f"peers: {package} has the digest {found}, not {digest}")
        with tarfile.open(archive) as opened:
            source = opened.extractfile(member)
            if source is None:
                sys.exit(f"peers: {package} holds no {member}")
            FOLDER.mkdir(exist_ok=True)
            (FOLDER / Path(member).name).write_bytes(source.read())


def main() -> None:
    """Fetch what is not there yet."""
    for package, (digest, member) in PEERS.items():
        if not (FOLDER / Path(member).name).is_file():
            fetch(package, digest, member)


if __name__ == "__main__":
    main()
