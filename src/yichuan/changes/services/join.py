"""Applying to join without an account (J-8): bounded for the whole network, answered with a code shown once."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from yichuan.changes.content import Join, cleaned
from yichuan.changes.models import Application
from yichuan.changes.services.begin import blank
from yichuan.changes.services.facts import check_facts
from yichuan.changes.services.papers import Paper, checked, keep, write
from yichuan.changes.services.parties import CodeHolder
from yichuan.changes.services.stepping import step
from yichuan.changes.services.submit import give_number, require_papers
from yichuan.changes.states import APPLICATION, ApplicationState
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.transactions import command
from yichuan.people.services.tries import Try, begin_try, forgive_try

MOST_OF_AN_ADDRESS = 5
DAY = timedelta(days=1)
MOST_WAITING = 200
MOST_FILES = 4
MOST_BYTES = 8 * 2**20
FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=30)
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_LENGTH = 16  # 80 bits: nobody guesses it, so a plain digest keeps it


def join(*, content: Join, papers: list[Paper], address: str) -> tuple[Application, str]:
    """Hand in an application to join; the application, and the query code that is shown once. A command."""
    require_room(address)
    content = cleaned(content)  # type: ignore[assignment]
    check_facts(None, content)
    if len(papers) > MOST_FILES:
        raise Invalid({"other": f"网上申请最多上传 {MOST_FILES} 个文件，其余的可以在补正时添加。"})
    for paper in papers:
        checked(paper, most=MOST_BYTES)
    application, code = blank(content, unit=None, source=Application.Source.PUBLIC), new_code()
    require_papers(application, {paper.role for paper in papers})
    application.address, application.code_digest = address, _digest(application, code)
    written = [write(application, paper, most=MOST_BYTES) for paper in papers]
    with command():
        give_number(application)  # holds the year's row: what is counted below is counted by one at a time
        require_room(address)
        transition = APPLICATION.find("submit", application.state)
        application.state = transition.target
        application.save(force_insert=True)
        keep(application, written)
        step(application, transition, CodeHolder(application.pk))
    return application, code


def require_room(address: str) -> None:
    """Refuse where one address has applied too often today, or too many applications wait already."""
    ours = Application.objects.filter(source=Application.Source.PUBLIC)
    if ours.filter(address=address, submitted_at__gt=clock.now() - DAY).count() >= MOST_OF_AN_ADDRESS:
        raise Refused(
            "too_many", f"这台电脑今天已经提交了 {MOST_OF_AN_ADDRESS} 份申请，请明天再来，或者把纸质申请送承办单位。"
        )
    if ours.filter(state=ApplicationState.SUBMITTED).count() >= MOST_WAITING:
        raise Refused("full", "等待受理的申请已经很多，暂时不能网上申请。请把纸质申请送承办单位代录。")


def new_code() -> str:
    """A query code, in groups of four, without characters that look alike."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    return "-".join(code[at : at + 4] for at in range(0, _CODE_LENGTH, 4))


def find_by_code(*, number: str, code: str, address: str = "") -> CodeHolder:
    """Who knows number and code is the applicant. A command: failures are counted, and five lock for half an hour.

    A number that does not exist and a wrong code look alike. They count for the address too, like wrong passwords:
    numbers run on, and a stranger could lock everybody's.
    """
    with command():
        slowed = begin_try(address) is not Try.OPEN
    if slowed:
        raise Refused("slowed", "这台电脑所在的地址输错次数太多，请一刻钟后再试，或者联系承办单位。")
    wrong = NotFound("wrong_code", "申请编号或查询码不对。连续 5 次不对，这份申请会停止查询 30 分钟。")
    with command():
        found = Application.objects.select_for_update().filter(
            number=number.strip().upper(), source=Application.Source.PUBLIC
        )
        application = found.first()
        if application is None:
            raise wrong
        if application.code_locked_until is not None and application.code_locked_until > clock.now():
            raise Refused("code_locked", "查询码连续输错，这份申请暂停查询。请 30 分钟后再试，或者联系承办单位。")
        right = hmac.compare_digest(application.code_digest, _digest(application, code))
        application.code_failures = 0 if right else application.code_failures + 1
        if application.code_failures >= FAILURES_ALLOWED:
            application.code_failures, application.code_locked_until = 0, clock.now() + LOCKED_FOR
        application.save(update_fields=["code_failures", "code_locked_until"])
        if right:
            forgive_try(address)
    if not right:
        raise wrong
    return CodeHolder(application.pk)


def _digest(application: Application, code: str) -> str:
    plain = "".join(character for character in code.upper() if character in _ALPHABET)
    return hashlib.sha256(f"{application.pk}:{plain}".encode()).hexdigest()
