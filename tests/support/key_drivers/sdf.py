"""The soft SDF device for the conformance suite."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from support.soft_sdf import Prepared
from yichuan.keys.devices.sdf import SdfDevice


class SdfDriver:
    """A device with 64 prepared key pairs in `folder`, which the environment names to it for the whole run."""

    def __init__(self, folder: Path) -> None:
        self._prepared = Prepared(folder, keys=64)
        os.environ["SOFT_SDF"] = str(self._prepared.tool)
        self._wrong = folder / "wrong"

    def device(self) -> SdfDevice:
        return self._prepared.open()

    def impatient(self) -> SdfDevice:
        return self._prepared.open(seconds=0.5)

    def locked(self) -> SdfDevice:
        codes = [line.split()[0] + " notthecode\n" for line in self._prepared.codes.read_text().splitlines()]
        self._wrong.touch(mode=0o600)
        self._wrong.write_text("".join(codes))
        return self._prepared.open(codes=self._wrong)

    @contextmanager
    def _acting(self, words: str) -> Iterator[None]:
        self._prepared.act(words)
        try:
            yield
        finally:
            self._prepared.act("")

    def slow(self) -> AbstractContextManager[None]:
        return self._acting("hang")

    def removed(self) -> AbstractContextManager[None]:
        return self._acting("removed")

    def failing(self) -> AbstractContextManager[None]:
        return self._acting("fail SDF_InternalSign_ECC SDF_Encrypt")
