"""The blob store: complete under its own name, or not there."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from yichuan.common.blobs import LocalBlobs, store
from yichuan.common.errors import Unavailable
from yichuan.lib.gm.sm3 import sm3


@pytest.fixture
def blobs(tmp_path: Path) -> LocalBlobs:
    return LocalBlobs(tmp_path / "blobs")


def _files(blobs: LocalBlobs) -> list[Path]:
    return [path for path in blobs.root.rglob("*") if path.is_file()]


def test_a_blob_is_found_under_its_digest(blobs: LocalBlobs) -> None:
    name = blobs.put([b"one ", b"two"])
    assert name == sm3(b"one two").hex()
    assert b"".join(blobs.read(name)) == b"one two"
    assert [each for each, _ in blobs.names()] == [name]


def test_the_same_content_is_kept_once(blobs: LocalBlobs) -> None:
    assert blobs.put([b"same"]) == blobs.put([b"sa", b"me"])
    assert len(_files(blobs)) == 1


def test_a_large_blob_is_read_in_chunks(blobs: LocalBlobs) -> None:
    chunks = list(blobs.read(blobs.put(bytes(100_000) for _ in range(8))))
    assert len(chunks) > 1
    assert sum(map(len, chunks)) == 800_000


def test_what_is_half_written_has_no_name(blobs: LocalBlobs) -> None:
    seen = []

    def chunks() -> Iterator[bytes]:
        yield b"first half"
        seen.extend(path.parent.name for path in _files(blobs))
        yield b"second half"

    blobs.put(chunks())
    assert seen == ["arriving"], "until it is complete it lies aside"


def test_an_arrival_that_fails_leaves_nothing(blobs: LocalBlobs) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"first half"
        raise RuntimeError("the reader fell over")

    with pytest.raises(RuntimeError):
        blobs.put(chunks())
    assert _files(blobs) == []


@pytest.mark.parametrize("call", ["fsync", "mkdir", "replace"])
def test_a_disk_that_refuses_makes_the_store_unavailable(
    blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os if call == "fsync" else Path, call, refuse)
        with pytest.raises(Unavailable) as refusal:
            blobs.put([b"content"])
    assert refusal.value.code == "blob_store"
    assert _files(blobs) == []


def test_a_blob_that_is_gone_is_an_incident(blobs: LocalBlobs) -> None:
    name = blobs.put([b"content"])
    blobs.remove(name)
    with pytest.raises(Unavailable) as refusal:
        list(blobs.read(name))
    assert refusal.value.code == "blob_missing"
    blobs.remove(name)


def test_only_the_centre_itself_may_look_into_the_folder(blobs: LocalBlobs) -> None:
    blobs.put([b"content"])
    assert {path.stat().st_mode & 0o077 for path in blobs.root.rglob("*") if path.is_dir()} == {0}


def test_an_unknown_store_is_named(settings: object) -> None:
    settings.YICHUAN_BLOBS_URL = "ftp://somewhere"  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="YICHUAN_BLOBS_URL"):
        store()
