"""What the workbench says of chasing: deadlines, reminders, whom to urge and whom to telephone."""

from typing import Any

from support.chasing import arrived, at, friday, monday, tick
from support.pages import words
from support.world import World
from yichuan.compose.models import Document
from yichuan.exchange.services.remind import settle_reminders
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.urge import urge
from yichuan.org.duties import Duty
from yichuan.org.selectors import desks_of
from yichuan.people.models import Account
from yichuan.portal.chasing_tasks import chasing_tasks
from yichuan.portal.tasks import tasks_of

HERE = "市环保局"


def bench(world: World, account: Account) -> str:
    answer = world.browser(account).get("/")
    assert answer.status_code == 200
    return words(answer.content.decode())


def verbs(account: Account) -> list[str]:
    return [task.verb for task in chasing_tasks(account, desks_of(account)[0])]


def test_the_receiver_sees_by_when_to_sign_and_how_late_it_is(world: World) -> None:
    arrived(world)
    with at(friday(10)):
        assert "今天 12:00" in bench(world, world.clerk[HERE])
    with at(friday(14)):
        said = bench(world, world.clerk[HERE])
    assert "超时 2 小时" in said and "1 件超时未签收" in said


def test_of_what_is_due_at_one_time_the_most_urgent_comes_first(world: World, settings: Any) -> None:
    settings.YICHUAN_PROFILE = "guangdong-2012"
    ordinary, pressing = world.delivery(HERE), world.delivery(HERE)
    Document.objects.filter(pk=pressing.dispatch.document_id).update(urgency="特急")
    clerk = world.clerk[HERE]
    numbers = [task.number for task in tasks_of(clerk, desks_of(clerk)[0]) if task.verb == "签收"]
    assert numbers == [pressing.dispatch.document.number, ordinary.dispatch.document.number]


def test_the_receiver_is_reminded_until_all_is_signed_for(world: World) -> None:
    [delivery] = arrived(world)
    tick(friday(11))
    with at(friday(11, 5)):
        assert "收发室有 1 件公文应在6月6日上午签收" in bench(world, world.clerk[HERE])
        assert verbs(world.clerk["市卫生局"]) == []
    sign_for(actor=world.clerk[HERE], delivery_id=delivery.pk)
    with at(friday(11, 6)):
        settle_reminders()
        assert verbs(world.clerk[HERE]) == []


def test_a_leader_is_told_when_the_leaders_step_has_come_and_led_to_who_was_reminded(world: World) -> None:
    leader = world.appoint_leader(HERE)
    arrived(world)
    tick(friday(11))
    with at(friday(11, 5)):
        assert verbs(leader) == []
    tick(friday(11, 50))
    with at(friday(11, 51)):
        [task] = chasing_tasks(leader, desks_of(leader)[0])
    assert (task.verb, task.who, task.url) == ("催签", "提醒单位主管领导", "/reminders/")


def test_the_sender_sees_which_document_nobody_signs_for(world: World) -> None:
    [delivery] = arrived(world)
    with at(friday(11)):
        assert verbs(world.sending_clerk) == []
    with at(friday(12)):
        [task] = chasing_tasks(world.sending_clerk, desks_of(world.sending_clerk)[0])
        page = bench(world, world.sending_clerk)
    assert (task.verb, task.who, task.url) == ("催办", "1 家超时", f"/sent/{delivery.dispatch_id}/")
    assert "1 家超时未签收" in page


def test_what_the_sender_urged_says_so_beside_its_title(world: World) -> None:
    [delivery] = arrived(world)
    with at(friday(10)):
        urge(actor=world.sending_clerk, dispatch_id=delivery.dispatch_id, delivery_ids=[delivery.pk])
        assert "10:00 催办" in bench(world, world.clerk[HERE])


def test_an_urgent_one_is_marked_and_its_sender_asked_to_telephone(world: World, settings: Any) -> None:
    settings.YICHUAN_PROFILE = "guangdong-2012"
    [delivery] = arrived(world)
    Document.objects.filter(pk=delivery.dispatch.document_id).update(urgency="特急")
    with at(friday(9, 40)):
        assert "特急" in bench(world, world.clerk[HERE])
        [task] = chasing_tasks(world.sending_clerk, desks_of(world.sending_clerk)[0])
    assert (task.verb, task.url, task.late) == ("电话提醒", f"/deliveries/{delivery.pk}/call/", True)


def test_the_supervising_office_sees_one_line_for_all_late_desks(world: World) -> None:
    supervisor = world.holder(Duty.SUPERVISOR, "市府办公室")
    arrived(world, HERE, "市卫生局")
    with at(monday(9)):
        [task] = chasing_tasks(supervisor, desks_of(supervisor)[0])
    assert task.title.endswith("等 2 个交换箱到6月6日下午结束时没有签收完")


def test_a_workbench_asks_the_database_no_more_often_for_more_documents(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        arrived(world)
    clerk = world.browser(world.clerk[HERE])
    with at(friday(14)):
        clerk.get("/")
        with django_assert_max_num_queries(75):
            clerk.get("/")
