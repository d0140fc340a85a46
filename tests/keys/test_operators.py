"""The master key under k of n operators: the file, and the process that keeps it open."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from yichuan.audit.models import Entry
from yichuan.common.errors import Refused
from yichuan.common.secret_files import kept_secret
from yichuan.keys import agent as agents
from yichuan.keys.agent import Agent, asked
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.devices.soft import SoftDevice
from yichuan.keys.operators import Operators
from yichuan.keys.services import device as device_service
from yichuan.keys.services.operators import master_to_split, note_opened, require_names
from yichuan.keys.shares import ShareError

MASTER = bytes(range(32))
WORDS = {"张三": "one two three", "李四": "four five six", "王五": "seven eight nine"}


@pytest.fixture(scope="module")
def operators() -> Operators:
    return Operators.make(MASTER, 2, WORDS)


def shares_of(operators: Operators, *names: str) -> dict[int, bytes]:
    return dict(operators.share_of(name, WORDS[name]) for name in names)


def code(call: object, *arguments: object) -> str:
    with pytest.raises(ShareError) as refusal:
        call(*arguments)  # type: ignore[operator]
    return refusal.value.code


def test_any_two_of_three_open_the_master_key(operators: Operators) -> None:
    for names in (("张三", "李四"), ("王五", "张三"), ("李四", "王五")):
        assert operators.master(shares_of(operators, *names)) == MASTER
    assert code(operators.master, shares_of(operators, "李四")) == "too_few"


def test_a_wrong_password_is_told_with_whose_it_is(operators: Operators) -> None:
    with pytest.raises(ShareError, match="李四") as refusal:
        operators.share_of("李四", WORDS["张三"])
    assert (refusal.value.code, refusal.value.wrong) == ("wrong_password", [2])
    assert code(operators.share_of, "赵六", "whatever it is") == "no_operator"


def test_the_file_is_for_its_owner_alone_and_holds_no_secret(operators: Operators, tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "operators.json"
    operators.write(path)
    assert path.stat().st_mode & 0o777 == 0o600
    read = Operators.read(path)
    assert read == operators
    assert read.master(shares_of(read, "张三", "王五")) == MASTER
    text = path.read_text()
    secrets = [MASTER, *shares_of(operators, *WORDS).values()]
    assert not any(secret.hex() in text for secret in secrets)
    assert not any(password in text for password in WORDS.values())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2}', '{"version": 1, "operators": [], "check": ""}'])
def test_a_file_that_is_none_is_told(text: str, tmp_path: Path) -> None:
    path = tmp_path / "operators.json"
    assert code(Operators.read, path) == "no_file"
    path.write_text(text)
    assert code(Operators.read, path) == "bad_file"


def test_a_share_of_another_split_is_named(operators: Operators) -> None:
    other = Operators.make(MASTER, 2, WORDS)
    mixed = Operators(operators.need, operators.check, operators.sealed_master, other.operators)
    assert code(mixed.share_of, "张三", WORDS["张三"]) == "wrong_share"


def test_an_operator_changes_their_own_password_alone(operators: Operators) -> None:
    changed = operators.with_password("李四", WORDS["李四"], "ten eleven twelve")
    assert code(changed.share_of, "李四", WORDS["李四"]) == "wrong_password"
    shares = dict([changed.share_of("李四", "ten eleven twelve"), changed.share_of("王五", WORDS["王五"])])
    assert changed.master(shares) == MASTER
    assert code(operators.with_password, "李四", WORDS["张三"], "ten eleven twelve") == "wrong_password"


@contextmanager
def attended(path: Path, operators: Operators) -> Iterator[Agent]:
    keeper, stop = Agent(path, operators), threading.Event()

    def attend() -> None:
        while not stop.is_set():
            keeper.attend(0.05)

    thread = threading.Thread(target=attend)
    thread.start()
    try:
        yield keeper
    finally:
        stop.set()
        thread.join()
        keeper.close()


def give(path: Path, index: int, share: bytes) -> dict[str, object]:
    told = asked(path, {"ask": "share", "index": index, "share": share.hex()})
    assert told is not None
    return told


def test_the_keeper_gives_the_master_key_once_two_have_opened_it(operators: Operators, tmp_path: Path) -> None:
    path = tmp_path / "unlock.sock"
    (first, one), (second, two) = shares_of(operators, "张三", "王五").items()
    with attended(path, operators) as keeper:
        assert path.stat().st_mode & 0o777 == 0o600
        assert asked(path, {"ask": "master"})["error"] == "locked"  # type: ignore[index]
        assert give(path, second, one)["error"] == "wrong_share"
        assert give(path, first, one)["given"] == ["张三"]
        assert give(path, first, one)["open"] is False
        assert "master" not in (asked(path, {"ask": "master"}) or {})
        assert give(path, second, two)["open"] is True
        assert asked(path, {"ask": "master"}) == {"master": MASTER.hex()}
        assert keeper.opened_by == ["张三", "王五"]
        assert not keeper._given, "shares are forgotten once they have served"
        with pytest.raises(OSError, match="another"):
            Agent(path, operators)
    assert asked(path, {"ask": "state"}) is None
    assert [each.name for each in tmp_path.iterdir()] == [], "nothing of it rests on the disk"


def test_shares_that_wait_too_long_are_forgotten(
    operators: Operators, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = Agent(tmp_path / "unlock.sock", operators)
    (first, one), (second, two) = shares_of(operators, "张三", "王五").items()
    keeper.give(first, one)
    later = time.monotonic() + agents.FORGET_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    keeper.give(second, two)
    assert not keeper.is_open
    keeper.give(first, one)
    assert keeper.is_open
    keeper.close()


def test_who_asks_nonsense_or_nothing_disturbs_nobody(operators: Operators, tmp_path: Path) -> None:
    path = tmp_path / "unlock.sock"
    with attended(path, operators):
        for asking in ({}, {"ask": "share"}, {"ask": "share", "index": "x", "share": "y"}, {"ask": "x" * 5000}):
            asked(path, asking)
        assert asked(path, {"ask": "state"}) == {
            "open": False, "need": 2, "given": [], "names": list(WORDS),
        }  # fmt: skip


def test_a_socket_that_a_dead_process_left_is_no_hindrance(operators: Operators, tmp_path: Path) -> None:
    left = Agent(tmp_path / "unlock.sock", operators)
    left._listening.close()
    Agent(tmp_path / "unlock.sock", operators).close()


def test_processes_of_the_centre_get_the_master_key_from_the_keeper(
    operators: Operators, tmp_path: Path, settings: object, db: None
) -> None:
    settings.YICHUAN_KEYS_URL = f"soft-shares://{tmp_path}/operators.json"  # type: ignore[attr-defined]
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    device_service.device.cache_clear()
    with pytest.raises(DeviceError, match="yichuan serve"):
        device_service.device()
    with attended(tmp_path / "unlock.sock", operators) as keeper:
        with pytest.raises(DeviceError, match="2 位值守人中已有 0 位"):
            device_service.device()
        for index, share in shares_of(operators, "张三", "王五").items():
            keeper.give(index, share)
        public = device_service.device().make_signing_key("seal:1")
    assert SoftDevice(MASTER).public_key("seal:1") == public
    device_service.device.cache_clear()


def test_operators_whom_nobody_can_tell_apart_are_refused() -> None:
    require_names(["张三", "李四"], 2)
    for names, need in ((["张三", "张 三"], 2), (["", "李四"], 2), (["张\u200b三", "李四"], 2), (["张三"], 2)):
        with pytest.raises(Refused):
            require_names(names, need)


def test_a_master_key_in_use_is_split_and_no_other(tmp_path: Path, db: None) -> None:
    assert len(master_to_split(None)) == 32
    mine, other = tmp_path / "mine.key", tmp_path / "other.key"
    master = kept_secret(mine)
    kept_secret(other)
    SoftDevice(master).make_wrapping_key("box:1")
    assert master_to_split(mine) == master
    for source in (None, other, tmp_path / "nothing"):
        with pytest.raises(Refused):
            master_to_split(source)
    assert not (tmp_path / "nothing").exists()


def test_who_opened_the_device_stands_in_the_log(world: object) -> None:
    note_opened(["张三", "王五"])
    entry = Entry.objects.get(verb="keys.open_device")
    assert entry.detail == {"operators": ["张三", "王五"]}
