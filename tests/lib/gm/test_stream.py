"""Encrypted streams: any chunking opens, any tampering is refused.

The chunk is made 64 bytes for these tests, so that short streams have many chunks; one test runs at full size.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yichuan.lib.gm import sm4
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm4 import decrypt_stream, encrypt_stream, new_key

KEY = new_key()
CONTEXT = b"document 44, body"
HEADER = 36
CHUNK = 64
SEALED_CHUNK = CHUNK + 16
MEBIBYTE = 1 << 20


@pytest.fixture
def full_size() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sm4, "CHUNK_SIZE", 64 * 1024)
        yield


@pytest.fixture(autouse=True, scope="module")
def short_chunks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sm4, "CHUNK_SIZE", CHUNK)
        yield


def sealed(plain: bytes, key: bytes = KEY, context: bytes = CONTEXT) -> bytes:
    return b"".join(encrypt_stream(key, [plain], context=context))


def opened(data: bytes | Iterable[bytes], key: bytes = KEY, context: bytes = CONTEXT) -> bytes:
    return b"".join(decrypt_stream(key, [data] if isinstance(data, bytes) else data, context=context))


def refusal(data: bytes | Iterable[bytes], key: bytes = KEY, context: bytes = CONTEXT) -> str:
    with pytest.raises(GmError) as caught:
        opened(data, key, context)
    return caught.value.code


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """`data` in pieces, cut at the places (modulo its length); empty pieces included."""
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


PLACES = st.lists(st.integers(0, 2000), max_size=12)
# lengths at and around the chunk borders come up often
LENGTHS = st.integers(0, 6).flatmap(lambda count: st.integers(-1, 1).map(lambda off: max(0, count * CHUNK + off)))
PLAINS = st.one_of(st.binary(max_size=400), LENGTHS.map(lambda length: bytes(i % 251 for i in range(length))))


@given(PLAINS, PLACES, PLACES)
def test_any_chunking_opens(plain: bytes, cuts_before: list[int], cuts_after: list[int]) -> None:
    stream = b"".join(encrypt_stream(KEY, cut(plain, cuts_before), context=CONTEXT))
    assert opened(cut(stream, cuts_after)) == plain
    chunks = max(1, -(-len(plain) // CHUNK))
    assert len(stream) == HEADER + len(plain) + 16 * chunks


@given(PLAINS, st.data())
def test_any_changed_byte_is_refused(plain: bytes, data: st.DataObject) -> None:
    stream = bytearray(sealed(plain))
    stream[data.draw(st.integers(0, len(stream) - 1))] ^= data.draw(st.integers(1, 255))
    assert refusal(bytes(stream)) in {"stream_altered", "stream_header"}


@given(PLAINS, st.data())
def test_any_cut_end_is_refused(plain: bytes, data: st.DataObject) -> None:
    stream = sealed(plain)
    length = data.draw(st.integers(0, len(stream) - 1))
    code = refusal(stream[:length])
    if length < HEADER:
        assert code == "stream_header"
    elif length > HEADER and (length - HEADER) % SEALED_CHUNK == 0:
        assert code == "stream_truncated"
    else:
        assert code == "stream_altered"


@given(st.integers(1, 5).map(lambda count: bytes(count * CHUNK)), st.binary(min_size=1, max_size=200))
def test_anything_after_the_end_is_refused(plain: bytes, more: bytes) -> None:
    assert refusal(sealed(plain) + more) == "stream_altered"
    assert refusal(sealed(plain[:-1]) + more) == "stream_altered"
    assert refusal(sealed(plain) + sealed(more)) == "stream_altered"


@given(st.binary(min_size=5 * CHUNK, max_size=5 * CHUNK), st.permutations(range(5)))
def test_another_order_of_the_chunks_is_refused(plain: bytes, order: list[int]) -> None:
    assume(order != sorted(order))
    stream = sealed(plain)
    chunks = [stream[HEADER + number * SEALED_CHUNK :][:SEALED_CHUNK] for number in range(5)]
    assert opened(stream[:HEADER] + b"".join(chunks)) == plain
    assert refusal(stream[:HEADER] + b"".join(chunks[number] for number in order)) == "stream_altered"


@given(st.integers(0, 4), st.integers(1, 4))
def test_a_chunk_left_out_or_repeated_is_refused(at: int, count: int) -> None:
    stream = sealed(bytes(5 * CHUNK))
    start, end = HEADER + at * SEALED_CHUNK, HEADER + (at + 1) * SEALED_CHUNK
    assert refusal(stream[:start] + stream[end:]) in {"stream_altered", "stream_truncated"}
    assert refusal(stream[:end] + stream[start:end] * count + stream[end:]) == "stream_altered"


def test_a_chunk_of_another_stream_under_the_same_key_is_refused() -> None:
    one, two = sealed(bytes(3 * CHUNK)), sealed(bytes(3 * CHUNK))
    start, end = HEADER + SEALED_CHUNK, HEADER + 2 * SEALED_CHUNK
    assert refusal(one[:start] + two[start:end] + one[end:]) == "stream_altered"


def test_another_key_or_context_is_refused() -> None:
    assert refusal(sealed(b"body"), key=new_key()) == "stream_altered"
    assert refusal(sealed(b"body"), context=b"document 45, body") == "stream_altered"


@pytest.mark.parametrize("data", [b"", b"YCS", b"%PDF-1.7" + bytes(100), b"YCS\x02" + bytes(100)])
def test_what_is_no_stream_of_this_version_is_named(data: bytes) -> None:
    assert refusal(data) == "stream_header"
    assert refusal(data[at : at + 1] for at in range(len(data))) == "stream_header"


def test_the_same_plain_text_is_never_encrypted_alike() -> None:
    assert len({sealed(b"same")[HEADER:] for _ in range(50)}) == 50


def test_a_stream_as_long_as_the_counter_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sm4, "_MOST_CHUNKS", 3)
    assert opened(sealed(bytes(3 * CHUNK))) == bytes(3 * CHUNK)
    with pytest.raises(GmError) as caught:
        sealed(bytes(3 * CHUNK + 1))
    assert caught.value.code == "stream_too_long"


@pytest.mark.usefixtures("full_size")
def test_memory_stays_constant_however_long_the_stream_is() -> None:
    block = bytes(MEBIBYTE)

    def peak(mebibytes: int) -> int:
        tracemalloc.start()
        try:
            source = encrypt_stream(KEY, (block for _ in range(mebibytes)), context=CONTEXT)
            total = sum(map(len, decrypt_stream(KEY, source, context=CONTEXT)))
            assert total == mebibytes * MEBIBYTE
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)
    assert peak(24) < MEBIBYTE
    assert peak(24) < peak(2) + 100_000
