from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.merkle import Checkpoint, CheckpointError, leaf_hash, read_checkpoint

KEY = PrivateKey.generate()
AT = datetime(2026, 11, 22, 14, 5, 6, tzinfo=timezone(timedelta(hours=8)))
CHECKPOINT = Checkpoint("江门市电子公文交换中心 9f0c", 12_345, leaf_hash(b"root"), AT)
TEXT = CHECKPOINT.signed(KEY.sign(CHECKPOINT.text.encode()))


def test_a_checkpoint_is_read_as_it_was_written_and_its_signature_holds() -> None:
    read = read_checkpoint(TEXT)
    assert read.checkpoint == CHECKPOINT
    assert read.signed_by(KEY.public)
    assert not read.signed_by(PrivateKey.generate().public)
    assert read_checkpoint(TEXT.replace("\n", "\r\n")) == read


@pytest.mark.parametrize("change", ["size", "root", "log", "at"])
def test_a_changed_checkpoint_was_not_signed(change: str) -> None:
    other = {"size": 12_346, "root": leaf_hash(b"x"), "log": "别处", "at": AT + timedelta(seconds=1)}[change]
    read = read_checkpoint(TEXT)
    assert not replace(read, checkpoint=replace(CHECKPOINT, **{change: other})).signed_by(KEY.public)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "checkpoint\n" * 7,
        TEXT.replace("12345", "012345"),
        TEXT.replace("12345", "-1"),
        TEXT.replace("+08:00", ""),
        TEXT.replace("2026-11-22T14:05:06", "2026-11-22T14:05:06.1"),
        TEXT + "more\n",
        TEXT.replace("江门市", "江门市\x00"),
        TEXT.replace("\n\n", "\n"),
        TEXT.removesuffix("\n")[:-3],
        "x" * 3_000,
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(CheckpointError):
        read_checkpoint(text)


@pytest.mark.parametrize("space", ["\u3000", "\u00a0"])
def test_a_centre_with_a_wide_space_in_its_name_has_checkpoints_too(space: str) -> None:
    said = replace(CHECKPOINT, log=f"江门市{space}电子公文交换中心 9f0c")
    assert read_checkpoint(said.signed(b"0")).checkpoint == said


def test_the_short_form_for_paper_names_size_and_root() -> None:
    assert CHECKPOINT.short == f"12345·{leaf_hash(b'root')[:8].hex()}"
