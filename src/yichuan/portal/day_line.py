"""今天的时限: the line of a working day, with the hours by which something is to be done (J-32, G-20)."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from yichuan.common import profile
from yichuan.exchange.half_days import HALVES, HalfDay, halves_of
from yichuan.portal.task import Task
from yichuan.web import words

ROOM = timedelta(minutes=40)  # so that the words of the last hour stand inside the line


def day_line(now: datetime, tasks: Iterable[Task], *, signs: bool, sends: bool) -> dict[str, Any]:
    """Where the day stands. `signs`: with the ends of both half days; `sends`: with the hour of the cut-off.

    `now` is local. What is late is counted at the half day that is on, or at the last.
    """
    found = list(tasks)
    halves = halves_of(now.date())
    unsigned = Counter(max(task.due, halves[0].end) for task in found if task.verb == "签收" and task.due)
    points = [_signing(half, now, unsigned) for half in halves] if signs else []
    if sends:
        points.append(_cut_off(now, profile.current().cut_off, sum(task.verb == "发送" for task in found)))
    start, end = halves[0].start, max([halves[-1].end, *(point["at"] for point in points)]) + ROOM
    begun = {"at": start, "top": f"{start:%-H:%M}", "low": "上班", "kind": "ok" if now >= start else ""}
    points.sort(key=lambda point: point["at"])
    return {"start": start, "end": end, "points": [begun, *_apart(points)]}


def _signing(half: HalfDay, now: datetime, unsigned: "Counter[datetime]") -> dict[str, Any]:
    """The end of a half day, with what is still to be signed for by then."""
    number = sum(count for due, count in unsigned.items() if due <= half.end)
    past = now >= half.end
    low = f"{number} 件{'超时未签收' if past else '待签收'}" if number else "没有待签收"
    kind = "late" if past and number else "done" if not number else "soon"
    return {"at": half.end, "top": f"{HALVES[half.half]}签收 {half.end:%H:%M}", "low": low, "kind": kind}


def _cut_off(now: datetime, hour: time, to_send: int) -> dict[str, Any]:
    """The hour until which sending counts as today (J-32)."""
    at = now.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
    waits = f"，{to_send} 件待发送" if to_send else ""
    past = now >= at
    low = f"现在发出计为下一个工作日{waits}" if past else f"{words.left(at, now)}{waits}"
    return {
        "at": at,
        "top": f"发文截止 {hour:%H:%M}",
        "low": low,
        "kind": "ok" if past else "soon warn" if to_send else "soon",
    }


def _apart(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Points of one hour as one, for their words would stand on each other."""
    merged: list[dict[str, Any]] = []
    for point in points:
        if merged and merged[-1]["at"] == point["at"]:
            before = merged.pop()
            label = before["top"].split()[0]
            point = point | {"top": f"{label}、{point['top']}", "low": f"{before['low']}；{point['low']}"}
        merged.append(point)
    return merged
