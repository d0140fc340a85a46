"""The log's particulars in a clerk's words: never the names of fields, never codes."""

import ast
from collections.abc import Iterator
from pathlib import Path

import yichuan
from support.world import World
from yichuan.audit.particulars import NAMES, particulars
from yichuan.audit.services.record import record
from yichuan.common.transactions import command
from yichuan.org.duties import Duty

SOURCE = Path(next(iter(yichuan.__path__)))


def _recorded() -> Iterator[str]:
    """The names of every `detail = {...}` and `record(..., detail={...})` in the services."""
    for path in SOURCE.rglob("services/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case (
                    ast.keyword(arg="detail", value=ast.Dict(keys=keys))
                    | ast.Assign(targets=[ast.Name(id="detail" | "said_of")], value=ast.Dict(keys=keys))
                    | ast.AnnAssign(target=ast.Name(id="detail"), value=ast.Dict(keys=keys))
                ):
                    yield from (str(key.value) for key in keys if isinstance(key, ast.Constant))


def test_every_particular_that_the_code_can_record_has_its_name() -> None:
    recorded = set(_recorded())
    assert len(recorded) > 50
    assert recorded - set(NAMES) == set()


def test_coded_values_are_said_in_words_and_empty_ones_not_at_all() -> None:
    detail = {"method": "password_code", "address": "10.0.0.1", "device": ""}
    assert particulars(detail) == [("登录方式", "密码和动态口令"), ("地址", "10.0.0.1")]
    detail = {"kind": "adjust", "duty": "clerk", "permissions": ["exchange.sign_for"], "paper": False}
    assert particulars({"kind": "join"}) == [("种类", "加入")]
    said = [("种类", "调整权限"), ("岗位", "文件管理员"), ("权限", "签收"), ("纸质来函", "否")]
    assert particulars(detail) == said


def test_the_page_of_the_log_shows_them(world: World) -> None:
    with command():
        record(verb="people.log_in", actor=None, detail={"method": "password", "address": "10.0.0.1"})
    page = world.browser(world.holder(Duty.AUDITOR)).get("/log/").content.decode()
    assert "登录方式：密码" in page
    assert "method：" not in page
