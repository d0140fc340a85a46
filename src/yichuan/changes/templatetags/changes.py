"""`{% load changes %}`: how an application stands."""

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

from yichuan.changes.models import Application
from yichuan.changes.states import ApplicationState
from yichuan.changes.words import STATE_LOOKS
from yichuan.web.templatetags.yc import badge

register = template.Library()

HINTS = {
    "name": "与批文、公章上的名称一致",
    "short_name": "通讯录和跟踪页上用，例如「市环保局」",
    "starts": "从哪天起使用交换系统",
    "administrator": "现在的人员里没有的，选「新的管理员」，再填下面几项",
    "users": "去掉勾选的人，更名后账号停用",
    "newcomers": "一行一人：姓名、职务、岗位。由系统管理员更名后开通",
    "admin_established": "由具有较高计算机知识水平的在编干部担任（第十三条）",
    "admin_trained_on": "培训以后才能上岗（第十二条）；还没有培训的，请先联系承办单位安排",
    "to": "移交指定单位时填写，照通讯录写全称或简称",
    "merged": "一行一个，照通讯录写全称或简称",
    "survivor": "照通讯录写全称或简称",
    "disposal": "由被撤销的单位提出（第十条第二款）",
    "head": "在申请函上签字的负责人",
}


@register.simple_tag
def application_state(application: Application) -> SafeString:
    """The badge of its state: icon, word and colour."""
    state = ApplicationState(application.state)
    return badge(state.label, *STATE_LOOKS[state])


@register.simple_tag
def hint_of(bound: BoundField) -> str:
    """What is written below a field of an application's form."""
    return HINTS.get(bound.name, "")
