"""Sessions of three parties in tests: three people with certificates of their own, each in their own browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from support.personal import Signer, answered, ask, post
from support.seal_life import Life
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.people.models import Account
from yichuan.people.services.challenge import digest_of
from yichuan.seals.models import Ceremony, SealApplication
from yichuan.seals.services.ceremony_open import open_ceremony
from yichuan.seals.wish import Keeper

PARTIES = ("supervisor", "operator", "unit")


@dataclass
class Session:
    """One session and the three browsers. Each verb returns the answer as the page gets it."""

    life: Life
    ceremony: Ceremony
    browsers: dict[str, Client] = field(default_factory=dict)

    @property
    def people(self) -> dict[str, Account]:
        """Who is to be which party."""
        return {"supervisor": self.life.supervisor, "operator": self.life.operator, "unit": self.life.custodian}

    @property
    def state(self) -> str:
        self.ceremony.refresh_from_db()
        return self.ceremony.state

    def signer(self, party: str) -> Signer:
        return self.life.signer(self.people[party])

    def browser(self, party: str) -> Client:
        if party not in self.browsers:
            self.browsers[party] = self.life.world.browser(self.people[party])
        return self.browsers[party]

    def signed(self, who: str, action: str, *parts: str, by: str = "", **more: Any) -> dict[str, Any]:
        """A fresh challenge over `parts`, signed by `by`'s certificate in `who`'s browser."""
        challenge = ask(self.browser(who), action, digest_of(*parts))
        return answered(self.signer(by or who), challenge) | more

    def post(self, who: str, verb: str, said: dict[str, Any]) -> Any:
        return post(self.browser(who), f"/seals/ceremonies/{self.ceremony.pk}/{verb}/", said)

    def join(self, who: str, *, party: str = "", digest: str = "", by: str = "") -> Any:
        party, digest = party or who, digest or self.ceremony.digest
        said = self.signed(who, "attend", str(self.ceremony.pk), party, digest, by=by, party=party, digest=digest)
        return self.post(who, "join", said)

    def prove(self, who: str) -> Any:
        return self.post(who, "present", self.signed(who, "present", str(self.ceremony.pk), who, party=who))

    def agree(self, who: str, *, digest: str = "") -> Any:
        digest = digest or self.ceremony.digest
        said = self.signed(who, "agree", str(self.ceremony.pk), who, digest, party=who, digest=digest)
        return self.post(who, "agree", said)

    def make(self, who: str = "unit", **instead: Any) -> Any:
        return self.post(who, "make", {"digest": self.ceremony.digest} | instead)

    def make_carrier(self, key: PrivateKey) -> Any:
        """As the unit's browser does it for a key file."""
        point = key.public.point.hex()
        challenge = ask(
            self.browser("unit"), "new_seal_key", digest_of(str(self.ceremony.pk), self.ceremony.digest, point)
        )
        signature = key.sign(challenge["text"].encode()).hex()
        return self.make(challenge=challenge["id"], public_key=point, signature=signature)

    def try_carrier(self, key: PrivateKey) -> Any:
        trial = f"yichuan seal carrier trial\n{self.ceremony.pk}\n{self.ceremony.digest}".encode()
        return self.post("unit", "carrier", {"digest": self.ceremony.digest, "signature": key.sign(trial).hex()})

    def prepare(self, who: str) -> Any:
        return self.post(who, "minutes/prepare", {"party": who, "digest": self.ceremony.digest})

    def sign(self, who: str, prepared: dict[str, Any] | None = None) -> Any:
        ready = prepared or self.prepare(who).json()
        signature = self.signer(who).key.sign(bytes.fromhex(ready["message"])).hex()
        said = {"party": who, "digest": self.ceremony.digest, "at": ready["at"], "minutes": ready["minutes"]}
        return self.post(who, "minutes/sign", said | {"signature": signature})

    def abort(self, who: str) -> Any:
        return self.browser(who).post(f"/seals/ceremonies/{self.ceremony.pk}/abort/")

    def gathered(self) -> Session:
        """All three are there."""
        for party in PARTIES:
            right(self.join(party))
        return self

    def agreed(self) -> Session:
        """All three have agreed."""
        self.gathered()
        for party in PARTIES:
            right(self.agree(party))
        return self

    def made(self) -> Session:
        """The keys are there, the minutes wait."""
        right(self.agreed().make())
        return self

    def done(self) -> Session:
        """Signed by all."""
        self.made()
        for party in PARTIES:
            right(self.sign(party))
        return self


def right(answer: Any) -> Any:
    """The JSON of an answer that is no refusal."""
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def approved(life: Life, matter: str = "make", **how: Any) -> SealApplication:
    """An approved application for a seal in the centre's device, unless `how` says otherwise."""
    said: dict[str, Any] = {"carrier": "device", "papers": ("consent",)} if matter != "destroy" else {"carrier": ""}
    return life.approved(matter, **(said | how))


def session(life: Life, application: SealApplication | None = None, **how: Any) -> Session:
    """Opened by the operator, nobody there yet."""
    application = application or approved(life, **how)
    return Session(life, open_ceremony(actor=life.operator, application_id=application.pk))


def keepers(*accounts: Account) -> tuple[Keeper, ...]:
    """Custodians of equal rank."""
    return tuple(Keeper(account.pk) for account in accounts)
