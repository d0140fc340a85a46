"""Sealed storage: what is not in its place, or not as it was, does not open."""

from pathlib import Path

import pytest

from yichuan.common import sealed
from yichuan.common.errors import Unavailable


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, settings: object) -> Path:
    settings.YICHUAN_BLOBS_URL = f"file://{tmp_path}"  # type: ignore[attr-defined]
    return tmp_path


KEY = sealed.new_key()
PLAIN = "一件公文的正文".encode() * 20_000


def test_it_comes_back_as_it_was() -> None:
    assert sealed.read_bytes(KEY, "document:1:body", sealed.write_bytes(KEY, "document:1:body", PLAIN)) == PLAIN


def test_nothing_of_it_lies_in_the_clear(own_store: Path) -> None:
    name = sealed.write_bytes(KEY, "document:1:body", PLAIN)
    assert "公文".encode() not in (own_store / name[:2] / name).read_bytes()


def test_the_same_text_looks_different_each_time() -> None:
    assert sealed.write_bytes(KEY, "a", PLAIN) != sealed.write_bytes(KEY, "a", PLAIN)


@pytest.mark.parametrize(
    ("key", "context"),
    [(KEY, "document:1:attachment"), (KEY, "document:2:body"), (sealed.new_key(), "document:1:body")],
    ids=["as an attachment", "in another document", "under another key"],
)
def test_a_file_moved_to_another_place_is_refused(key: bytes, context: str) -> None:
    name = sealed.write_bytes(KEY, "document:1:body", PLAIN)
    with pytest.raises(Unavailable) as refusal:
        sealed.read_bytes(key, context, name)
    assert refusal.value.code == "blob_altered"


@pytest.mark.parametrize("change", ["byte", "cut", "longer", "empty"])
def test_an_altered_file_is_refused(own_store: Path, change: str) -> None:
    name = sealed.write_bytes(KEY, "document:1:body", PLAIN)
    path = own_store / name[:2] / name
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes({"byte": bytes(data), "cut": data[:-5], "longer": data + b"x", "empty": b""}[change])
    with pytest.raises(Unavailable) as refusal:
        sealed.read_bytes(KEY, "document:1:body", name)
    assert refusal.value.code == "blob_altered"
