"""Single or dual track (D4, G-note-2): whether a paper twin travels beside the electronic document.

The centre's own track stands in its profile. The supervising unit's approver may set another for the whole centre, for
all that one unit sends or receives, or for one pair of units; every rule that ever held stays on record.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet, UUIDField

from yichuan.audit.services.record import record
from yichuan.common import clock, profile
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import check
from yichuan.common.prepared import Prepared
from yichuan.common.transactions import command
from yichuan.exchange.models import Track, TrackRule
from yichuan.exchange.permissions import ExchangePermission
from yichuan.org.models import Unit
from yichuan.org.selectors import Desk
from yichuan.people.models import Account

LONGEST_REASON = 200
Pair = tuple[uuid.UUID | None, uuid.UUID | None]


def _rule_rows(sender: uuid.UUID) -> QuerySet[TrackRule, tuple[Any, ...]]:
    rules = TrackRule.objects.filter(Q(sender=sender) | Q(sender=None), until=None)
    return rules.values_list("sender", "receiver", "track")


_rules_that_hold = Prepared(_rule_rows, sender=UUIDField())


def track_between(sender_id: uuid.UUID, receiver_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Track]:
    """By which track the sender exchanges with each of these units, in one query.

    The pair's own rule comes first; then the sender's and the receiver's (where only one of the two keeps paper, it
    is dual, so that nobody lacks a paper); then the centre's.
    """
    found: dict[Pair, Track] = {(from_, to): Track(track) for from_, to, track in _rules_that_hold(sender=sender_id)}
    centre = found.get((None, None), Track(profile.current().exchange.track))
    if not found:
        return dict.fromkeys(receiver_ids, centre)
    return {receiver_id: _track(found, sender_id, receiver_id, centre) for receiver_id in receiver_ids}


def _track(found: dict[Pair, Track], sender_id: uuid.UUID, receiver_id: uuid.UUID, centre: Track) -> Track:
    own = found.get((sender_id, receiver_id))
    if own is not None:
        return own
    sided = {found[pair] for pair in ((sender_id, None), (None, receiver_id)) if pair in found}
    if not sided:
        return centre
    return Track.DUAL if Track.DUAL in sided else Track.SINGLE


def set_track(
    *, actor: Account, at: Unit, sender_id: uuid.UUID | None, receiver_id: uuid.UUID | None, track: str, reason: str
) -> TrackRule:
    """Set the track of a pair; None stands for every unit. A command, by `actor` at the supervising unit `at`.

    The rule that held before for the same pair ends. What was sent already keeps its papers. Raises `Invalid`.
    """
    errors = {}
    said = reason.strip()
    if track not in Track.values:
        errors["track"] = "请选择单轨或者双轨。"
    if sender_id is not None and sender_id == receiver_id:
        errors["receiver"] = "发文单位和收文单位不能是同一个单位。"
    if not said:
        errors["reason"] = "请写明依据，例如主管单位的通知文号。"
    elif len(said) > LONGEST_REASON or hides_something(said):
        errors["reason"] = f"依据最多 {LONGEST_REASON} 个字，不能有看不见的字符。"
    units = Unit.objects.filter(closed_at=None).in_bulk([each for each in (sender_id, receiver_id) if each])
    for name, unit_id in (("sender", sender_id), ("receiver", receiver_id)):
        if unit_id is not None and unit_id not in units:
            errors[name] = "没有这个单位，或者已经注销。请从名单中选择。"
    if errors:
        raise Invalid(errors)
    pair = TrackRule.pair_of(sender_id, receiver_id)
    with command():
        before = TrackRule.objects.select_for_update().filter(pair=pair, until=None).first()
        check(actor, ExchangePermission.SET_TRACK, Desk(at))
        if before is not None and before.track == track:
            raise Refused("same_track", f"现在已经是{before.get_track_display()}，不用再设定。")
        now = clock.now()
        if before is not None:
            before.until = now
            before.save(update_fields=["until"])
        rule = TrackRule.objects.create(
            sender_id=sender_id, receiver_id=receiver_id, pair=pair, track=track, since=now, set_by=actor, reason=said
        )
        detail = {
            "from": before.track if before else "",
            "to": track,
            "reason": said,
            "sender": units[sender_id].short_name if sender_id else "",
            "receiver": units[receiver_id].short_name if receiver_id else "",
        }
        record(verb="exchange.set_track", actor=actor, unit_id=at.pk, subject=rule, detail=detail)
    return rule


def end_track(*, actor: Account, at: Unit, rule_id: uuid.UUID) -> TrackRule:
    """End a rule, so that the next wider one holds again. A command; a rule that ended already stays as it is."""
    with command():
        rule = TrackRule.objects.select_for_update().filter(pk=rule_id).first()
        if rule is None:
            raise NotFound("no_rule", "没有这条规定。请回到单轨双轨的页面查看。")
        check(actor, ExchangePermission.SET_TRACK, Desk(at))
        if rule.until is None:
            rule.until = clock.now()
            rule.save(update_fields=["until"])
            record(verb="exchange.end_track", actor=actor, unit_id=at.pk, subject=rule, detail={"from": rule.track})
    return rule
