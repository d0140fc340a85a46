"""A formal hand-over of posts (交接, P5, G-6, G-28): one form, both confirm, the auditor reviews, one instant."""

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.utils.module_loading import import_string

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command, require_transaction
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange, HandOver, Post, Staff
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import Desk, in_force
from yichuan.org.services.access import request_change, said
from yichuan.org.services.access_rules import check_fit
from yichuan.org.services.appoint import appoint, name_of
from yichuan.org.services.dismiss import dismiss
from yichuan.org.services.settle import settle
from yichuan.people.models import Account

State = HandOver.State
OPEN = (State.PROPOSED, State.CONFIRMED)
GONE = "没有这份交接单，或者和你无关。请回到交接列表查看。"


def propose(
    *, actor: Account, giver_id: uuid.UUID, taker_id: uuid.UUID, post_ids: Iterable[uuid.UUID], reason: str
) -> HandOver:
    """Fill in the form. A command; by the giver, or by the administrator of the posts' unit.

    The giver's own proposal is their confirmation. What work is open is counted now and stands on the form.
    """
    text = said(reason)
    wanted = set(post_ids)
    with command():
        people = Account.objects.select_for_update().filter(pk__in=(giver_id, taker_id)).order_by("pk")
        found = {account.pk: account for account in people}
        giver, taker = found.get(giver_id), found.get(taker_id)
        if giver is None or taker is None or giver == taker:
            raise Invalid({"taker": "请选择接任的人，不能是移交人自己。"})
        posts = list(_posts(giver, wanted))
        _check_proposer(actor, giver, posts, wanted)
        for post in posts:
            _check_taker(taker, post)
        if HandOver.objects.filter(posts__in=posts, state__in=OPEN).exists():
            raise Refused("handed_over_already", "这个岗位已经有一份没有办完的交接单，请先办完或撤回那一份。")
        now = clock.now()
        own = actor.pk == giver.pk
        form = HandOver.objects.create(
            unit=posts[0].unit, giver=giver, taker=taker, state=State.PROPOSED, reason=text, items=_items(giver, posts),
            proposed_by=actor, proposed_at=now, given_at=now if own else None, given_by=actor if own else None,
        )  # fmt: skip
        form.posts.set(posts)
        _record("org.hand_over_propose", actor, form, posts=len(posts))
    return form


def confirm(*, actor: Account, hand_over_id: uuid.UUID, in_place: bool = False) -> HandOver:
    """Giver or taker confirms; when both have, the form goes to the auditor. A command.

    `in_place`: who proposed it confirms for a giver who is gone; the form and the log say so.
    """
    with command():
        form = _locked(actor, hand_over_id)
        now = clock.now()
        stands_in = in_place and actor.pk == form.proposed_by_id != form.taker_id
        if actor.pk == form.taker_id and form.taken_at is None:
            form.taken_at = now
        elif form.given_at is None and (actor.pk == form.giver_id or stands_in):
            form.given_at, form.given_by = now, actor
        else:
            raise Refused("nothing_to_confirm", "这份交接单现在不用你确认，请刷新页面看最新情况。")
        both = form.given_at is not None and form.taken_at is not None
        form.state = State.CONFIRMED if both else State.PROPOSED
        form.save(update_fields=["given_at", "given_by", "taken_at", "state"])
        _record("org.hand_over_confirm", actor, form, in_place=form.given_by_id == actor.pk != form.giver_id)
        if both:
            request_change(
                actor=actor, kind=AccessChange.Kind.HAND_OVER, account=form.taker, unit=form.unit, reason=form.reason,
                hand_over=form,
            )  # fmt: skip
    return form


def refuse(*, actor: Account, hand_over_id: uuid.UUID, reason: str) -> HandOver:
    """Giver or taker does not agree. A command; the posts stay where they are."""
    text = said(reason)
    with command():
        form = _locked(actor, hand_over_id)
        if actor.pk not in (form.giver_id, form.taker_id):
            raise NotAllowed("not_a_party", "只有移交人和接任人可以不同意；提出的人请用「撤回」。")
        _end(form, State.REFUSED, text)
        _record("org.hand_over_refuse", actor, form)
    return form


def withdraw(*, actor: Account, hand_over_id: uuid.UUID) -> HandOver:
    """Who proposed it takes it back before both have confirmed. A command."""
    with command():
        form = _locked(actor, hand_over_id)
        if actor.pk != form.proposed_by_id:
            raise NotAllowed("not_the_proposer", "只有提出的人可以撤回；不同意交接，请用「不同意」。")
        _end(form, State.WITHDRAWN, "")
        _record("org.hand_over_withdraw", actor, form)
    return form


def carry_out(hand_over: HandOver, *, actor: Actor | None = None) -> list[Post]:
    """The old posts end and the new ones begin at the same instant. A step, of the auditor's review.

    Refused whole where one post has ended, changed hands or no longer fits the taker.
    """
    require_transaction()
    form = HandOver.objects.select_for_update(of=("self",)).select_related("taker", "giver").get(pk=hand_over.pk)
    if form.state != State.CONFIRMED:
        raise Refused("not_confirmed", "这份交接单不在待审核状态，不能办理。请刷新页面。")
    ids = list(form.posts.values_list("pk", flat=True))
    list(Post.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    posts = list(_posts(form.giver, ids))
    if len(posts) != len(ids):
        raise Refused("posts_changed", f"{form.giver.name}已经不在其中的岗位上，没有交接。请重新填写交接单。")
    for post in posts:
        _check_taker(form.taker, post)
    staff = Staff.objects.select_for_update().get(account=form.taker)
    made = [_moved(actor, staff, form.taker, post) for post in posts]
    _end(form, State.DONE, "")
    _record("org.hand_over_done", actor, form, posts=len(made))
    return made


def _moved(actor: Actor | None, staff: Staff, taker: Account, post: Post) -> Post:
    """The post ends, and begins anew in the very instant, under the same permissions."""
    dismiss(actor=actor, post=post)
    settle(staff, duty=post.duty, unit=post.unit)
    return appoint(
        actor=actor,
        account=taker,
        unit=post.unit,
        office=post.office,
        duty=Duty(post.duty),
        permissions=post.permissions,
        since=post.until,
    )


def visible_hand_over(actor: Account, hand_over_id: uuid.UUID) -> HandOver:
    """The form, for its parties, who proposed it, its unit's administrator, and who reviews access."""
    form = HandOver.objects.select_related("unit", "giver", "taker", "proposed_by", "given_by").filter(pk=hand_over_id)
    found = form.first()
    if found is None:
        raise NotFound("no_hand_over", GONE)
    party = actor.pk in (found.giver_id, found.taker_id, found.proposed_by_id)
    administers = found.unit is not None and actor.has_perm(OrgPermission.HAND_OVER, Desk(found.unit))
    if not (party or administers or actor.has_perm(OrgPermission.REVIEW_ACCESS)):
        raise NotFound("no_hand_over", GONE)
    return found


def _locked(actor: Account, hand_over_id: uuid.UUID) -> HandOver:
    HandOver.objects.select_for_update().filter(pk=hand_over_id).first()
    form = visible_hand_over(actor, hand_over_id)
    if form.state != State.PROPOSED:
        raise Refused("wrong_state", f"这份交接单现在是「{form.get_state_display()}」，不能这样办理。请刷新页面。")
    return form


def _posts(giver: Account, ids: Iterable[uuid.UUID]) -> Iterable[Post]:
    """Of these posts those that the giver holds now, for as long as nobody ends them."""
    held = in_force(Post.objects.filter(pk__in=list(ids), account=giver, until=None, stands_in_for=None))
    return held.select_related("account", "unit", "office").order_by("since", "id")


def _check_proposer(actor: Account, giver: Account, posts: list[Post], wanted: set[uuid.UUID]) -> None:
    if not posts or len(posts) != len(wanted):
        raise Invalid({"posts": "请勾选要移交的岗位；已经结束的和代岗不能移交。"})
    if len({post.unit_id for post in posts}) > 1:
        raise Invalid({"posts": "一份交接单只办一个单位的岗位，请分开填写。"})
    if any(post.duty == Duty.AUDITOR for post in posts):
        raise Refused("auditor_is_replaced", "系统审计员不能这样交接，请走「更换审计员」。")
    unit = posts[0].unit
    if actor.pk != giver.pk and not (unit and actor.has_perm(OrgPermission.HAND_OVER, Desk(unit))):
        raise NotAllowed("no_permission", f"你的岗位没有「{OrgPermission.HAND_OVER.label}」的权限。")


def _check_taker(taker: Account, post: Post) -> None:
    """The taker must fit the post as anybody who is appointed to it (P8, G-5)."""
    try:
        check_fit(
            AccessChange(
                kind=AccessChange.Kind.APPOINT,
                account=taker,
                unit=post.unit,
                office=post.office,
                duty=post.duty,
                permissions=post.permissions,
            )
        )
    except Invalid as refusal:
        raise Invalid({"taker": f"{name_of(post)}：{refusal.message}"}) from refusal


def _items(giver: Account, posts: list[Post]) -> list[dict[str, object]]:
    """What work is open with each post, as the rooms above count it."""
    ports = [import_string(name) for name in settings.YICHUAN_OPEN_WORK]
    return [
        {"post": name_of(post), "what": what, "number": number}
        for post in posts
        for port in ports
        for what, number in port(giver, post)
    ]


def _end(form: HandOver, state: HandOver.State, note: str) -> None:
    form.state, form.ended_at, form.note = state, clock.now(), note
    form.save(update_fields=["state", "ended_at", "note"])


def _record(verb: str, actor: Actor | None, form: HandOver, **detail: object) -> None:
    said_of = {"giver": form.giver.username, "taker": form.taker.username, **detail}
    record(verb=verb, actor=actor, unit_id=form.unit_id, subject=form, detail=said_of)
