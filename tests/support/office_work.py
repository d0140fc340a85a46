"""The turns that every centre's day has: a document taken back, one corrected and sent again, one more copy."""

from __future__ import annotations

from playwright.sync_api import expect

from support.office_day import Day, confirm, fill_send, press, print_originals, tag_of


def take_back(today: Day, number: int, why: str) -> None:
    """Before anybody signed for it; its receiver sees that it is gone, and why. Pictures `number` to `number + 2`."""
    page = today.at("sender", "/sent/{taken_back}/")
    page.get_by_role("button", name="撤回").first.click()
    page.get_by_label("撤回原因").fill(why)
    today.picture(page, f"{number:02}-take-back")
    confirm(page, "#withdraw")
    expect(page.locator(".yc-warn")).to_contain_text(why)
    today.picture(page, f"{number + 1:02}-taken-back")
    there = today.at("receiver", "/deliveries/{taken_back_there}/")
    expect(there.get_by_text("发文单位已撤回这件公文")).to_be_visible()
    today.picture(there, f"{number + 2:02}-taken-back-there")


def correct_and_send_again(today: Day, number: int, title: str) -> None:
    """What 市环保局 returned as {wrong} is corrected by its sender, sealed and sent again; both see the chain.

    Pictures `number` to `number + 4`; the corrected document is {corrected} afterwards.
    """
    sender = today.at("sender", "/sent/{wrong_at_sender}/")
    today.picture(sender, f"{number:02}-came-back")
    press(sender, "更正重发")
    sender.wait_for_url("**/edit/")
    today.pages["corrected"] = sender.url.split("/")[-3]
    sender.get_by_label("标题").fill(title)
    sender.keyboard.press("Control+s")
    expect(sender.locator("[data-page='1'] >> text=更正").first).to_be_visible()
    today.picture(sender, f"{number + 1:02}-correct")
    sender.get_by_role("button", name="完成制作").click()
    expect(sender.get_by_text("等待印章管理员盖章")).to_be_visible()

    custodian = today.at("custodian", "/documents/{corrected}/seal/")
    press(custodian, "盖章 G")
    expect(custodian.get_by_text("已经盖章")).to_be_visible()
    sender = today.at("sender", "/documents/{corrected}/send/")
    fill_send(sender, "市环保局")
    press(sender, "发送")
    expect(sender.get_by_text("/ 1 家已签收")).to_be_visible()
    today.picture(sender, f"{number + 2:02}-sent-again")
    sender = today.at("sender", "/documents/{corrected}/")
    expect(sender.locator("#side")).to_contain_text("发送给 1 个单位")
    today.picture(sender, f"{number + 3:02}-chain-at-sender")

    receiver = today.at("receiver", "/deliveries/{wrong}/")
    expect(receiver.locator("#side")).to_contain_text("发文单位已更正重发")
    receiver.locator("#side .yc-warn a").first.click()
    expect(receiver.locator("#side")).to_contain_text("本件更正")
    today.picture(receiver, f"{number + 4:02}-chain-at-receiver")


def print_all_and_ask_for_one_more(today: Day, number: int) -> None:
    """{printed} to its last copy; one more is asked for, granted and printed. Pictures `number` to `number + 5`."""
    receiver = today.at("receiver", "/deliveries/{printed}/")
    print_originals(receiver, 2)
    expect(receiver.locator("#side")).to_contain_text("已打印 2/2 份", timeout=20_000)
    today.picture(receiver, f"{number:02}-printed-to-the-last")
    receiver.get_by_role("button", name="申请追加份数").first.click()
    receiver.locator("#prints-reason").fill("打印机卡纸，损坏一份。")
    today.picture(receiver, f"{number + 1:02}-ask-for-more")
    receiver.locator("#ask-prints .btn-primary").click()
    expect(receiver.locator("#side")).to_contain_text("打印机卡纸，损坏一份。")
    today.picture(receiver, f"{number + 2:02}-asked")

    sender = today.at("sender", "/sent/{printed_at_sender}/")
    today.picture(sender, f"{number + 3:02}-to-answer")
    sender.get_by_role("button", name="同意", exact=True).click()
    expect(sender.locator("#requests")).to_contain_text("同意 1 份")
    today.picture(sender, f"{number + 4:02}-granted")

    receiver = today.at("receiver", "/deliveries/{printed}/")
    expect(receiver.locator("#side")).to_contain_text("剩余 1/3 份")
    print_originals(receiver, 1)
    expect(receiver.locator("#side")).to_contain_text("已打印 3/3 份", timeout=20_000)
    today.picture(receiver, f"{number + 5:02}-printed-again")


def stand_in_signs(today: Day, title: str, number: int) -> None:
    """The stand-in opens {title} from the inbox and signs for it under their own name. Four pictures."""
    page = today.at("stand_in", "/")
    today.picture(page, f"{number:02}-stand-in-at-the-workbench")
    page = today.at("stand_in", "/inbox/")
    today.picture(page, f"{number + 1:02}-inbox-of-the-stand-in")
    page.get_by_role("link", name=title).click()
    tag_of(page, "未签收")
    today.picture(page, f"{number + 2:02}-opened-by-stand-in")
    page.wait_for_load_state()  # the keys are heard
    page.keyboard.press("s")
    tag_of(page, "已签收")
    expect(page.locator("#side")).to_contain_text("周接班")
    today.picture(page, f"{number + 3:02}-signed-by-stand-in")


def note_the_twin(today: Day, receiver: str, title: str, number: int) -> None:
    """The paper twin of {twin} arrives at this receiver's unit and is noted; its sender sees it. Five pictures."""
    page = today.at("sender", "/sent/{twin_sent}/paper/")
    today.picture(page, f"{number:02}-paper-of-dispatch")
    page = today.at(receiver, "/paper/")
    today.picture(page, f"{number + 1:02}-paper-awaited")
    line = page.locator(".yc-group", has_text=title)
    line.locator("[name=remark]").fill("机要件，完好")
    line.get_by_role("button", name="登记收到").click()
    expect(page.locator(".yc-group", has_text=title)).to_have_count(0)
    today.picture(page, f"{number + 2:02}-paper-left")
    page = today.at(receiver, "/deliveries/{twin}/")
    expect(page.locator("#side .yc-paper")).to_contain_text("已收到")
    page.locator("#side .yc-paper").scroll_into_view_if_needed()
    today.picture(page, f"{number + 3:02}-twin-at-receiver")
    page = today.at("sender", "/sent/{twin_sent}/paper/")
    expect(page.get_by_text("机要件，完好")).to_be_visible()
    today.picture(page, f"{number + 4:02}-twin-at-sender")
