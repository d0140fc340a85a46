"""Units join, are renamed, merge, split and go, with documents on their way: nothing in any box is ever lost.

Each step is followed by looking at every delivery that was ever made: who holds it, under which key it opens and under
which not, under which names it went, what receipts it has.
"""

import uuid
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from support.over_the_years import box_of_office, close, hand_over_office, rename
from support.printing import print_original
from support.snapshot import again
from support.world import build, forget_caches
from support.years import Book, Centre, Known
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotFound
from yichuan.exchange.models import Delivery, Receipt, TakeOver
from yichuan.exchange.services.check import delivered_body, delivered_key
from yichuan.exchange.services.receipts import verify_receipt
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.routing import Recipient
from yichuan.exchange.services.sign_for import sign_for
from yichuan.keys.services.device import device
from yichuan.org.models import Box, Office, Unit

Role = Delivery.Role
ON_POSTGRES = connection.vendor == "postgresql"
EXAMPLES, STEPS = (3, 15) if ON_POSTGRES else (8, 20)
picks = st.integers(0, 1000)


class Years(RuleBasedStateMachine):
    """Any order of changes and letters."""

    @initialize()
    def open(self) -> None:
        self.rolled_back = transaction.atomic()
        self.rolled_back._from_testcase = True  # type: ignore[attr-defined]  # commands may begin inside
        self.rolled_back.__enter__()
        self.centre = Centre(again(build, forget_caches))
        self.book = Book()
        self.renamed = 0
        self.joined = 0
        self.logged = {
            verb: self._entries(verb) for verb in ("org.rename_unit", "org.close_unit", "exchange.take_over")
        }
        for sender in self._units()[:3]:
            others = [unit for unit in self._units() if unit != sender]
            self._send(sender, [Recipient(unit.pk, Role.MAIN, 2) for unit in others])
        for number, verb in enumerate(("sign_for", "return", "sign_for", "print")):
            self._act(number * 2, verb)

    @rule(pick=picks)
    def join(self, pick: int) -> None:
        if self.joined < 4:
            self.joined += 1
            self.centre.join()

    @rule(pick=picks)
    def rename(self, pick: int) -> None:
        self.renamed += 1
        rename(self._pick(self._units(), pick), f"改{self.renamed}局")
        self.book.count("org.rename_unit")

    @precondition(lambda self: len(self._units()) > 3)
    @rule(pick=picks, other=picks)
    def merge_into(self, pick: int, other: int) -> None:
        gone = self._pick(self._units(), pick)
        stays = self._pick([unit for unit in self._units() if unit != gone], other)
        self._close(gone, stays)

    @precondition(lambda self: len(self._units()) > 3 and self.joined < 4)
    @rule(pick=picks, other=picks)
    def merge_under_a_new_name(self, pick: int, other: int) -> None:
        gone = self._pick(self._units(), pick)
        too = self._pick([unit for unit in self._units() if unit != gone], other)
        self.joined += 1
        new = self.centre.join()
        self._close(gone, new)
        self._close(too, new)

    @precondition(lambda self: len(self._units()) > 3)
    @rule(pick=picks, other=picks, disposal=st.sampled_from(Unit.Disposal.values))
    def deregister(self, pick: int, other: int, disposal: str) -> None:
        gone = self._pick(self._units(), pick)
        taker = self._pick([unit for unit in self._units() if unit != gone], other)
        self._close(gone, taker, kept="" if disposal == Unit.Disposal.HAND_OVER else disposal)

    @rule(pick=picks)
    def open_an_office(self, pick: int) -> None:
        unit = self._pick(self._units(), pick)
        box_of_office(Office.objects.create(unit=unit, name=f"科{Office.objects.count()}"))

    @precondition(lambda self: self._offices() and self.joined < 4)
    @rule(pick=picks)
    def split(self, pick: int) -> None:
        office = self._pick(self._offices(), pick)
        self.joined += 1
        hand_over_office(office, self.centre.join())
        self.book.count("exchange.take_over")

    @rule(
        pick=picks,
        wanted=st.lists(st.tuples(picks, st.booleans(), st.sampled_from(list(Role))), min_size=1, max_size=3),
    )
    def send(self, pick: int, wanted: list[tuple[int, bool, Role]]) -> None:
        """To any unit there ever was: it reaches exactly one open box, or is refused in words."""
        historic = list(Unit.objects.order_by("code"))
        recipients = []
        for number, to_office, role in wanted:
            unit = self._pick(historic, number)
            office = Office.objects.filter(unit=unit).order_by("name").first() if to_office else None
            recipients.append(Recipient(unit.pk, role, number % 4, office.pk if office else None))
        self._send(self._pick(self._units(), pick), recipients)

    @rule(pick=picks, verb=st.sampled_from(("sign_for", "return", "print")))
    def act(self, pick: int, verb: str) -> None:
        """Who holds it acts on it; whoever only keeps it does not."""
        self._act(pick, verb)

    def _act(self, pick: int, verb: str) -> None:
        delivery = self._pick(list(Delivery.objects.select_related("unit", "box").order_by("pk")), pick)
        if delivery.unit.closed_at is not None:
            keeper = self.centre.clerk(delivery.box.unit)
            with pytest.raises(NotFound):
                return_delivery(actor=keeper, delivery_id=delivery.pk, reason="不该能退")
            return
        if delivery.office_id is not None:
            with pytest.raises(NotFound):
                sign_for(actor=self.centre.clerk(delivery.unit), delivery_id=delivery.pk)
            return
        actor, known = self.centre.clerk(delivery.unit), self.book.deliveries[delivery.pk]
        if verb == "sign_for" and delivery.state == "delivered":
            sign_for(actor=actor, delivery_id=delivery.pk)
            known.receipts += 1
        elif verb == "return" and delivery.state in ("delivered", "signed_for"):
            return_delivery(actor=actor, delivery_id=delivery.pk, reason="请改发")
            known.receipts += 1
        elif verb == "print" and delivery.state == "signed_for" and delivery.printed < delivery.allowance:
            print_original(actor=actor, delivery_id=delivery.pk, copies=1)
            known.receipts += 1

    @invariant()
    def every_delivery_is_in_living_hands_and_opens_there_alone(self) -> None:
        deliveries = list(
            Delivery.objects.select_related(
                "unit", "box__unit", "box__held_for", "addressee", "dispatch__sender", "dispatch__document"
            ).order_by("pk")
        )
        assert {each.pk for each in deliveries} == set(self.book.deliveries)
        boxes = list(Box.objects.order_by("pk"))
        for number, each in enumerate(deliveries):
            known = self.book.deliveries[each.pk]
            assert (each.addressee.name, each.addressee_office) == (known.addressee, known.office)
            assert (each.dispatch.sender.name, each.dispatch_id) == (known.sender, known.dispatch)
            self._is_held(each)
            assert delivered_key(each)
            each.box = next(box for box in boxes[number % len(boxes) :] + boxes if box.pk != each.box_id)
            with pytest.raises(NotFound):
                delivered_key(each)

    @invariant()
    def every_dispatch_has_its_deliveries_and_every_receipt_its_signature(self) -> None:
        for dispatch, count in self.book.dispatches.items():
            assert Delivery.objects.filter(dispatch=dispatch).count() == count
        expected = {pk: known.receipts for pk, known in self.book.deliveries.items() if known.receipts}
        found: dict[uuid.UUID, int] = {}
        for receipt in Receipt.objects.select_related("delivery__box"):
            assert verify_receipt(receipt)
            found[receipt.delivery_id] = found.get(receipt.delivery_id, 0) + 1
        assert found == expected

    @invariant()
    def old_keys_are_gone_and_the_log_has_each_change(self) -> None:
        for moved in TakeOver.objects.select_related("box"):
            assert moved.finished_at is not None
            assert not device().has(moved.box.wrapping_label_of(moved.generation - 1))
        for verb, before in self.logged.items():
            assert self._entries(verb) - before == self.book.changes.get(verb, 0), verb

    def teardown(self) -> None:
        """At the end one body is read, byte for byte; then the next centre begins anew."""
        if not hasattr(self, "rolled_back"):
            return
        try:
            if not connection.needs_rollback:
                last = Delivery.objects.select_related("box", "dispatch__document").order_by("pk").last()
                assert last is not None
                assert delivered_body(last) in self.centre.bodies.values()
        finally:
            transaction.set_rollback(True)
            self.rolled_back.__exit__(None, None, None)

    def _is_held(self, delivery: Delivery) -> None:
        box, unit = delivery.box, delivery.unit
        assert box.unit.closed_at is None, "an open unit holds every box"
        if box.held_for is None:
            assert unit == box.unit
            return
        keeper = unit.pk
        assert unit.closed_at is not None
        assert box.unit.pk == self._followed(self.book.keepers[keeper])

    def _followed(self, keeper: uuid.UUID) -> uuid.UUID:
        """Who has by now what a closed unit's keeper had: its successor, or whoever keeps that one's boxes."""
        unit = Unit.objects.get(pk=keeper)
        while unit.closed_at is not None:
            unit = unit.successor or Unit.objects.get(pk=self.book.keepers[unit.pk])
        return unit.pk

    def _close(self, gone: Unit, taker: Unit, kept: str = "") -> None:
        boxes = Box.objects.filter(unit=gone).count()
        close(gone, taker, kept=kept)
        if kept:
            self.book.keepers[gone.pk] = taker.pk
        self.book.count("org.close_unit")
        self.book.changes["exchange.take_over"] = self.book.changes.get("exchange.take_over", 0) + boxes
        self._send(self._units()[0], [Recipient(gone.pk, Role.MAIN, 1)])  # a form that was opened before

    def _send(self, unit: Unit, recipients: list[Recipient]) -> None:
        try:
            dispatch = self.centre.send(unit, recipients)
        except Invalid as refusal:
            assert refusal.errors.keys() <= {"main", "copy"}
            return
        made = list(dispatch.deliveries.select_related("addressee", "box", "unit"))
        self.book.dispatches[dispatch.pk] = len(made)
        assert len({each.box_id for each in made}) == len(made)
        asked = {recipient.unit_id for recipient in recipients}
        for each in made:
            assert each.box.closed_at is None
            assert each.unit.closed_at is None
            assert each.addressee.unit_id in asked
            self.book.deliveries[each.pk] = Known(
                dispatch.sender.name, each.addressee.name, each.addressee_office, dispatch.pk
            )
        ends = {self._end(recipient.unit_id) for recipient in recipients}
        assert {each.unit_id for each in made} == ends

    def _end(self, unit_id: uuid.UUID) -> uuid.UUID:
        unit = Unit.objects.get(pk=unit_id)
        while unit.successor is not None:
            unit = unit.successor
        return unit.pk

    @staticmethod
    def _units() -> list[Unit]:
        return list(Unit.objects.filter(closed_at=None).order_by("code"))

    @staticmethod
    def _offices() -> list[Office]:
        open_boxes = Box.objects.filter(office__isnull=False, closed_at=None, unit__closed_at=None)
        return [box.office for box in open_boxes.select_related("office__unit").order_by("pk") if box.office]

    @staticmethod
    def _pick(of: list[Any], number: int) -> Any:
        return of[number % len(of)]

    @staticmethod
    def _entries(verb: str) -> int:
        return Entry.objects.filter(verb=verb).count()


@pytest.mark.django_db
def test_nothing_is_lost_whatever_happens_to_the_units() -> None:
    bounds = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(Years, settings=bounds)
