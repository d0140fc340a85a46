"""A real SoftHSM token, reached through a library that can break (faults.c)."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path

import pytest

from yichuan.keys.devices.pkcs11 import Pkcs11Device
from yichuan.keys.devices.pkcs11_library import start_anew

PIN, TOKEN = "1234-pin", "yichuan-test"


def softhsm() -> Path:
    """SoftHSM's library, or the test is skipped with the remedy."""
    for folder in (Path("/usr/lib"), Path("/usr/local/lib")):
        for found in sorted(folder.glob("**/libsofthsm2.so")):
            return found
    pytest.skip("no SoftHSM here: scripts/system-packages test names the package")


@cache
def one_token() -> Pkcs11Driver:
    """The token of this process: SoftHSM is started once in it, and finds its tokens by the environment."""
    folder = Path(tempfile.mkdtemp(prefix="yichuan-token-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Pkcs11Driver(folder)


class Pkcs11Driver:
    """A token in `folder`, which the environment names to SoftHSM for the whole run."""

    def __init__(self, folder: Path) -> None:
        library, self.library, self._fault = softhsm(), folder / "faults.so", folder / "fault"
        source = Path(__file__).with_name("faults.c")
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", self.library, source, "-ldl"], check=True)
        (folder / "tokens").mkdir()
        (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
        os.environ["YICHUAN_TEST_PKCS11"] = str(library)
        os.environ["YICHUAN_TEST_FAULT"] = str(self._fault)
        make = ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "so-1234"]
        subprocess.run(make, check=True, capture_output=True)

    def device(self) -> Pkcs11Device:
        return Pkcs11Device(self.library, TOKEN, PIN)

    def impatient(self) -> Pkcs11Device:
        return Pkcs11Device(self.library, TOKEN, PIN, seconds=0.5)

    def locked(self) -> Pkcs11Device:
        start_anew(self.library)  # nobody is logged in any more
        return Pkcs11Device(self.library, TOKEN, "wrong")

    @contextmanager
    def _with(self, fault: str) -> Iterator[None]:
        self._fault.write_text(fault)
        try:
            yield
        finally:
            self._fault.unlink()

    def slow(self) -> AbstractContextManager[None]:
        return self._with("slow")

    def removed(self) -> AbstractContextManager[None]:
        return self._with("removed")

    def failing(self) -> AbstractContextManager[None]:
        return self._with("failing")
