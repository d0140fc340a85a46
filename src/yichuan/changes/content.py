"""What an application says, kind by kind: the fields, how they are kept as JSON, and what must hold of each by itself.

What needs the centre's own facts (is a name free, is a unit open) stands in `services/facts.py`.
"""

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from yichuan.changes.models import Application
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid
from yichuan.org.models import Unit

RANKS = {
    "government": "人民政府",
    "department": "工作部门、派出机构",
    "institution": "直属事业单位",
    "county": "县（市、区）",
    "other": "其他",
}
LONGEST_NAME, LONGEST_SHORT_NAME, LONGEST_TEXT = 60, 20, 400
K = Application.Kind


@dataclass(frozen=True, kw_only=True)
class Content:
    """What every application says. `label` of a field is what pages, forms and refusals call it."""

    kind: ClassVar[Application.Kind]

    reason: str = dataclasses.field(default="", metadata={"label": "申请事由", "most": LONGEST_TEXT, "lines": True})
    head: str = dataclasses.field(default="", metadata={"label": "单位负责人", "most": 40})
    contact: str = dataclasses.field(default="", metadata={"label": "联系人", "most": 40})
    phone: str = dataclasses.field(default="", metadata={"label": "联系电话", "most": 40})


@dataclass(frozen=True, kw_only=True)
class Named(Content):
    """What gives a unit a name."""

    name: str = dataclasses.field(default="", metadata={"label": "单位全称", "most": LONGEST_NAME})
    short_name: str = dataclasses.field(default="", metadata={"label": "单位简称", "most": LONGEST_SHORT_NAME})


@dataclass(frozen=True, kw_only=True)
class Administered(Content):
    """The unit administrator that the letter names (J-8, J-10(1))."""

    admin_name: str = dataclasses.field(default="", metadata={"label": "系统管理员", "most": 40})
    admin_title: str = dataclasses.field(default="", metadata={"label": "职务", "most": 60, "free": True})
    admin_phone: str = dataclasses.field(default="", metadata={"label": "办公电话", "most": 40})
    admin_mobile: str = dataclasses.field(default="", metadata={"label": "手机", "most": 40, "free": True})
    admin_mail: str = dataclasses.field(default="", metadata={"label": "电子邮箱", "most": 120, "free": True})
    admin_established: bool = dataclasses.field(default=False, metadata={"label": "在编"})
    admin_trained_on: date | None = dataclasses.field(default=None, metadata={"label": "上岗培训日期"})


@dataclass(frozen=True, kw_only=True)
class NewUnit(Named, Administered):
    """A unit that is to come: by joining, or out of a merger."""

    unit_kind: str = dataclasses.field(
        default=Unit.Kind.ORGAN.value, metadata={"label": "单位性质", "choices": dict(Unit.Kind.choices)}
    )
    rank: str = dataclasses.field(default="department", metadata={"label": "级别", "choices": RANKS})
    starts: date | None = dataclasses.field(default=None, metadata={"label": "启用日期"})


@dataclass(frozen=True, kw_only=True)
class Join(NewUnit):
    """加入 (J-8)."""

    kind = K.JOIN


@dataclass(frozen=True, kw_only=True)
class Rename(Named, Administered):
    """更名 (J-10(1)): who administers it from now on, and which of its people go on using it.

    `administrator` is one of the unit's present people; where it is empty the `admin_…` fields name a new one.
    """

    kind = K.RENAME

    administrator: str = dataclasses.field(default="", metadata={"label": "管理员人选", "free": True, "people": True})
    users: tuple[str, ...] = dataclasses.field(
        default=(), metadata={"label": "继续使用的人员", "free": True, "people": True}
    )
    newcomers: str = dataclasses.field(
        default="", metadata={"label": "新增使用人员", "most": LONGEST_TEXT, "lines": True, "free": True}
    )


@dataclass(frozen=True, kw_only=True)
class Deregister(Content):
    """注销 (J-10(2)): what becomes of the documents, and to whom they go."""

    kind = K.DEREGISTER

    disposal: str = dataclasses.field(
        default=Unit.Disposal.HAND_OVER.value,
        metadata={"label": "公文处理办法", "choices": dict(Unit.Disposal.choices)},
    )
    to: str = dataclasses.field(default="", metadata={"label": "接收单位", "free": True, "units": True})


@dataclass(frozen=True, kw_only=True)
class MergeInto(Content):
    """并入保留名称的单位 (J-10(3)): one keeps its name, the others are deregistered."""

    kind = K.MERGE_INTO

    survivor: str = dataclasses.field(default="", metadata={"label": "保留的单位", "units": True})
    merged: tuple[str, ...] = dataclasses.field(default=(), metadata={"label": "被并入的单位", "units": True})


@dataclass(frozen=True, kw_only=True)
class MergeNew(NewUnit):
    """合并为新单位 (J-10(3)): a new unit joins, all of the former are deregistered."""

    kind = K.MERGE_NEW

    merged: tuple[str, ...] = dataclasses.field(default=(), metadata={"label": "合并的单位", "units": True})


@dataclass(frozen=True, kw_only=True)
class AddName(Named):
    """增挂牌子 (J-9)."""

    kind = K.ADD_NAME


@dataclass(frozen=True, kw_only=True)
class DropName(Content):
    """减少牌子 (J-9)."""

    kind = K.DROP_NAME

    dropped: str = dataclasses.field(default="", metadata={"label": "减少的牌子"})


CONTENTS: dict[str, type[Content]] = {
    each.kind.value: each for each in (Join, Rename, Deregister, MergeInto, MergeNew, AddName, DropName)
}


def label_of(content: type[Content] | Content, name: str) -> str:
    """What the field is called on pages and forms."""
    return next(str(field.metadata["label"]) for field in dataclasses.fields(content) if field.name == name)


def dump(content: Content) -> dict[str, Any]:
    """The content as it is kept."""
    kept: dict[str, Any] = {}
    for name, value in dataclasses.asdict(content).items():
        kept[name] = (
            value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
        )
    return kept


def load(kind: str, kept: dict[str, Any]) -> Content:
    """The content again, as `dump` wrote it."""
    given: dict[str, Any] = {}
    for field in dataclasses.fields(CONTENTS[kind]):
        value = kept.get(field.name, field.default)
        if field.type == date | None and isinstance(value, str):
            value = date.fromisoformat(value)
        given[field.name] = tuple(value) if isinstance(value, list) else value
    return CONTENTS[kind](**given)


def content_of(application: Application) -> Content:
    """What this application says."""
    return load(application.kind, application.content)


def cleaned(content: Content) -> Content:
    """The content with spaces around its texts taken away. Raises `Invalid`, one message a field."""
    errors: dict[str, str] = {}
    values: dict[str, Any] = {}
    for field in dataclasses.fields(content):
        value = getattr(content, field.name)
        if isinstance(value, str):
            value = " ".join(value.split()) if not field.metadata.get("lines") else value.strip()
        values[field.name] = value
        fault = _fault(field.metadata, value)
        if fault:
            errors[field.name] = fault
    _required(content, values, errors)
    if errors:
        raise Invalid(errors)
    return dataclasses.replace(content, **values)


def _fault(rules: Any, value: Any) -> str:
    """What is wrong with one value by itself, or nothing."""
    label = rules["label"]
    if not isinstance(value, str):
        return ""
    if "most" in rules and len(value) > rules["most"]:
        return f"{label}最多 {rules['most']} 个字，现在有 {len(value)} 个字。"
    if hides_something(value, lines=bool(rules.get("lines"))):
        return f"{label}里有看不见的字符，请删掉重新输入。"
    if "choices" in rules and value not in rules["choices"]:
        return f"请选择{label}。"
    return ""


def _required(content: Content, values: dict[str, Any], errors: dict[str, str]) -> None:
    """Fields that may not be empty; who stays administrator needs no card."""
    stays = isinstance(content, Rename) and bool(content.administrator)
    for field in dataclasses.fields(content):
        free = field.metadata.get("free") or (stays and field.name.startswith("admin_"))
        if not free and values[field.name] in ("", (), None):
            errors.setdefault(field.name, f"请填写{field.metadata['label']}。")
    if isinstance(content, Administered) and not stays and not content.admin_established:
        errors["admin_established"] = "系统管理员应由在编干部担任。（第十三条）"
    if isinstance(content, Deregister) and content.disposal == Unit.Disposal.HAND_OVER and not values["to"]:
        errors["to"] = "请选择公文移交给哪个单位。"
    if isinstance(content, MergeNew) and len(set(values["merged"])) < 2:
        errors["merged"] = "合并至少要有两个单位。"
    if isinstance(content, MergeInto) and values["survivor"] in values["merged"]:
        errors["merged"] = "保留名称的单位不能同时是被并入的单位。"
