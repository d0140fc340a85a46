"""The text of a printed copy's code: taken letter by letter or not at all, and then it says why."""

from dataclasses import replace

import pytest
from asn1crypto.algos import DSASignature
from hypothesis import given
from hypothesis import strategies as st

from support.seals import pki
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.print_code import Fault, LogMark, PrintCode, key_name, looks_like_code, read_print_code, signed_code
from yichuan.lib.print_code_words import SAID, lines_of

CODE = PrintCode(
    "江府办〔2008〕44号", 1, 3, "市环保局", "2008-06-02T09:00", b"\x0a" * 16, b"\x1b" * 16, 2**125 + 7, b"\x2c" * 16,
    LogMark(1_234_567, b"\x3d" * 8),
)  # fmt: skip
KEY: PublicKey = pki().unit.key.public
STRANGER: PublicKey = pki().stranger.key.public


def signed(said: str = CODE.unsigned(KEY)) -> str:
    return signed_code(said, DSASignature.load(pki().unit.key.sign(said.encode())).to_p1363())


def test_a_code_says_what_was_printed() -> None:
    assert read_print_code(signed(), [STRANGER, KEY]) == CODE


@pytest.mark.parametrize("name", ["市环保局\u3000城区分局", "市环保局\u00a0城区分局", "市环保局|城区分局"])
def test_a_name_with_a_wide_space_or_a_stroke_makes_a_code_that_can_be_read(name: str) -> None:
    found = read_print_code(signed(replace(CODE, unit=name).unsigned(KEY)), [KEY])
    assert isinstance(found, PrintCode) and found.unit == "市环保局 城区分局"


def test_a_code_of_usual_names_fits_a_symbol_that_withstands_stains() -> None:
    assert len(signed().encode()) <= 287  # version 12 with a seventh of it to spare


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("|1/3|", "|2/3|", Fault.ALTERED),
        ("市环保局", "市卫生局", Fault.ALTERED),
        ("T09:00", "T10:00", Fault.ALTERED),
        ("CgoK", "CgoL", Fault.ALTERED),
        (f"|{key_name(KEY)}|", f"|{key_name(STRANGER)}|", Fault.FOREIGN),
        ("YC3", "YC2", Fault.TORN),
        ("|1234567:", "|1234568:", Fault.ALTERED),
        ("|1234567:", "|01234567:", Fault.TORN),
        ("|1/3|", "|１/3|", Fault.TORN),
        ("|1/3|", "|1/3|\n", Fault.TORN),
    ],
    ids=[
        "copy",
        "unit",
        "time",
        "digest",
        "key",
        "version",
        "checkpoint",
        "checkpoint otherwise",
        "a digit of another script",
        "a line more",
    ],
)
def test_one_changed_letter_is_no_code(old: str, new: str, fault: Fault) -> None:
    assert old in signed()
    assert read_print_code(signed().replace(old, new, 1), [KEY]) is fault


def test_what_is_signed_but_not_written_so_is_no_code() -> None:
    """The signature's key vouches for nothing that has another form."""
    assert read_print_code(signed(replace(CODE, copy=-1).unsigned(KEY)), [KEY]) is Fault.TORN
    assert read_print_code(signed(replace(CODE, printed_at="yesterday").unsigned(KEY)), [KEY]) is Fault.TORN


def test_a_signature_written_otherwise_is_no_code() -> None:
    text = signed()
    last = {"A": "B", "Q": "R", "g": "h", "w": "x"}[text[-1]]  # the same bytes to a lenient decoder
    for torn in (f"{text}=", f"{text}==", text[:-1], text[:-1] + last, text[: len(text) // 2]):
        assert read_print_code(torn, [KEY]) is Fault.TORN


def test_another_centres_code_looks_like_one_and_is_told_apart_from_an_altered_one() -> None:
    assert looks_like_code(signed())
    assert read_print_code(signed(), [STRANGER]) is Fault.FOREIGN
    assert read_print_code(signed(), []) is Fault.FOREIGN
    assert not looks_like_code("weixin://x")


def test_every_fault_is_said_in_words_of_its_own_and_a_code_point_by_point() -> None:
    assert len({SAID[fault] for fault in Fault}) == len(Fault)
    said = dict(lines_of(CODE))
    assert said["份号"] == "第 1 份，该单位可打印 3 份"
    assert (said["打印单位"], said["打印时间"]) == ("市环保局", "2008-06-02 09:00")
    assert f"{2**125 + 7:x}" in said["验证印章"]
    assert said["日志检查点"] == f"打印时日志共 1234567 项，检查点 1234567·{'3d' * 8}"


@given(st.text(max_size=700))
def test_whatever_the_text_it_is_no_code(text: str) -> None:
    assert isinstance(read_print_code(text, [KEY]), Fault)
