"""The SDF driver on the soft device: labels over prepared key pairs, and replies that no honest device gives."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlparse

import pytest
from django.db import transaction

from support.soft_sdf import Prepared, soft_sdf
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.devices.sdf import open_sdf
from yichuan.keys.devices.sdf_library import load
from yichuan.keys.models import DeviceKey

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PASSWORD = b"p" * 16


@pytest.fixture
def prepared(tmp_path: Path) -> Iterator[Prepared]:
    with soft_sdf(tmp_path / "device", keys=3) as device:
        yield device


def code_of(call: Callable[..., object], *arguments: object, **named: object) -> str:
    with pytest.raises(DeviceError) as refusal:
        call(*arguments, **named)
    return refusal.value.code


def lines(prepared: Prepared) -> list[int]:
    return [int(line.split()[0]) for line in prepared.codes.read_text().splitlines()]


def test_labels_take_the_prepared_key_pairs_in_turn_until_there_are_no_more(prepared: Prepared) -> None:
    device = prepared.open()
    publics = [device.make_signing_key(label) for label in ("a", "b", "c")]
    assert len(set(publics)) == 3
    assert code_of(device.make_signing_key, "d") == "full"
    assert not device.has("d")
    prepared.prepare(4)
    made = device.make_signing_key("d")
    again = prepared.open()  # another process
    assert again.public_key("d") == made
    assert made.verify(again.sign("d", b"text"), b"text")
    assert not publics[0].verify(again.sign("d", b"text"), b"text")


def test_a_destroyed_key_pair_is_never_taken_again_until_the_tool_made_it_anew(
    prepared: Prepared, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    device = prepared.open()
    old = device.make_signing_key("a")
    kept = prepared.codes.read_text()
    with django_capture_on_commit_callbacks(execute=True):
        device.destroy("a")
    assert not device.has("a")
    assert lines(prepared) == [2, 3]
    prepared.codes.write_text(kept)  # the line is put back, but the key pair is the same
    assert {device.make_signing_key(label).point for label in ("b", "c")}.isdisjoint({old.point})
    assert code_of(device.make_signing_key, "d") == "full"
    prepared.prepare(1)
    assert device.make_signing_key("a") != old


def test_the_code_of_a_key_under_a_password_leaves_the_file(
    prepared: Prepared, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    device, code = prepared.open(), prepared.codes.read_text().split()[1]
    with django_capture_on_commit_callbacks(execute=True):
        public = device.make_signing_key("seal", password=PASSWORD)
    assert code not in prepared.codes.read_text()
    assert prepared.codes.stat().st_mode & 0o777 == 0o600
    assert code.encode() not in bytes(DeviceKey.objects.get(label="seal").wrapped)
    assert public.verify(device.sign("seal", b"text", password=PASSWORD), b"text")
    device.change_password("seal", old=PASSWORD, new=b"n" * 16)
    assert code_of(device.sign, "seal", b"text", password=PASSWORD) == "wrong_password"
    assert public.verify(prepared.open().sign("seal", b"text", password=b"n" * 16), b"text")


def test_a_striking_that_was_cut_short_is_made_up_for(prepared: Prepared) -> None:
    device = prepared.open()
    device.make_signing_key("seal", password=PASSWORD)
    assert lines(prepared) == [1, 2, 3], "nothing is struck out before the transaction stands"
    prepared.open().describe()
    assert lines(prepared) == [2, 3]


def test_no_key_gets_a_password_where_its_code_could_not_be_struck_out(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: path != prepared.codes)
    assert code_of(prepared.open().make_signing_key, "seal", password=PASSWORD) == "failed"
    assert not DeviceKey.objects.exists()


def test_a_wrong_code_is_found_before_a_key_gets_its_label(prepared: Prepared) -> None:
    prepared.codes.write_text("2 notthecode\n")
    assert code_of(prepared.open().make_signing_key, "a") == "locked"
    assert not DeviceKey.objects.exists()


@pytest.mark.parametrize("content", ["1\n", "x 12345678\n", "1 short\n", "1 12345678\n1 87654321\n", "0 12345678\n"])
def test_a_line_that_is_no_index_and_code_is_named(prepared: Prepared, content: str) -> None:
    prepared.codes.write_text(content)
    with pytest.raises(DeviceError, match=r"line \d"):
        prepared.open().make_signing_key("a")


def test_codes_that_others_can_read_are_refused_with_the_remedy(prepared: Prepared) -> None:
    prepared.codes.chmod(0o644)
    with pytest.raises(DeviceError, match="chmod 600"):
        prepared.open().make_signing_key("a")


def test_a_key_pair_that_was_changed_under_its_label_signs_nothing(prepared: Prepared) -> None:
    device = prepared.open()
    device.make_signing_key("a")
    prepared.prepare(1)
    assert code_of(device.sign, "a", b"text") == "failed"


WRONG_SIGNATURES = [
    "signature of another key",
    "r of zero",
    "s beyond the order",
    "signature too long",
    "no signature",
]


@pytest.mark.parametrize("reply", WRONG_SIGNATURES)
def test_no_signature_is_handed_out_that_does_not_verify(prepared: Prepared, reply: str) -> None:
    device = prepared.open()
    public = device.make_signing_key("a")
    prepared.act(f"reply {reply}")
    assert code_of(device.sign, "a", b"text") == "failed"
    prepared.act("")
    assert public.verify(device.sign("a", b"text"), b"text")


@pytest.mark.parametrize("reply", ["point off the curve", "point at infinity", "point too long", "other bits"])
def test_no_public_key_is_taken_that_is_none(prepared: Prepared, reply: str) -> None:
    device = prepared.open()
    prepared.act(f"reply {reply}")
    assert code_of(device.make_signing_key, "a") == "failed"
    assert not DeviceKey.objects.exists()


@pytest.mark.parametrize("reply", ["key too long", "empty key", "less than was encrypted", "more than was encrypted"])
def test_no_wrapping_key_is_kept_that_the_device_garbled(prepared: Prepared, reply: str) -> None:
    device = prepared.open()
    prepared.act(f"reply {reply}")
    assert code_of(device.make_wrapping_key, "box") == "failed"
    assert not DeviceKey.objects.exists()


def test_what_the_device_says_of_itself_is_made_printable(prepared: Prepared) -> None:
    prepared.act("reply info")
    said = prepared.open().describe()
    assert (said.name + said.model).isprintable()


def test_a_device_that_was_gone_works_again_without_a_new_start(prepared: Prepared) -> None:
    device = prepared.open()
    public = device.make_signing_key("a")
    prepared.act("removed")
    assert code_of(device.sign, "a", b"text") == "removed"
    prepared.act("")
    assert public.verify(device.sign("a", b"text"), b"text")


def test_a_device_that_gives_no_right_to_its_keys_is_locked(prepared: Prepared) -> None:
    device = prepared.open()
    device.make_signing_key("a", password=PASSWORD)
    device.make_signing_key("b")
    prepared.act("locked")
    assert code_of(device.describe) == "locked"
    assert code_of(device.sign, "a", b"text", password=PASSWORD) == "locked"
    assert code_of(device.sign, "b", b"text") == "locked"


def test_a_device_that_does_not_answer_keeps_nobody_waiting(prepared: Prepared) -> None:
    device = prepared.open(seconds=0.5)
    public = device.make_signing_key("a")
    prepared.act("hang")
    begun = time.monotonic()
    assert code_of(device.sign, "a", b"text") == "slow"
    assert time.monotonic() - begun < 3
    prepared.act("")
    assert public.verify(device.sign("a", b"text"), b"text")


@pytest.mark.parametrize(
    "function",
    [
        "SDF_OpenDevice",
        "SDF_OpenSession",
        "SDF_ExportSignPublicKey_ECC",
        "SDF_GetPrivateKeyAccessRight",
        "SDF_InternalSign_ECC",
        "SDF_ReleasePrivateKeyAccessRight",
    ],
)
def test_a_call_that_fails_half_way_leaves_no_key_behind(prepared: Prepared, function: str) -> None:
    device = prepared.open()
    prepared.act(f"fail {function}")
    assert code_of(device.make_signing_key, "a") == "failed"
    assert not device.has("a")
    prepared.act("")
    assert device.make_signing_key("a").verify(device.sign("a", b"text"), b"text")


@pytest.mark.parametrize(
    "function", ["SDF_GenerateKeyWithKEK", "SDF_ImportKeyWithKEK", "SDF_Encrypt", "SDF_DestroyKey"]
)
def test_a_wrap_that_fails_half_way_is_none(prepared: Prepared, function: str) -> None:
    device = prepared.open()
    prepared.act(f"fail {function}")
    assert code_of(device.make_wrapping_key, "box") == "failed"
    prepared.act("")
    device.make_wrapping_key("box")
    wrapped = device.wrap("box", b"k" * 16, b"context")
    if function != "SDF_GenerateKeyWithKEK":
        prepared.act(f"fail {function}")
        assert code_of(device.wrap, "box", b"k" * 16, b"context") == "failed"
        assert code_of(device.unwrap, "box", wrapped, b"context") == "failed"
        prepared.act("")
    assert device.unwrap("box", wrapped, b"context") == b"k" * 16


def test_a_key_whose_transaction_did_not_hold_frees_its_index(prepared: Prepared) -> None:
    device = prepared.open()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        lost = device.make_signing_key("a", password=PASSWORD)
        raise ZeroDivisionError
    assert not device.has("a")
    assert device.make_signing_key("b") == lost
    assert lines(prepared) == [1, 2, 3]


@pytest.mark.parametrize("address", ["", "?kek=1", "?codes=/x&kek=one", "?codes=/x&seconds=long"])
def test_an_address_that_says_too_little_is_refused(address: str) -> None:
    assert code_of(open_sdf, urlparse(f"sdf:///usr/lib/libsdf.so{address}")) == "failed"


def test_a_file_that_is_no_library_of_a_device_is_named(tmp_path: Path) -> None:
    (tmp_path / "libsdf.so").write_bytes(b"not a library")
    for path in (tmp_path / "libsdf.so", tmp_path / "missing.so"):
        assert code_of(load, path) == "removed"
