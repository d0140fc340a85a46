/* A region that refreshes by itself (data-quiet) keeps the focus: it goes to what took the place of what had it. */
let held = '';

const nameOf = (element) => [element.tagName, element.id, element.name || '', element.textContent.trim()].join(' ');

document.addEventListener('htmx:beforeSwap', (event) => {
  const now = document.activeElement;
  const quiet = event.detail.requestConfig.elt.hasAttribute('data-quiet');
  held = quiet && event.detail.shouldSwap && now !== event.target && event.target.contains(now) ? nameOf(now) : '';
});
document.addEventListener('htmx:afterSettle', () => {
  if (!held || document.activeElement !== document.body) return;
  const same = Array.from(document.querySelectorAll('main a[href], main button, main input, main select, main summary'))
    .find((each) => nameOf(each) === held);
  held = '';
  if (same) same.focus({ preventScroll: true });
});
