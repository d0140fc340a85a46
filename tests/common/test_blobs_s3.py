"""An S3 store that is down, slow, cut off in the middle, wrongly addressed, or that keeps something else."""

import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from support.s3 import Line, S3Server, bucket, line, s3_server
from support.world import World
from yichuan.common import sealed
from yichuan.common.blobs import store
from yichuan.common.blobs_s3 import Place, S3Blobs
from yichuan.common.errors import Unavailable
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.send import send
from yichuan.operations.services.doctor import examine

__all__ = ["bucket", "line", "s3_server"]


@pytest.fixture
def blobs(s3_server: S3Server, bucket: str, line: Line) -> S3Blobs:
    """A store that is reached over the line."""
    return S3Blobs(Place.of(S3Server(line.endpoint, s3_server.key).url(bucket, seconds=1)), s3_server.key)


@pytest.fixture
def over_the_line(
    s3_server: S3Server, bucket: str, line: Line, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Line:
    """The centre's own store is reached over the line."""
    monkeypatch.setenv("YICHUAN_BLOBS_KEY", s3_server.key)
    settings.YICHUAN_BLOBS_URL = S3Server(line.endpoint, s3_server.key).url(bucket, seconds=1)
    return line


def _cut(line: Line, state: str | int) -> None:
    line.state = state
    line.hang_up()


@pytest.mark.parametrize("state", ["down", "silent"])
def test_a_store_that_does_not_answer_keeps_nothing_and_is_waited_for_no_longer_than_was_set(
    blobs: S3Blobs, line: Line, state: str
) -> None:
    kept = blobs.put([b"before"])
    _cut(line, state)
    began = time.monotonic()
    with pytest.raises(Unavailable) as refusal:
        blobs.put([b"content"])
    with pytest.raises(Unavailable) as other:
        next(blobs.read(kept))
    assert time.monotonic() - began < 12, "two attempts each, a second an answer"
    assert (refusal.value.code, other.value.code) == ("blob_store", "blob_store")
    assert "请稍后重试" in refusal.value.message
    _cut(line, "up")
    assert [name for name, _ in blobs.names()] == [kept]
    assert b"".join(blobs.read(blobs.put([b"content"]))) == b"content"


def test_a_line_that_is_cut_while_a_body_is_read_is_said_at_once(blobs: S3Blobs, line: Line) -> None:
    name = blobs.put([bytes(2_000_000)])
    _cut(line, 700_000)
    read = 0
    with pytest.raises(Unavailable) as refusal:
        for chunk in blobs.read(name):
            read += len(chunk)
    assert refusal.value.code == "blob_store"
    assert 0 < read < 700_000


def test_a_body_whose_writing_breaks_off_is_not_there(blobs: S3Blobs, line: Line) -> None:
    def chunks() -> Iterator[bytes]:
        yield bytes(1_500_000)
        _cut(line, "down")
        yield bytes(1_500_000)

    with pytest.raises(Unavailable):
        blobs.put(chunks())
    _cut(line, "up")
    assert list(blobs.names()) == []


def test_many_blobs_are_listed_over_several_pages(
    blobs: S3Blobs, s3_server: S3Server, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {blobs.put([str(number).encode()]) for number in range(5)}
    s3_server.client().put_object(Bucket=bucket, Key="bodies/README", Body=b"the administrator's")
    listed = blobs._client.get_paginator("list_objects_v2")
    monkeypatch.setattr(blobs._client, "get_paginator", lambda _: _Paged(listed))
    assert {name for name, _ in blobs.names()} == names, "and nothing that is not ours"


class _Paged:
    """The same listing, two objects a page instead of a thousand."""

    def __init__(self, paginator: object) -> None:
        self._paginator = paginator

    def paginate(self, **words: str) -> object:
        return self._paginator.paginate(**words, PaginationConfig={"PageSize": 2})  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("key", "into", "said"),
    [
        ("centre:bodies wrong-secret", "", "refuses the key"),
        ("nobody:here wrong-secret", "", "refuses the key"),
        ("", "no-such-bucket", "has no such bucket"),
    ],
    ids=["wrong secret", "unknown access key", "no bucket"],
)
def test_a_wrong_key_and_a_missing_bucket_are_named_to_the_operator(
    s3_server: S3Server,
    bucket: str,
    key: str,
    into: str,
    said: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("YICHUAN_BLOBS_KEY", key or s3_server.key)
    settings.YICHUAN_BLOBS_URL = s3_server.url(into or bucket)
    for act in (lambda: store().put([b"content"]), lambda: store().has("0" * 64), lambda: list(store().names())):
        with pytest.raises(Unavailable) as refusal:
            act()
        assert refusal.value.code == "blob_store"
        assert said in str(refusal.value.__cause__)
        assert "wrong-secret" not in str(refusal.value.__cause__)


@pytest.mark.parametrize("change", ["byte", "cut", "empty"])
def test_a_body_altered_in_the_store_does_not_open(
    over_the_line: Line, s3_server: S3Server, bucket: str, change: str
) -> None:
    key, administrator = sealed.new_key(), s3_server.client()
    name = sealed.write_bytes(key, "document:1:body", "正文".encode() * 5_000)
    data = bytearray(administrator.get_object(Bucket=bucket, Key=f"bodies/{name}")["Body"].read())
    data[-1] ^= 1
    put = {"byte": bytes(data), "cut": data[:-5], "empty": b""}[change]
    administrator.put_object(Bucket=bucket, Key=f"bodies/{name}", Body=put)
    with pytest.raises(Unavailable) as refusal:
        sealed.read_bytes(key, "document:1:body", name)
    assert refusal.value.code == "blob_altered"


@pytest.mark.parametrize("state", ["down", "silent"])
def test_nothing_is_sent_while_the_store_is_down_and_the_same_press_works_afterwards(
    over_the_line: Line, world: World, state: str
) -> None:
    document = world.sealed()
    client, address = world.browser(world.sending_clerk), f"/documents/{document.pk}/send/"
    form = {"key": str(uuid.uuid4()), "main": str(world.units["市环保局"].pk), "allowance": "7", "declared": "on"}
    _cut(over_the_line, state)
    refused = client.post(address, form)
    html = refused.content.decode()
    assert refused.status_code == 503
    assert "存储暂时读不到内容，什么也没有做。请稍后重试" in html
    assert 'value="7"' in html, "what was typed stays"
    before = document.state
    document.refresh_from_db()
    assert document.state == before
    assert not Dispatch.objects.exists()
    assert not Delivery.objects.exists()
    _cut(over_the_line, "up")
    for _ in range(2):
        assert client.post(address, form).status_code == 302
    assert Delivery.objects.count() == 1, "and once only"


def test_a_document_whose_body_is_gone_is_not_sent(over_the_line: Line, world: World) -> None:
    document = world.sealed()
    store().remove(document.body)
    with pytest.raises(Unavailable, match="没有发出"):
        send(
            actor=world.sending_clerk, document=document, recipients=world.recipients("市环保局"),
            idempotency_key=uuid.uuid4(),
        )  # fmt: skip
    assert not Dispatch.objects.exists()


@pytest.mark.django_db
def test_doctor_says_what_is_wrong_with_the_store(over_the_line: Line) -> None:
    def blob_store() -> tuple[bool, str]:
        [found] = [each for each in examine() if each.name == "正文存储"]
        return found.ok, found.note

    assert blob_store() == (True, "能写能读")
    _cut(over_the_line, "down")
    ok, note = blob_store()
    assert not ok
    assert over_the_line.endpoint in note


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("s3://bodies", "write s3://bucket/prefix"),
        ("s3://?endpoint=https://store", "write s3://bucket/prefix"),
        ("s3://bodies?endpoint=https://store&key=abc", "unknown option 'key'"),
        ("s3://access:secret@bodies?endpoint=https://store", "take the key out"),
        ("s3://bodies?endpoint=http://10.1.1.7:8080", "needs https"),
        ("s3://bodies?endpoint=https://store&seconds=soon", "seconds"),
        ("s3://bodies?endpoint=https://store&seconds=nan", "seconds"),
    ],
)
def test_an_address_that_cannot_be_used_is_named(url: str, said: str) -> None:
    with pytest.raises(ValueError, match="YICHUAN_BLOBS_URL") as refusal:
        Place.of(url)
    assert said in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_the_key_comes_from_a_file_that_its_owner_alone_reads(
    tmp_path: Path, s3_server: S3Server, bucket: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.YICHUAN_BLOBS_URL = s3_server.url(bucket)
    monkeypatch.delenv("YICHUAN_BLOBS_KEY", raising=False)
    with pytest.raises(ValueError, match="YICHUAN_BLOBS_KEY_FILE"):
        store()
    path = tmp_path / "key"
    path.write_text(s3_server.key.replace(" ", "\n"))
    path.chmod(0o644)
    monkeypatch.setenv("YICHUAN_BLOBS_KEY_FILE", str(path))
    with pytest.raises(ValueError, match="chmod 600"):
        store()
    path.chmod(0o600)
    assert store().put([b"content"])
