/* Rows and ticks.
 *
 * [data-rows] ("list" or "grid") holds [data-row]; the current one carries .cur
 * [data-open]       inside a row (or the row itself): what Enter opens; it takes the focus
 * input[data-tick]  inside a row: what Space ticks; or a row with data-value of a grid: Space selects it (.sel)
 * [data-batch]      a form: [data-ticked] shows the number, [data-needs-tick] is off at nought, [data-untick] clears,
 *                   [data-tick-all] ticks the page, [data-tick-kind="late"] ticks the rows of data-kind="late"
 *                   selected cells of a grid (Space, or Ctrl and a click) are sent as hidden fields named data-batch
 * data-id           on a row: whose tick it would be; a row without its tick box forgets the tick
 * [data-elsewhere]  inside the batch form: says how many ticks stand on other pages of the list
 * Ticks live through a swap of the list, its pages and a visit elsewhere, as long as the tab is open. After an action inside a row the next row is current and focused.
 */

let acted = null;

const rowsOf = (container) => Array.from(container.querySelectorAll('[data-row]')).filter((row) => row.getClientRects().length > 0);
const containerNow = () => document.querySelector('[data-rows]');
const currentOf = (container) => container.querySelector('[data-row].cur');

function makeCurrent(container, row, focus) {
  const before = currentOf(container);
  if (before && before !== row) before.classList.remove('cur');
  row.classList.add('cur');
  if (!focus) return;
  const open = row.matches('[data-open]') ? row : row.querySelector('[data-open]');
  (open || row).focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
}

function moveList(rows, at, key) {
  if (key === 'ArrowDown') return rows[Math.min(at + 1, rows.length - 1)];
  if (key === 'ArrowUp') return rows[Math.max(at - 1, 0)];
  return null;
}

function moveGrid(rows, at, key) {
  if (at < 0) return rows[0];
  if (key === 'ArrowRight') return rows[Math.min(at + 1, rows.length - 1)];
  if (key === 'ArrowLeft') return rows[Math.max(at - 1, 0)];
  const here = rows[at].getBoundingClientRect();
  const down = key === 'ArrowDown';
  let best = null;
  let least = Infinity;
  for (const row of rows) {
    const box = row.getBoundingClientRect();
    const rise = down ? box.top - here.top : here.top - box.top;
    if (rise < 4) continue;
    const distance = rise * 10 + Math.abs(box.left - here.left);
    if (distance < least) { least = distance; best = row; }
  }
  return best;
}

function tickRow(row) {
  const box = row.querySelector('input[data-tick]');
  if (box && !box.disabled) {
    box.checked = !box.checked;
    box.dispatchEvent(new Event('change', { bubbles: true }));
  } else if (row.dataset.value && batchForm()) {
    row.classList.toggle('sel');
    recount();
  } else {
    return false;
  }
  return true;
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (document.querySelector('dialog[open]')) return;
  const field = event.target.closest('input, textarea, select, [contenteditable="true"]');
  if (field && !field.matches('input[data-tick]')) return;
  const container = containerNow();
  if (!container) return;
  const rows = rowsOf(container);
  if (!rows.length) return;
  const at = rows.indexOf(currentOf(container));
  if (event.key.startsWith('Arrow')) {
    if (event.target.closest('[data-viewer]')) return;
    const next = container.dataset.rows === 'grid' ? moveGrid(rows, at, event.key) : moveList(rows, at, event.key);
    if (next) { event.preventDefault(); makeCurrent(container, next, true); }
  } else if (event.key === ' ' && at >= 0 && !event.target.closest('button, summary, input')) {
    if (tickRow(rows[at])) event.preventDefault();
  } else if (event.key === 'Enter' && at >= 0 && !event.target.closest('a, button, summary')) {
    const open = rows[at].matches('[data-open]') ? rows[at] : rows[at].querySelector('[data-open]');
    if (open) { event.preventDefault(); open.click(); }
  }
});

document.addEventListener('focusin', (event) => {
  const row = event.target.closest('[data-row]');
  const container = row && row.closest('[data-rows]');
  if (container) makeCurrent(container, row, false);
});

/* Ticks, kept for this tab, this person and this list. */
const batchForm = () => document.querySelector('[data-batch]');
const person = document.querySelector('.yc-menu .who');
const tickStore = () => `yichuan.ticks ${batchForm().dataset.batch} ${person ? person.textContent.trim() : ''}`;
const keptTicks = new Set();

function readTicks() {
  if (!batchForm()) return;
  try { JSON.parse(sessionStorage.getItem(tickStore()) || '[]').forEach((value) => keptTicks.add(value)); } catch (error) { keptTicks.clear(); }
}

function writeTicks() {
  if (!batchForm()) return;
  try { sessionStorage.setItem(tickStore(), JSON.stringify([...keptTicks])); } catch (error) { /* kept by this page alone */ }
}

/* A row that can no longer be ticked was handled. What is ticked and stands on no row is on another page. */
function elsewhere() {
  const here = new Set();
  document.querySelectorAll('[data-row][data-id]').forEach((row) => {
    here.add(row.dataset.id);
    if (!row.querySelector('input[data-tick]')) keptTicks.delete(row.dataset.id);
  });
  boxes().forEach((box) => here.add(box.value));
  return [...keptTicks].filter((value) => !here.has(value));
}
const boxes = () => Array.from(document.querySelectorAll('input[data-tick]'));
const selected = () => Array.from(document.querySelectorAll('[data-row].sel'));

function recount() {
  const form = batchForm();
  if (!form) return;
  const cells = selected();
  const away = elsewhere();
  const count = boxes().filter((box) => box.checked).length + cells.length + away.length;
  form.querySelectorAll('[data-ticked]').forEach((place) => { place.textContent = String(count); });
  form.querySelectorAll('[data-needs-tick]').forEach((button) => { button.disabled = count === 0; });
  const all = document.querySelector('[data-tick-all]');
  if (all) {
    const open = boxes().filter((box) => !box.disabled);
    all.checked = open.length > 0 && open.every((box) => box.checked);
    all.indeterminate = !all.checked && open.some((box) => box.checked);
  }
  form.querySelectorAll('[data-elsewhere]').forEach((place) => { place.textContent = away.length ? `（${away.length} 件在别的页）` : ''; });
  form.querySelectorAll('input[data-added]').forEach((field) => field.remove());
  for (const value of [...cells.map((cell) => cell.dataset.value), ...away]) {
    const field = document.createElement('input');
    Object.assign(field, { type: 'hidden', name: form.dataset.batch, value });
    field.dataset.added = '1';
    form.append(field);
  }
}

document.addEventListener('change', (event) => {
  if (event.target.matches('[data-tick-all]')) {
    boxes().filter((box) => !box.disabled).forEach((box) => { box.checked = event.target.checked; remember(box); });
    recount();
  } else if (event.target.matches('input[data-tick]')) {
    remember(event.target);
    recount();
  }
});

function remember(box) {
  if (box.checked) keptTicks.add(box.value); else keptTicks.delete(box.value);
  writeTicks();
}

document.addEventListener('click', (event) => {
  const cell = event.ctrlKey && batchForm() && event.target.closest('[data-rows="grid"] [data-row][data-value]');
  if (cell) {
    event.preventDefault();
    tickRow(cell);
  }
  if (event.target.closest('[data-untick]')) {
    keptTicks.clear();
    writeTicks();
    boxes().forEach((box) => { box.checked = false; });
    selected().forEach((cell) => cell.classList.remove('sel'));
    recount();
  }
  const kind = event.target.closest('[data-tick-kind]');
  if (kind) {
    document.querySelectorAll(`[data-row][data-kind="${CSS.escape(kind.dataset.tickKind)}"]`).forEach((row) => {
      const box = row.querySelector('input[data-tick]');
      if (box) { box.checked = true; remember(box); } else row.classList.add('sel');
    });
    recount();
  }
});

/* Looking for a unit among the rows: data-find on a field, data-unit on the rows, data-show on a tab for one kind. */
let shownKind = '';

function sift() {
  const field = document.querySelector('input[data-find]');
  const wanted = field ? field.value.trim().toLowerCase() : '';
  const kind = shownKind;
  document.querySelectorAll('[data-show]').forEach((tab) => tab.classList.toggle('on', tab.dataset.show === kind));
  document.querySelectorAll('[data-row][data-unit]').forEach((row) => {
    const misses = (wanted && !row.dataset.unit.toLowerCase().includes(wanted)) || (kind && row.dataset.kind !== kind);
    row.classList.toggle('hide', Boolean(misses));
  });
}
document.addEventListener('input', (event) => { if (event.target.matches('input[data-find]')) sift(); });
document.addEventListener('click', (event) => {
  const tab = event.target.closest('[data-show]');
  if (!tab) return;
  event.preventDefault();
  shownKind = tab.dataset.show;
  sift();
});

/* htmx: remember which row acted, go to the next one; keep the ticks over a swap. */
document.addEventListener('htmx:beforeRequest', (event) => {
  const row = event.target.closest('[data-row]');
  const container = row && row.closest('[data-rows]');
  if (!container || event.detail.requestConfig.verb === 'get') return;
  const rows = rowsOf(container);
  acted = { at: rows.indexOf(row), count: rows.length };
});
document.addEventListener('htmx:afterSettle', (event) => {
  showTicks();
  if (document.querySelector('[data-find], [data-show]')) sift();
  if (stood) {
    const same = CSS.escape(stood.value);
    const row = document.querySelector(`[data-rows] [data-value="${same}"], [data-rows] [data-id="${same}"]`);
    if (row) makeCurrent(row.closest('[data-rows]'), row, stood.focused);
    stood = null;
  }
  chosen.forEach((value) => {
    const cell = document.querySelector(`[data-row][data-value="${CSS.escape(value)}"]`);
    if (cell) cell.classList.add('sel');
  });
  if (chosen.length) recount();
  chosen = [];
  startAtTheTop();
  if (!acted) return;
  const container = containerNow();
  const rows = container ? rowsOf(container) : [];
  const next = rows[Math.min(rows.length < acted.count ? acted.at : acted.at + 1, rows.length - 1)];
  acted = null;
  if (next && !document.activeElement.matches('[data-focus]')) makeCurrent(container, next, true);
});
document.addEventListener('htmx:responseError', () => { acted = null; });

/* A list or board that refreshes itself keeps the place one stood on, and the cells that were selected. */
let stood = null;
let chosen = [];
document.addEventListener('htmx:beforeSwap', (event) => {
  if (!event.detail.shouldSwap) return;
  if (event.target.querySelector && event.target.querySelector('[data-rows="grid"]')) chosen = selected().map((cell) => cell.dataset.value);
  const row = event.target.querySelector && event.target.querySelector('[data-rows] [data-row].cur');
  if (row && (row.dataset.value || row.dataset.id)) stood = { value: row.dataset.value || row.dataset.id, focused: row.contains(document.activeElement) };
});

function startAtTheTop() {
  const list = containerNow();
  if (list && !currentOf(list) && rowsOf(list)[0] && list.dataset.rows !== 'grid') makeCurrent(list, rowsOf(list)[0], false);
}
startAtTheTop();

function showTicks() {
  boxes().forEach((box) => { if (keptTicks.has(box.value)) box.checked = true; });
  recount();
  writeTicks();
}
/* After a batch only what failed stays ticked, wherever it stands. */
document.addEventListener('htmx:beforeSwap', (event) => {
  const { requestConfig, xhr } = event.detail;
  if (!event.detail.shouldSwap || !requestConfig.elt.matches('[data-batch]') || xhr.status >= 400) return;
  keptTicks.clear();
  selected().forEach((cell) => cell.classList.remove('sel'));
  const answer = new DOMParser().parseFromString(xhr.responseText, 'text/html');
  answer.querySelectorAll('[data-failed]').forEach((one) => keptTicks.add(one.dataset.failed));
  writeTicks();
});
/* A form that is sent as a page of its own takes its ticks along: what it handles stands on no row any more. */
window.addEventListener('submit', (event) => {
  if (event.defaultPrevented || !event.target.matches('[data-batch]:not([hx-post])')) return;
  keptTicks.clear();
  writeTicks();
});
boxes().forEach((box) => { if (box.checked) keptTicks.add(box.value); });
readTicks();
showTicks();
