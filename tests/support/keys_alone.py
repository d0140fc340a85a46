"""A person without a mouse: goes from control to control by the keys of every browser, and sees where they are."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

FURTHEST = 120
"""More stops than any page has: who has not come by then never does."""

HERE = """(wanted) => {
  const now = document.activeElement;
  if (now !== wanted) return false;
  const looks = (element) => { const style = getComputedStyle(element);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'; };
  const around = [now, now.parentElement, now.closest('label'), now.closest('.ts-control')].filter(Boolean);
  if (!around.some(looks)) throw new Error('the focus does not show on ' + now.outerHTML.slice(0, 200));
  return true;
}"""

# What stands on the page for a keyboard, and after each press whether it was reached, shows it, and lies in sight.
# Nothing fades in: how a control looks is how it stays.
TOUR = """() => {
  const still = new CSSStyleSheet();
  still.replaceSync('* { transition: none !important }');
  document.adoptedStyleSheets.push(still);
  const look = (element) => {
    const style = getComputedStyle(element);
    return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor, style.backgroundColor].join();
  };
  const around = (element) => [element, element.parentElement, element.closest('label'), element.closest('.ts-control')]
    .filter(Boolean).map(look).join(';');
  const said = (element) => `${element.tagName} ${element.id} ${element.getAttribute('aria-label')
    || element.name || element.textContent.trim().slice(0, 40)}`;
  const wanted = Array.from(document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]'))
    .filter((each) => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({ checkVisibilityCSS: true }));
  const before = new Map(wanted.map((each) => [each, around(each)]));
  const reached = new Set();
  const groups = new Set();
  const unseen = [];
  let last = null;
  window.tour = {
    step() {
      const now = document.activeElement;
      if (!now || now === document.body || now === last) return true;
      last = now;
      if (reached.size > 1 && reached.values().next().value === now) return false;
      if (reached.has(now)) return true;
      reached.add(now);
      if (now.type === 'radio') groups.add(now.name);
      if (before.get(now) === around(now)) unseen.push(said(now));
      return true;
    },
    end() {
      const missed = wanted.filter((each) => !reached.has(each) && !groups.has(each.type === 'radio' && each.name)
        && each.isConnected && each.checkVisibility());
      return { stops: reached.size, missed: missed.map(said), unseen };
    },
  };
}"""


def tour(page: Page) -> dict[str, Any]:
    """Tab round the page once: how many stops, what was missed, where the focus did not show."""
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    expect(page.locator("[data-tree]:not(:has(ul))")).to_have_count(0)
    page.evaluate("document.activeElement.blur()")
    page.evaluate(TOUR)
    for _ in range(4 * FURTHEST):
        page.keyboard.press("Tab")
        if not page.evaluate("window.tour.step()"):
            found: dict[str, Any] = page.evaluate("window.tour.end()")
            return found
    raise AssertionError(f"Tab does not come round on {page.url}")


def to(target: Locator, key: str = "Tab") -> None:
    """Press the key until the focus is on the target, and see it there."""
    page = target.page
    target.wait_for()
    for _ in range(FURTHEST):
        if target.evaluate(HERE):  # looked up each time: the region may have been drawn again
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {target}")


def press(target: Locator, key: str = "Enter") -> None:
    """Go there and press."""
    to(target)
    target.page.keyboard.press(key)


def write(target: Locator, text: str) -> None:
    """Go there and write over what stands in it."""
    to(target)
    target.page.keyboard.press("Control+a")
    target.page.keyboard.type(text)


def say_yes(page: Page) -> None:
    """The one question before a dangerous act: the cursor stands on "no", and stays inside the question."""
    asked = page.get_by_role("dialog")
    to(asked.locator("[data-ask=no]"))
    press(asked.locator("[data-ask=yes]"))
