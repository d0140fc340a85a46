"""The text of a printed copy's code: taken letter by letter or not at all."""

import pytest
from asn1crypto.algos import DSASignature
from hypothesis import given
from hypothesis import strategies as st

from support.seals import pki
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.print_code import PrintCode, looks_like_code, read_print_code, write_signature

SAID = f"YC1|江府办〔2008〕44号|1/3|市环保局|2008-06-02T09:00|{'0a' * 16}|{'1b' * 16}"
KEY: PublicKey = pki().unit.key.public


def signed(said: str = SAID) -> str:
    raw = DSASignature.load(pki().unit.key.sign(said.encode())).to_p1363()
    return f"{said}|{write_signature(raw)}"


def test_a_code_says_what_was_printed() -> None:
    assert read_print_code(signed(), KEY) == PrintCode(
        "江府办〔2008〕44号", 1, 3, "市环保局", "2008-06-02T09:00", "0a" * 16, "1b" * 16
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("|1/3|", "|2/3|"),
        ("市环保局", "市卫生局"),
        ("YC1", "YC2"),
        ("|1/3|", "|１/3|"),
        ("0a0a", "0A0A"),
        ("|1/3|", "|1/3|\n"),
    ],
    ids=["another copy", "another unit", "another version", "a digit of another script", "capitals", "a line more"],
)
def test_one_changed_letter_is_no_code(old: str, new: str) -> None:
    assert read_print_code(signed().replace(old, new, 1), KEY) is None


def test_what_is_signed_but_not_written_so_is_no_code() -> None:
    """The signature's key vouches for nothing that has another form."""
    assert read_print_code(signed(SAID.replace("|1/3|", "|-1/3|")), KEY) is None
    assert read_print_code(signed(SAID.replace("2008-06-02T09:00", "yesterday")), KEY) is None


def test_a_signature_written_otherwise_is_no_code() -> None:
    text = signed()
    assert read_print_code(text + "=", KEY) is None
    assert read_print_code(text + "==", KEY) is None
    assert read_print_code(text[:-1], KEY) is None


def test_another_centres_code_looks_like_one_and_is_none_of_ours() -> None:
    assert looks_like_code(signed())
    assert read_print_code(signed(), pki().stranger.key.public) is None
    assert not looks_like_code("weixin://x")


@given(st.text(max_size=700))
def test_whatever_the_text_it_is_no_code(text: str) -> None:
    assert read_print_code(text, KEY) is None
