"""An office system's whole day through the interface, for two units: docs/interface/README.md says how to run it.

    YICHUAN_API=… SENDER_ID=… SENDER_SECRET=… RECEIVER_ID=… RECEIVER_SECRET=… python office_system.py [sealed.ofd …]

Both clients are registered by the centre's operator. Bodies that the sender's own seal signed already are named on the
line, one for each of the four documents; for those that are missing it waits until the custodian sealed on the page.
"""

import hashlib
import io
import os
import sys
import time
from pathlib import Path
from typing import Any

from sm2 import verifies
from yichuan_client import Centre, Problem, new_key

Json = dict[str, Any]
FIRST = int(os.environ.get("FIRST_NUMBER", "901"))
TABLE = "断面,测点,频次\n".encode() + "东炮台,左岸,每月\n".encode() * 8000  # 200 KB, uploaded in four parts
PART = 64 * 1024


class Day:
    """What both systems do, said line by line."""

    def __init__(self, sender: Centre, receiver: Centre, bodies: list[bytes]) -> None:
        self.sender, self.receiver, self.bodies = sender, receiver, bodies
        self.numbers = iter(range(FIRST, FIRST + 100))
        self.from_unit, self.to_unit = sender.get("/me")["unit"], receiver.get("/me")["unit"]

    def make(self, title: str) -> Json:
        """A draft. Whatever is missing or wrong is told field by field."""
        fields = {
            "title": title,
            "number": f"江府办〔{time.localtime().tm_year}〕{next(self.numbers)}号",
            "recipients": self.to_unit["name"],
            "body": "各单位要在七月底前报送调整情况。",
            "issuer": self.from_unit["name"],
            "issuer_mark": f"{self.from_unit['name']}文件",
            "date": time.strftime("%Y-%m-%d"),
        }
        made: Json = self.sender.post("/documents", fields)
        say(f"起草 draft: {made['number']} {made['title']}")
        return made

    def attach(self, document: Json) -> None:
        """A file of its own, in parts that would go on after a cut."""
        upload = self.sender.upload("监测断面.csv", io.BytesIO(TABLE), part=PART)
        file = self.sender.post(f"/documents/{document['id']}/attachments", {"upload": upload})
        say(f"附件 attachment: {file['name']}, {file['size']} bytes, uploaded in parts")

    def seal(self, document: Json) -> None:
        """By the seal on the unit's own carrier, or by the custodian on the page."""
        path = f"/documents/{document['id']}"
        if self.bodies:
            done = self.sender.post_file(f"{path}/sealed-body", "正文.ofd", self.bodies.pop(0))
            say(f"盖章 sealed by the unit's own carrier: {done['state_label']}")
            return
        state = self.sender.post(f"{path}/finish")["state"]
        say("盖章 waiting: let the custodian seal it on the page 用印")
        while state == "ready":
            time.sleep(1)
            state = self.sender.get(path)["state"]
        if state != "sealed":
            raise SystemExit("The custodian handed it back; its reason stands on the page.")
        say("盖章 sealed by the custodian on the page")

    def send(self, document: Json) -> Json:
        """Once, whatever is lost: asked again under the key, the centre gives the first answer again."""
        wanted = {"main": [{"unit": self.to_unit["code"], "allowance": 1}], "declared": True}
        path, key = f"/documents/{document['id']}/send", new_key()
        first: Json = self.sender.post(path, wanted, key=key)
        again = self.sender.post(path, wanted, key=key)
        say(f"发送 sent at {first['sent_at']}; again under the same key: the same answer {first == again}")
        return first

    def arrived(self, dispatch: Json) -> Json:
        """The receiver's line of it, from the box by cursor."""
        found = [each for each in self.receiver.box(self.receiver.cursor) if each["dispatch"] == dispatch["id"]]
        say(f"收文箱 in the box: {found[-1]['number']} {found[-1]['title']} ({found[-1]['state_label']})")
        return found[-1]

    def receive(self, delivery: Json) -> None:
        """Check, sign for, read: the reading is the receiving (J-36)."""
        path = f"/deliveries/{delivery['id']}"
        checks = self.receiver.get(f"{path}/checks")
        say(f"校验 checks: {'、'.join(each['name'] for each in checks['lines'])}; sound {checks['sound']}")
        self.receiver.post(f"{path}/sign-for")
        body = self.receiver.read(delivery["id"])
        whole: Json = self.receiver.get(path)
        same = hashlib.new("sm3", body).hexdigest() == whole["body_sm3"]
        say(f"读取 read: {len(body)} bytes, as sent {same}; {whole['state_label']} at {whole['received_at']}")
        for file in whole["attachments"]:
            data = self.receiver.download(f"{path}/attachments/{file['id']}")
            say(f"附件 attachment: {file['name']}, as sent {hashlib.new('sm3', data).hexdigest() == file['sm3']}")

    def verify_receipts(self, dispatch: Json) -> None:
        """Each is signed by the key of the receiver's box, soon after it was given."""
        items: list[Json] = []
        for _ in range(60):
            items = self.sender.get(f"/dispatches/{dispatch['id']}/receipts")["items"]
            if items and all(each["signature"] for each in items):
                break
            time.sleep(1)
        for each in items:
            say(f"回执 receipt: {each['kind']} at {each['at']}, verifies {verifies(each)}")

    def more_prints(self, delivery: Json) -> None:
        """Asked with a reason, granted by the sender (J-37)."""
        asked = self.receiver.post(
            f"/deliveries/{delivery['id']}/requests", {"kind": "prints", "copies": 2, "reason": "各科室传阅"}
        )
        [waiting] = [
            each
            for each in self.sender.get(f"/dispatches/{delivery['dispatch']}/requests")["items"]
            if each["state"] == "asked"
        ]
        granted = self.sender.post(f"/requests/{waiting['id']}/grant", {})
        allowance = self.receiver.get(f"/deliveries/{delivery['id']}")["allowance"]
        say(f"追加份数 prints: asked {asked['copies']}, {granted['state_label']}, now {allowance} may be printed")

    def returned_and_corrected(self) -> None:
        """The receiver returns it with a reason; the sender corrects and sends it again."""
        document = self.make("关于报送水质监测点位的通知")
        self.seal(document)
        dispatch = self.send(document)
        delivery = self.arrived(dispatch)
        self.receiver.post(f"/deliveries/{delivery['id']}/return", {"reason": "监测点位与附件不符，请更正。"})
        try:
            self.receiver.read(delivery["id"])
        except Problem as problem:
            say(f"退回 returned; reading it now is refused: {problem.status} {problem.code}")
        [recipient] = self.sender.get(f"/dispatches/{dispatch['id']}")["recipients"]
        say(f"退回原因 the sender reads: {recipient['return_reason']}")
        draft: Json = self.sender.post(f"/documents/{document['id']}/correct")
        fields = draft["fields"] | {"title": "关于报送水质监测点位（更正）的通知"}
        self.sender.put(f"/documents/{draft['id']}/fields", fields)
        self.seal(draft)
        again = self.arrived(self.send(draft))
        say(f"更正重发 corrected: {draft['number']} corrects the one returned {draft['corrects'] == document['id']}")
        self.take_in([again, delivery])

    def take_in(self, deliveries: list[Json]) -> None:
        """What arrived since the last look, in one request; what cannot be taken in keeps nothing else back."""
        for item, body in self.receiver.take_in([each["id"] for each in deliveries]):
            if item["problem"]:
                say(f"成批收取 refused alone: {item['problem']['code']}")
                continue
            same = hashlib.new("sm3", body).hexdigest() == item["delivery"]["body_sm3"]
            signed = all(verifies(each) for each in item["receipts"])
            say(
                f"成批收取 taken in: {item['delivery']['number']}, sound {item['checks']['sound']}, as sent {same}, "
                f"{len(item['receipts'])} receipts, verifies {signed}"
            )

    def taken_back(self) -> None:
        """Before anybody signed for it."""
        document = self.make("关于召开水质监测工作会议的通知")
        self.seal(document)
        dispatch = self.send(document)
        self.sender.post(f"/dispatches/{dispatch['id']}/withdraw", {"reason": "会议改期"})
        say(f"撤回 withdrawn; the receiver's box says: {self.arrived(dispatch)['state']}")


def say(line: str) -> None:
    """At once, so that who waits can be told why."""
    print(line, flush=True)


def main() -> None:
    """The day."""
    api = os.environ["YICHUAN_API"]
    sender = Centre(api, os.environ["SENDER_ID"], os.environ["SENDER_SECRET"])
    receiver = Centre(api, os.environ["RECEIVER_ID"], os.environ["RECEIVER_SECRET"])
    day = Day(sender, receiver, [Path(each).read_bytes() for each in sys.argv[1:]])
    say(f"{day.from_unit['name']} → {day.to_unit['name']}")
    document = day.make("关于调整水质监测断面的通知")
    day.attach(document)
    day.seal(document)
    dispatch = day.send(document)
    delivery = day.arrived(dispatch)
    day.receive(delivery)
    day.verify_receipts(dispatch)
    day.more_prints(delivery)
    day.returned_and_corrected()
    day.taken_back()
    say("今日事毕 the day is done")


if __name__ == "__main__":
    main()
