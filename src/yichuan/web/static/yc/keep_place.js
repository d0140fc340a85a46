/* A region that refreshes by itself (data-quiet) keeps one's place: the focus goes to what took the place of what had
 * it, what was unfolded stays unfolded, and what was scrolled stays there. */
let held = null; /* {id, focus, folds, top} */

export const nameOf = (element) => [element.tagName, element.id, element.name || '', element.textContent.trim()].join(' ');

const foldOf = (fold) => nameOf(fold.querySelector('summary'));

document.addEventListener('htmx:beforeSwap', (event) => {
  const { target, requestConfig, shouldSwap } = event.detail;
  held = null;
  if (!shouldSwap || !requestConfig.elt.hasAttribute('data-quiet')) return;
  const now = document.activeElement;
  held = {
    id: target.id,
    focus: now !== target && target.contains(now) ? nameOf(now) : '',
    folds: Array.from(target.querySelectorAll('details[open]'), foldOf),
    top: target.scrollTop,
  };
});
document.addEventListener('htmx:afterSettle', () => {
  if (!held) return;
  const { id, focus, folds, top } = held;
  held = null;
  const fresh = id && document.getElementById(id);
  if (fresh) {
    fresh.querySelectorAll('details').forEach((fold) => { if (folds.includes(foldOf(fold))) fold.open = true; });
    fresh.scrollTop = top;
  }
  if (!focus || document.activeElement !== document.body) return;
  const same = Array.from(document.querySelectorAll('main a[href], main button, main input, main select, main summary'))
    .find((each) => nameOf(each) === focus);
  if (same) same.focus({ preventScroll: true });
});
