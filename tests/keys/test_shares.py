"""Secrets in k of n shares: any k give the secret, a wrong share is named."""

from itertools import combinations

import pytest

from yichuan.keys.shares import ShareError, check_of, combine, fits, needed, split

SECRET = bytes(range(16))


def _refused(shares: dict[int, bytes], check: bytes) -> ShareError:
    with pytest.raises(ShareError) as refusal:
        combine(shares, check)
    return refusal.value


@pytest.mark.parametrize(("k", "n"), [(1, 1), (2, 3), (3, 5)])
def test_any_k_shares_give_the_secret_and_fewer_do_not(k: int, n: int) -> None:
    shares = dict(enumerate(split(SECRET, k, n), 1))
    check = check_of(SECRET, list(shares.values()), k)
    for some in combinations(shares, k):
        assert combine({index: shares[index] for index in some}, check) == SECRET
    assert combine(shares, check) == SECRET
    for few in combinations(shares, k - 1):
        assert _refused({index: shares[index] for index in few}, check).code == "too_few"
    assert needed(check) == k


def test_a_wrong_share_is_named() -> None:
    shares = dict(enumerate(split(SECRET, 2, 3), 1))
    check = check_of(SECRET, list(shares.values()), 2)
    others = split(SECRET, 2, 3)
    refused = _refused({1: shares[1], 2: others[1]}, check)
    assert (refused.code, refused.wrong) == ("wrong_share", [2])
    assert _refused({1: shares[2], 3: b""}, check).wrong == [1, 3]
    assert _refused({0: SECRET, 4: shares[1]}, check).wrong == [0, 4]
    assert fits(2, shares[2], check)
    assert not fits(2, others[1], check)


def test_check_values_that_are_cut_or_of_another_secret_are_told() -> None:
    shares = split(SECRET, 2, 3)
    check = check_of(SECRET, shares, 2)
    for bad in (b"", check[:-1], check + b"x", b"\0" + check[1:], b"\4" + check[1:], check_of(bytes(16), shares, 2)):
        assert _refused({1: shares[0], 2: shares[1]}, bad).code == "bad_check"


def test_check_values_do_not_hold_the_shares() -> None:
    shares = split(SECRET, 2, 3)
    check = check_of(SECRET, shares, 2)
    assert not any(secret in check for secret in (SECRET, *shares))


def test_a_split_that_cannot_be_is_refused() -> None:
    for secret, k, n in ((b"short", 2, 3), (SECRET, 0, 3), (SECRET, 4, 3), (SECRET, 2, 17)):
        with pytest.raises(ValueError, match=r"instead of|at most"):
            split(secret, k, n)
