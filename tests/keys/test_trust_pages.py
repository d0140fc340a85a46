"""外部信任名单 on its page: two files brought in, an authority believed and no longer believed."""

from django.core.files.uploadedfile import SimpleUploadedFile

from support.certificates import DAY, Outside, accepted, officer, outside
from support.world import World
from yichuan.common import clock
from yichuan.keys.models import ExternalAuthority, ImportedList
from yichuan.keys.states import AuthorityState

PAGE = "/certificates/trust/"


def upload(world: World, where: str, name: str, data: bytes) -> tuple[int, str]:
    browser = world.browser(officer(world))
    answer = browser.post(f"{PAGE}{where}/", {name: SimpleUploadedFile(f"{name}.pem", data)})
    return answer.status_code, answer.content.decode()


def shown(world: World) -> str:
    return world.browser(officer(world)).get(PAGE).content.decode()


def proposed(world: World) -> tuple[Outside, ExternalAuthority]:
    found = outside()
    assert upload(world, "import", "bundle", found.authority.certificate.to_pem())[0] == 302
    return found, ExternalAuthority.objects.get()


def test_an_empty_list_says_what_it_is_for(world: World) -> None:
    assert "没有信任外部证书机构" in shown(world)


def test_everything_of_a_certificate_is_shown_before_it_is_believed(world: World) -> None:
    found, row = proposed(world)
    page = shown(world)
    fingerprint = found.authority.certificate.fingerprint.hex().upper()
    for part in (row.subject, "待确认", "自己签发（根证书）", fingerprint[:8], fingerprint[-8:], "核对指纹"):
        assert part in page
    assert f"{row.not_after:%Y}" in page


def test_it_is_believed_once_the_fingerprint_was_compared(world: World) -> None:
    _, row = proposed(world)
    browser = world.browser(officer(world))
    refused = browser.post(f"{PAGE}{row.pk}/accept/")
    assert refused.status_code == 422
    assert "核对指纹" in refused.content.decode()
    assert browser.post(f"{PAGE}{row.pk}/accept/", {"compared": "on", "for_seals": "on"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.for_seals) == (AuthorityState.ACCEPTED, True)
    page = shown(world)
    assert "没有导入" in page
    assert "可用于印章" in page


def test_what_waits_stands_before_what_is_decided(world: World) -> None:
    accepted(world, outside())
    upload(world, "import", "bundle", outside().authority.certificate.to_pem())
    page = shown(world)
    assert page.index("待确认") < page.index("已信任")


def test_its_list_is_brought_in_and_grows_old(world: World) -> None:
    found = outside()
    row = accepted(world, found, listed=False)
    assert upload(world, "revocations", "revocations", found.list().der)[0] == 302
    assert ImportedList.objects.get().authority == row
    assert "有效到" in shown(world)
    with clock.fixed_at(clock.now() + 9 * DAY):
        assert "请导入新的列表" in shown(world)


def test_a_file_that_is_none_is_refused_beside_its_field(world: World) -> None:
    for where, name, word in (("import", "bundle", "读不出证书"), ("revocations", "revocations", "读不出吊销列表")):
        status, page = upload(world, where, name, b"junk")
        assert status == 422
        assert word in page
        status, page = upload(world, where, name, b"")
        assert status == 422
        assert "文件是空的" in page
        answer = world.browser(officer(world)).post(f"{PAGE}{where}/")
        assert "请选择" in answer.content.decode()


def test_it_is_withdrawn(world: World) -> None:
    row = accepted(world, outside())
    browser = world.browser(officer(world))
    assert browser.post(f"{PAGE}{row.pk}/withdraw/").status_code == 302
    row.refresh_from_db()
    assert row.state == AuthorityState.WITHDRAWN
    again = browser.post(f"{PAGE}{row.pk}/withdraw/")
    assert again.status_code == 422
    assert "已停用" in again.content.decode()


def test_a_name_cannot_bring_markup_onto_the_page(world: World) -> None:
    found = outside()
    row = accepted(world, found)
    ExternalAuthority.objects.filter(pk=row.pk).update(subject="<script>alert(1)</script>")
    assert "<script>alert" not in shown(world)
