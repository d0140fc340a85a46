"""An office system is registered, listed, cut off and given another secret by an operator's command (I2, J-36)."""

import re
import uuid

import pytest
from click.testing import CliRunner, Result

from support.offices import an_office
from support.systems import ask_token, problem_of, system_of
from support.world import PASSWORD, World
from yichuan.audit.models import Entry
from yichuan.cli import main
from yichuan.common.errors import Invalid, Refused
from yichuan.common.transactions import command
from yichuan.interface.models import Client
from yichuan.interface.services.cut_client import cut_client
from yichuan.interface.services.new_secret import new_secret
from yichuan.interface.services.register_client import register_client
from yichuan.org.duties import Duty
from yichuan.org.models import Filing, Post, Staff
from yichuan.org.selectors.contacts import contact_of, people_like
from yichuan.org.selectors.posts import posts_of
from yichuan.org.selectors.staff import staff_of
from yichuan.org.services.offices import open_office_box
from yichuan.people.models import Account, LoginAttempt
from yichuan.people.services.reset_password import reset_password


def _run(*words: str) -> Result:
    return CliRunner().invoke(main, ["client", *words])


def test_registering_makes_an_account_a_post_and_a_secret_and_is_on_record(world: World) -> None:
    client, secret = register_client(actor=None, name="市环保局办公系统", unit=world.units["市环保局"])
    post = Post.objects.get(account=client.account)
    assert (post.duty, post.unit, post.office, post.permissions) == (Duty.OFFICE_SYSTEM, client.unit, None, None)
    assert secret not in (client.secret, client.account.password) and len(secret) >= 40
    entry = Entry.objects.get(verb="interface.register_client")
    assert (entry.subject_id, entry.unit_id) == (client.pk, client.unit_id)
    assert secret not in str(Entry.objects.values_list("detail"))
    assert Filing.objects.filter(account=client.account, what__contains="办公系统接口").exists()


def test_nobody_logs_in_with_its_account(world: World) -> None:
    client = system_of(world).client
    for password in (PASSWORD, "", client.account.password, client.secret):
        answer = world.browser(world.leader).post(
            "/login/", {"username": client.account.username, "password": password}
        )
        assert answer.status_code != 302, password
    with command(), pytest.raises(Refused, match="没有密码"):
        reset_password(actor=None, account=client.account)


def test_not_even_by_a_certificate(world: World, rf: object) -> None:
    """Whatever proof was brought, no session begins."""
    from django.contrib.sessions.backends.db import SessionStore

    from yichuan.people.models import Method
    from yichuan.people.services.log_in import begin_session

    request = rf.get("/")  # type: ignore[attr-defined]
    request.session = SessionStore()
    with pytest.raises(Refused) as refused:
        begin_session(request, system_of(world).client.account, method=Method.CERTIFICATE)
    assert refused.value.code == "suspended"
    assert LoginAttempt.objects.get().outcome == "suspended"


def test_it_is_nobody_in_the_lists_of_people(world: World) -> None:
    client = system_of(world, name="环保办公系统").client
    unit = client.unit
    assert not Staff.objects.filter(pk=client.account_id).exists()
    assert client.account_id not in {each.pk for each in staff_of(unit.pk)}
    assert not people_like("环保办公系统")
    held = [post.account_id for place in posts_of(unit) for post in place.holders]
    assert client.account_id not in held
    contact = contact_of(unit.pk)
    assert client.account_id not in {each.pk for each in (*contact.clerks, *contact.others)}


def test_at_an_office_it_receives_and_sends_nothing(world: World) -> None:
    office = an_office(world, "监测科", "市环保局")
    open_office_box(actor=world.holder(Duty.UNIT_ADMIN, "市环保局"), office_id=office.pk)
    system = system_of(world, office=office)
    delivery = world.delivery()
    assert system.get("/deliveries").json()["items"] == []
    assert problem_of(system.get(f"/deliveries/{delivery.pk}")) == "no_delivery"
    assert problem_of(system.post("/documents", {"title": "x"})) == "no_permission"
    assert system.get("/me").json()["office"]["name"] == "监测科"


def test_what_cannot_be_registered_is_refused_field_by_field(world: World) -> None:
    unit, other = world.units["市环保局"], an_office(world, "医政科", "市卫生局")
    for name in ("", "x" * 41, "办公\u200b系统"):
        with pytest.raises(Invalid) as refused:
            register_client(actor=None, name=name, unit=unit)
        assert set(refused.value.errors) == {"name"}
    with pytest.raises(Invalid, match="没有这个处室"):
        register_client(actor=None, name="x", unit=unit, office=other)
    register_client(actor=None, name="x", unit=unit)
    before = Account.objects.count()
    with pytest.raises(Invalid, match="已经登记过"):
        register_client(actor=None, name="x", unit=unit)
    assert Account.objects.count() == before


def test_cutting_it_off_ends_its_tokens_at_once(world: World) -> None:
    system = system_of(world)
    assert system.get("/me").status_code == 200
    cut_client(actor=None, client_id=system.client.pk, reason="停止使用")
    assert problem_of(system.get("/me")) == "invalid_token"
    assert problem_of(ask_token(system.client, system.secret)) == "invalid_client"
    assert not system.client.account.__class__.objects.get(pk=system.client.account_id).is_active
    assert Entry.objects.get(verb="interface.cut_client").detail["reason"] == "停止使用"
    for act in (
        lambda: new_secret(actor=None, client_id=system.client.pk),
        lambda: cut_client(actor=None, client_id=system.client.pk, reason="再来"),
    ):
        with pytest.raises(Refused, match="已经停用"):
            act()


def test_another_secret_ends_the_old_one_and_every_token(world: World) -> None:
    system = system_of(world)
    _, secret = new_secret(actor=None, client_id=system.client.pk)
    assert problem_of(system.get("/me")) == "invalid_token"
    assert problem_of(ask_token(system.client, system.secret)) == "invalid_client"
    assert ask_token(system.client, secret).status_code == 200


def test_the_command_registers_lists_cuts_and_renews(world: World) -> None:
    made = _run("register", "环保办公系统", "--unit", "市环保局")
    assert made.exit_code == 0, made.output
    client_id = re.findall(r"接口编号 (\S+)", made.output)[0]
    secret = re.findall(r"接口密钥 (\S+)", made.output)[0]
    client = Client.objects.get(pk=client_id)
    assert ask_token(client, secret).status_code == 200
    listed = _run("list").output
    assert client_id in listed and "环保办公系统" in listed and secret not in listed
    renewed = re.findall(r"接口密钥 (\S+)", _run("secret", client_id).output)[0]
    assert ask_token(client, renewed).status_code == 200
    assert _run("cut", client_id, "--reason", "更换系统").exit_code == 0
    assert "已停用：更换系统" in _run("list").output


def test_the_command_says_what_is_wrong(world: World) -> None:
    wrong = [
        (("register", "x", "--unit", "没有这个局"), "不在通讯录里"),
        (("register", "x", "--unit", "市环保局", "--office", "没有"), "没有「没有」"),
        (("cut", str(uuid.UUID(int=1)), "--reason", "x"), "没有这个办公系统接口"),
        (("secret", str(uuid.UUID(int=1))), "没有这个办公系统接口"),
    ]
    for words, said in wrong:
        done = _run(*words)
        assert done.exit_code != 0 and said in done.output
