"""Taking up a post: what is asked at the login of its holders is asked before anything of it is opened."""

import pytest

from support.world import World
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
from yichuan.org.services.appoint import appoint
from yichuan.org.services.dismiss import dismiss
from yichuan.people.models import OpenSession


@pytest.mark.parametrize(("duty", "stands"), [(Duty.LEADER, True), (Duty.SECURITY_OFFICER, False)])
def test_a_session_that_was_begun_by_less_than_the_new_post_asks_for_is_ended(
    world: World, duty: Duty, stands: bool
) -> None:
    clerk = world.clerk["市卫生局"]
    browser = world.browser(clerk)
    assert browser.get("/").status_code == 200
    with command():
        for post in clerk.posts.all():
            dismiss(actor=None, post=post)
        appoint(actor=None, account=clerk, unit=world.units["市卫生局"] if stands else None, duty=duty)
    assert OpenSession.objects.filter(account=clerk, ended_at=None).exists() == stands
    assert (browser.get("/").status_code == 200) == stands
