"""What `yichuan init` is told: by a person at the prompt, or by a file.

The file is TOML: `centre`, `profile` and `qualified = true` (everybody named is on the establishment and trained),
the tables `system_admin`, `security_officer` and `auditor`, each with `username` and `name`, and, for the units that
run the centre, `supervising` and `operating` with `name`, `short_name`, optional `code`, and the persons
`unit_admin` and `officer`. One unit that plays both parts stands under `supervising` with `operates = true` and the
person `operator` besides.
"""

import tomllib
from typing import Any

import click

from yichuan.common import profile
from yichuan.common.errors import Invalid
from yichuan.operations.services.found_centre import FirstUnit, Founding, Person
from yichuan.org.duties import Duty
from yichuan.org.models import CentreRole

Role = CentreRole.Role
ADMINISTRATORS = (Duty.SYSTEM_ADMIN, Duty.SECURITY_OFFICER, Duty.AUDITOR)
OFFICER = {Role.SUPERVISING: Duty.SUPERVISOR, Role.OPERATING: Duty.OPERATOR}
AFFIRMED = "以上人员都是在编人员，并已参加上岗培训"


def read(text: str) -> Founding:
    """The answers of a file. Raises `Invalid` that names what is missing or unknown."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid({"answers": f"答案文件不是正确的 TOML：{error}"}) from error
    unknown = set(told) - {"centre", "profile", "qualified", "supervising", "operating", *ADMINISTRATORS}
    if unknown:
        raise Invalid({"answers": f"答案文件里有不认识的内容：{'、'.join(sorted(unknown))}。"})
    if told.get("qualified") is not True:
        raise Invalid({"qualified": f"答案文件里要写 qualified = true，确认{AFFIRMED}。"})
    units = [_unit(told, role) for role in (Role.SUPERVISING, Role.OPERATING) if role.value in told]
    missing = next((role for role in Role if not any(role in unit.roles for unit in units)), None)
    if missing:
        raise Invalid(
            {missing.value: f"答案文件里缺少 [{missing.value}] 一节：没有{missing.label}，别的单位加入不了。"}
        )
    return Founding(
        centre=_word(told, "centre"),
        profile=told.get("profile", profile.UNOPENED),
        administrators={duty: _person(told, duty.value) for duty in ADMINISTRATORS},
        units=tuple(units),
    )


def _unit(told: dict[str, Any], role: Role) -> FirstUnit:
    table = _table(told, role.value)
    roles, people = [role], {Duty.UNIT_ADMIN: _person(table, "unit_admin"), OFFICER[role]: _person(table, "officer")}
    if role == Role.SUPERVISING and table.get("operates"):
        if Role.OPERATING.value in told:
            raise Invalid({"operating": "主管单位已经写明 operates = true，不要再写 operating。"})
        roles.append(Role.OPERATING)
        people[Duty.OPERATOR] = _person(table, "operator")
    name, short_name = _word(table, "name"), _word(table, "short_name")
    return FirstUnit(name, short_name, tuple(roles), people, str(table.get("code", "")))


def _table(told: dict[str, Any], name: str) -> dict[str, Any]:
    table = told.get(name)
    if not isinstance(table, dict):
        raise Invalid({name: f"答案文件里缺少 [{name}] 一节。"})
    return table


def _word(table: dict[str, Any], name: str) -> str:
    word = table.get(name)
    if not isinstance(word, str) or not word.strip():
        raise Invalid({name: f"答案文件里缺少 {name}。"})
    return word


def _person(told: dict[str, Any], name: str) -> Person:
    table = _table(told, name)
    return Person(_word(table, "username"), _word(table, "name"))


def asked() -> Founding:
    """The answers of a person."""
    centre = click.prompt("交换中心名称（例如 江门市）")
    rules = profile.names()
    for number, each in enumerate(rules, start=1):
        click.echo(f"  {number}  {profile.load(each).title}")
    chosen = click.prompt("交换规则", type=click.IntRange(1, len(rules)), default=1)
    click.echo("三位管理员必须是三个不同的人。初始密码由系统产生，最后显示一次。")
    administrators = {duty: _ask_person(duty.label) for duty in ADMINISTRATORS}
    click.echo("主管单位审批各单位的申请，承办单位受理和办理；没有它们，别的单位加入不了。")
    together = click.confirm("主管单位和承办单位是同一个单位吗", default=False)
    units = [_ask_unit("主管单位", (Role.SUPERVISING, Role.OPERATING) if together else (Role.SUPERVISING,))]
    if not together:
        units.append(_ask_unit("承办单位", (Role.OPERATING,)))
    if not click.confirm(f"确认{AFFIRMED}", default=False):
        raise Invalid({"qualified": "没有确认在编和培训情况，没有开通。人员具备条件后再运行 yichuan init。"})
    return Founding(centre, rules[chosen - 1], administrators, tuple(units))


def _ask_unit(label: str, roles: tuple[Role, ...]) -> FirstUnit:
    name, short_name = click.prompt(f"{label}全称"), click.prompt(f"{label}简称")
    duties = (Duty.UNIT_ADMIN, *(OFFICER[role] for role in roles))
    people = {duty: _ask_person(f"{label}的{duty.label}") for duty in duties}
    return FirstUnit(name, short_name, roles, people)


def _ask_person(label: str) -> Person:
    return Person(click.prompt(f"{label} 账号（小写字母和数字）"), click.prompt(f"{label} 姓名"))
