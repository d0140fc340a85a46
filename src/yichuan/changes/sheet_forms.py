"""The three forms of a batch and their columns (J-plan 附件1, 附件2, and the list of units of J-plan 二)."""

from yichuan.changes.content import RANKS
from yichuan.changes.models import Import
from yichuan.common.sheets.columns import Column, Form
from yichuan.org.duties import UNIT_DUTIES
from yichuan.org.models import Unit

KINDS = {str(label): value for value, label in Unit.Kind.choices}
RANK_WORDS = {label: value for value, label in RANKS.items()}
DUTIES = {duty.label: duty for duty in UNIT_DUTIES}
YES, NO = "是", "否"

STAFF = Form(
    "报名表",
    (
        Column("unit", "单位名称", "市环保局", "全称或简称，与单位名单一致", most=120, width=24),
        Column("duties", "岗位", "文件管理员", f"{'、'.join(DUTIES)}；兼任的写在一格，用顿号隔开", most=60, width=26),
        Column("name", "姓名", "张三", most=40, width=12),
        Column("title", "职务", "科员", required=False),
        Column("phone", "办公电话", "0750-3321179", required=False),
        Column("mobile", "手机", "13800138000", "11 位数字", most=40),
        Column("mail", "电子邮箱", "zhangsan@example.gov.cn", required=False, most=120, width=28),
        Column("username", "账号", "", "可以不填，由系统按拼音给", required=False, most=40),
        Column("established", "在编", YES, choices=(YES, NO), width=8),
        Column("trained_on", "培训日期", "2008-06-25", "年-月-日；还没有培训的不填", required=False, kind="date"),
    ),
)
UNITS = Form(
    "单位名单",
    (
        Column("code", "单位编号", "JM0003", "全中心不重复", most=40),
        Column("name", "全称", "江门市环境保护局", most=60, width=32),
        Column("short_name", "简称", "市环保局", most=20, width=20),
        Column("kind", "性质", "机关", choices=tuple(KINDS), width=16),
        Column("rank", "级别", "工作部门、派出机构", choices=tuple(RANK_WORDS), width=22),
        Column("order", "排序", "3", "正整数，小的在前", kind="number", width=8),
        Column("batch", "批次", "1", "本批的数字", kind="number", width=8),
    ),
)
IMPRINTS = Form(
    "印模填报表",
    (
        Column("name", "单位全称", "江门市环境保护局", most=120, width=36),
        Column(
            "picture",
            "印模图片",
            "江门市环境保护局.png",
            "图片插在本格，或写图片文件名",
            kind="picture",
            most=200,
            width=32,
        ),
        Column("diameter", "直径（毫米）", "42", "可以不填", required=False, kind="number", width=14),
    ),
    most_rows=500,
)
FORMS = {Import.Kind.STAFF: STAFF, Import.Kind.UNITS: UNITS, Import.Kind.IMPRINTS: IMPRINTS}
