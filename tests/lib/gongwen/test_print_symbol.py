"""The QR symbol of an original: read as it was written, and masked as ISO/IEC 18004 wants."""

from __future__ import annotations

import base64
import re

import numpy as np
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from segno import consts, encoder

from yichuan.lib.gongwen.print_stamp import _symbol

Modules = NDArray[np.bool_]
QUIET = 4
LIGHT = "0000"

names = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8)
codes = st.builds(
    lambda unit, raw: f"YC3|江府办〔2008〕44号|3/5|{unit}|2008-05-26T09:41|{base64.urlsafe_b64encode(raw).decode()}",
    names,
    st.binary(min_size=60, max_size=110),
)


def modules_of(text: str) -> Modules:
    """The symbol as it is drawn, dark modules true, without its quiet zone."""
    path, side = _symbol(text)
    drawn = np.zeros((side, side), dtype=np.bool_)
    for place in range(0, len(path), 5):
        (left, top), (right, bottom) = path[place][1], path[place + 2][1]
        drawn[int(top) : int(bottom), int(left) : int(right)] = True
    assert not drawn[:QUIET].any()
    assert not drawn[:, -QUIET:].any()
    return drawn[QUIET:-QUIET, QUIET:-QUIET]


def penalty(symbol: Modules) -> int:
    """The four rules of clause 7.8.3.1, the format information being in its place."""
    found = 0
    for rows in (symbol, symbol.T):
        for row in ("".join("01"[int(dark)] for dark in row) for row in rows):
            found += sum(len(run.group()) - 2 for run in re.finditer("0{5,}|1{5,}", row))
            around = f"{LIGHT}{row}{LIGHT}"  # the quiet zone is light
            finders = [place.start() for place in re.finditer("(?=1011101)", around)]
            found += 40 * sum(around[at + 7 : at + 11] == LIGHT or around[at - 4 : at] == LIGHT for at in finders)
    ones = symbol.astype(int)
    squares = ones[1:, 1:] + ones[1:, :-1] + ones[:-1, 1:] + ones[:-1, :-1]
    found += 3 * int(np.isin(squares, (0, 4)).sum())
    return found + 10 * int(abs(100 * symbol.mean() - 50) // 5)


def masked_otherwise(symbol: Modules) -> tuple[int, list[Modules]]:
    """The number of its mask, and the symbol under each of the eight."""
    side, version = len(symbol), (len(symbol) - 17) // 4
    reserved = encoder.make_matrix(side, side)
    encoder.add_finder_patterns(reserved, side, side)
    encoder.add_alignment_patterns(reserved, side, side)
    reserved[-8][8] = 1
    data = np.array([list(row) for row in reserved]) > 1
    shapes = [
        np.array([[bool(dark(y, x)) for x in range(side)] for y in range(side)])
        for dark in encoder.get_data_mask_functions(is_micro=False)
    ]
    level, mask = divmod(int("".join("01"[int(bit)] for bit in symbol[8, :5]), 2) ^ 0b10101, 8)
    found = []
    for number, shape in enumerate(shapes):
        other = [bytearray(row.tolist()) for row in symbol ^ (data & (shapes[mask] ^ shape))]
        encoder.add_format_info(other, version, (consts.ERROR_LEVEL_M, consts.ERROR_LEVEL_L)[level], number)
        found.append(np.array([list(row) for row in other]) == 1)
    return mask, found


@given(codes)
@settings(max_examples=12, deadline=None)
def test_the_symbol_has_the_mask_of_least_penalty_and_is_read_letter_by_letter(text: str) -> None:
    symbol = modules_of(text)
    mask, others = masked_otherwise(symbol)
    assert (others[mask] == symbol).all()
    assert penalty(symbol) == min(penalty(other) for other in others)
    picture = np.kron(np.pad(~symbol, QUIET, constant_values=True), np.ones((4, 4), dtype=np.bool_))
    (read,) = zxingcpp.read_barcodes(picture.astype(np.uint8) * 255)
    assert read.text == text
    assert read.symbology_identifier == "]Q1", "plain bytes in UTF-8: a telephone may not know of other alphabets"
