"""The blob store: complete under its own name, or not there. What holds of any store is tried on both."""

import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.s3 import S3Server, bucket, s3_server
from yichuan.common import sealed
from yichuan.common.blobs import BlobStore, LocalBlobs, store
from yichuan.common.errors import Unavailable
from yichuan.lib.gm.sm3 import sm3

__all__ = ["bucket", "s3_server"]


@pytest.fixture
def blobs(tmp_path: Path) -> LocalBlobs:
    return LocalBlobs(tmp_path / "blobs")


@pytest.fixture(params=["folder", "s3"])
def any_store(
    request: pytest.FixtureRequest, tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch
) -> BlobStore:
    """The centre's store, as its address names it."""
    url = f"file://{tmp_path}/blobs"
    if request.param == "s3":
        server: S3Server = request.getfixturevalue("s3_server")
        monkeypatch.setenv("YICHUAN_BLOBS_KEY", server.key)
        url = server.url(request.getfixturevalue("bucket"))
    settings.YICHUAN_BLOBS_URL = url  # type: ignore[attr-defined]
    return store()


def _files(blobs: LocalBlobs) -> list[Path]:
    return [path for path in blobs.root.rglob("*") if path.is_file()]


class TestAnyStore:
    """What every store offers."""

    def test_a_blob_is_found_under_its_digest(self, any_store: BlobStore) -> None:
        before = time.time()
        name = any_store.put([b"one ", b"two"])
        assert name == sm3(b"one two").hex()
        assert b"".join(any_store.read(name)) == b"one two"
        [(named, written)] = any_store.names()
        assert named == name
        assert before - 2 < written < time.time() + 2

    def test_the_same_content_is_kept_once(self, any_store: BlobStore) -> None:
        assert any_store.put([b"same"]) == any_store.put([b"sa", b"me"])
        assert len(list(any_store.names())) == 1

    def test_a_large_blob_comes_back_in_chunks(self, any_store: BlobStore) -> None:
        content = os.urandom(1_300_000)  # more than is kept in memory on its way
        name = any_store.put(content[at : at + 100_000] for at in range(0, len(content), 100_000))
        chunks = list(any_store.read(name))
        assert len(chunks) > 1
        assert b"".join(chunks) == content

    def test_an_arrival_that_fails_leaves_nothing(self, any_store: BlobStore) -> None:
        def chunks() -> Iterator[bytes]:
            yield b"first half"
            raise RuntimeError("the reader fell over")

        with pytest.raises(RuntimeError):
            any_store.put(chunks())
        assert list(any_store.names()) == []

    def test_a_blob_that_is_gone_is_an_incident(self, any_store: BlobStore) -> None:
        name = any_store.put([b"content"])
        assert any_store.has(name)
        any_store.remove(name)
        assert not any_store.has(name)
        with pytest.raises(Unavailable) as refusal:
            list(any_store.read(name))
        assert refusal.value.code == "blob_missing"
        any_store.remove(name)

    def test_a_file_that_was_exchanged_in_the_store_does_not_open(self, any_store: BlobStore) -> None:
        key = sealed.new_key()
        kept, other = (sealed.write_bytes(key, f"document:{number}:body", b"text") for number in (1, 2))
        assert sealed.read_bytes(key, "document:1:body", kept) == b"text"
        with pytest.raises(Unavailable) as refusal:
            sealed.read_bytes(key, "document:1:body", other)
        assert refusal.value.code == "blob_altered"


def test_what_is_half_written_has_no_name(blobs: LocalBlobs) -> None:
    seen = []

    def chunks() -> Iterator[bytes]:
        yield b"first half"
        seen.extend(path.parent.name for path in _files(blobs))
        yield b"second half"

    blobs.put(chunks())
    assert seen == ["arriving"], "until it is complete it lies aside"


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


def test_a_blob_waits_for_its_bytes_and_its_name_and_only_the_first_for_the_folders(
    blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    files: list[int] = []
    monkeypatch.setattr("yichuan.common.blobs.sync", synced.append)
    monkeypatch.setattr(os, "fsync", files.append)
    names = [blobs.put([content]) for content in (b"one", b"another", b"a third")]
    assert synced == [blobs.root, *(blobs.root / name[:2] for name in names)]
    assert len(files) == 3


def test_a_store_that_came_back_empty_takes_blobs_again(blobs: LocalBlobs) -> None:
    blobs.put([b"one"])
    blobs.root.rename(blobs.root.with_name("away"))
    with pytest.raises(Unavailable):
        blobs.put([b"another"])
    assert list(blobs.read(blobs.put([b"another"]))) == [b"another"]


def test_only_the_centre_itself_may_look_into_the_folder(blobs: LocalBlobs) -> None:
    blobs.put([b"content"])
    assert {path.stat().st_mode & 0o077 for path in blobs.root.rglob("*") if path.is_dir()} == {0}


def test_an_unknown_store_is_named(settings: object) -> None:
    settings.YICHUAN_BLOBS_URL = "ftp://somewhere"  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="YICHUAN_BLOBS_URL"):
        store()
