"""How far each unit of a batch is: what the operator looks at before the day (U6, J-plan 四). Read in a few queries."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from yichuan.changes.models import Batch, PlannedUnit
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.states import CertificateState
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange, Post, Staff, Unit
from yichuan.org.selectors import in_force
from yichuan.org.selectors.unit_certificates import certificates_in_force
from yichuan.seals.models import Seal

THREE_POSTS = (Duty.LEADER, Duty.CLERK, Duty.CUSTODIAN)  # 附件1
CALLED = (Duty.UNIT_ADMIN, Duty.CLERK, Duty.LEADER)  # in this order
STEPS = {
    "joined": "加入",
    "posts": "三个岗位",
    "seals": "印章",
    "certificates": "证书",
    "logins": "首次登录",
    "tested": "收发测试",
}


@dataclass(frozen=True)
class Mark:
    """One step of one unit: done or not, and how far in figures."""

    key: str
    done: bool
    said: str


@dataclass
class Line:
    """One unit on the board."""

    name: str
    code: str
    unit_id: uuid.UUID | None
    marks: list[Mark]
    calls: list[Staff] = field(default_factory=list)

    @property
    def ready(self) -> bool:
        """Whether every step is done."""
        return all(mark.done for mark in self.marks)


class Board:
    """The units of a batch, those that have not joined first; a Django paginator takes it as its list."""

    def __init__(self, batch: Batch, only: str = "") -> None:
        self.batch = batch
        self.units = _with_steps(Unit.objects.filter(batch=batch.pk, closed_at=None))
        same = Unit.objects.filter(name=OuterRef("name"), closed_at=None)
        self.waiting = PlannedUnit.objects.filter(~Exists(same), batch=batch, unit=None)
        if only == "open":
            self.units = self.units.exclude(_ready())
        elif only in STEPS and only != "joined":
            self.units = self.units.exclude(_done(only))
        elif only == "joined":
            self.units = self.units.none()

    def count(self) -> int:
        """How many units."""
        return self.waiting.count() + self.units.count()

    def __len__(self) -> int:
        return self.count()

    def __iter__(self) -> Iterator[Line]:
        return iter(self[0 : self.count()])

    def __getitem__(self, part: Any) -> Any:
        """A slice, as a paginator asks for it: a list of `Line`."""
        before = self.waiting.count()
        start, stop = part.start or 0, before + self.units.count() if part.stop is None else part.stop
        lines = [_not_joined(each) for each in self.waiting.order_by("order", "pk")[start:stop]]
        rest = self.units.order_by("order", "pk")[max(0, start - before) : max(0, stop - before)]
        lines += [_line(unit) for unit in rest]
        _add_calls(lines)
        return lines

    def counts(self) -> dict[str, int]:
        """Of all units of the batch, how many have done each step, and how many are ready."""
        found = _with_steps(Unit.objects.filter(batch=self.batch.pk, closed_at=None)).aggregate(
            joined=Count("pk"),
            ready=Count("pk", filter=_ready()),
            **{key: Count("pk", filter=_done(key)) for key in STEPS if key != "joined"},
        )
        return found | {"all": found["joined"] + self.waiting.count()}


def _with_steps(units: QuerySet[Unit]) -> QuerySet[Unit]:
    held = in_force(Post.objects.filter(unit=OuterRef("pk"), duty__in=THREE_POSTS))
    asked = AccessChange.objects.filter(
        unit=OuterRef("pk"), kind=AccessChange.Kind.APPOINT, state=AccessChange.State.WAITING, duty__in=THREE_POSTS
    )
    staff = Staff.objects.filter(unit=OuterRef("pk"), account__is_active=True)
    certified = IssuedCertificate.objects.filter(
        holder_id=OuterRef("account"), holder_kind="person", state=CertificateState.VALID
    )
    return units.annotate(
        held=_number(held, Count("duty", distinct=True)),
        asked=_number(asked, Count("duty", distinct=True)),
        people=_number(staff, Count("pk")),
        entered=_number(staff.filter(account__last_login__isnull=False), Count("pk")),
        certified=_number(staff.filter(Exists(certified)), Count("pk")),
        encrypts=Exists(certificates_in_force().filter(holder_id=OuterRef("pk"))),
        sealed=Exists(Seal.objects.filter(unit=OuterRef("pk"), withdrawn_at=None)),
        sent=Exists(Dispatch.objects.filter(unit=OuterRef("pk"))),
        received=Exists(Delivery.objects.filter(unit=OuterRef("pk"), signed_for_at__isnull=False)),
    )


def _number(rows: QuerySet[Post] | QuerySet[AccessChange] | QuerySet[Staff], what: Count) -> Coalesce:
    """A count of a unit's rows as a subquery of its own, so that none multiplies another."""
    counted = rows.order_by().values("unit").annotate(number=what).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _done(key: str) -> Q:
    return {
        "posts": Q(held=len(THREE_POSTS)),
        "seals": Q(sealed=True),
        "certificates": Q(encrypts=True, people__gt=0, certified=F("people")),
        "logins": Q(people__gt=0, entered=F("people")),
        "tested": Q(sent=True, received=True),
    }[key]


def _ready() -> Q:
    ready = Q()
    for key in STEPS:
        if key != "joined":
            ready &= _done(key)
    return ready


def _line(unit: Unit) -> Line:
    seen = vars(unit)
    people, entered, certified, held = (seen[key] for key in ("people", "entered", "certified", "held"))
    waits = f"，{seen['asked']} 个待审核" if seen["asked"] and held < len(THREE_POSTS) else ""
    tried = [word for word, done in (("已发", seen["sent"]), ("已收", seen["received"])) if done]
    marks = [
        Mark("joined", True, "已加入"),
        Mark("posts", held == len(THREE_POSTS), f"{held}/{len(THREE_POSTS)}{waits}"),
        Mark("seals", seen["sealed"], "已制" if seen["sealed"] else "未制"),
        Mark(
            "certificates",
            seen["encrypts"] and 0 < people == certified,
            f"{certified}/{people}{'' if seen['encrypts'] else '，单位没有'}",
        ),
        Mark("logins", 0 < people == entered, f"{entered}/{people}"),
        Mark("tested", len(tried) == 2, "、".join(tried) or "没有"),
    ]
    return Line(unit.short_name, unit.code, unit.pk, marks)


def _not_joined(planned: PlannedUnit) -> Line:
    marks = [Mark(key, False, "未加入" if key == "joined" else "") for key in STEPS]
    return Line(planned.short_name, planned.code, None, marks)


def _add_calls(lines: Iterable[Line]) -> None:
    """Whom to telephone: the unit's administrator, else its clerk, its leader, else anybody with a number."""
    by_unit = {line.unit_id: line for line in lines if line.unit_id is not None and not line.ready}
    wanted: dict[uuid.UUID, list[tuple[int, Staff]]] = {}
    posts = in_force(Post.objects.filter(unit__in=by_unit, duty__in=CALLED)).values_list("account", "duty")
    rank = {account: CALLED.index(Duty(duty)) for account, duty in posts}
    for person in _reachable(by_unit):
        wanted.setdefault(person.unit_id, []).append((rank.get(person.pk, len(CALLED)), person))  # type: ignore[arg-type]
    for unit_id, people in wanted.items():
        by_unit[unit_id].calls = [person for _, person in sorted(people, key=lambda each: each[0])[:1]]


def _reachable(units: Iterable[uuid.UUID]) -> Iterator[Staff]:
    numbered = Staff.objects.filter(unit__in=list(units)).exclude(phone="", mobile="")
    yield from numbered.select_related("account").order_by("unit", "account__username")
