"""The root at every size, as the definition has it, and the rows that the tiles hold."""

from yichuan.lib.merkle import EMPTY_ROOT, TILE, Edge, Peaks, leaf_hash


def test_the_root_at_every_size_is_that_of_the_edge() -> None:
    peaks, edge = Peaks(), Edge()
    assert peaks.root() == EMPTY_ROOT
    for number in range(600):
        leaf = leaf_hash(number.to_bytes(4, "big"))
        peaks.append([leaf])
        edge.append([leaf])
        assert (peaks.size, peaks.root()) == (edge.size, edge.root())


def test_rows_are_what_the_upper_tiles_hold() -> None:
    leaves = [leaf_hash(number.to_bytes(4, "big")) for number in range(3 * TILE + 7)]
    peaks, tiles = Peaks(), Edge().append(leaves)
    peaks.append(leaves)
    assert b"".join(peaks.rows[1]) == tiles[1, 0]
