/* A region that refreshes by itself (data-quiet) takes nothing away that a person is at.
 *
 * While somebody is busy in it, what would take its place is neither asked for nor put there; a line at its foot says
 * that there is something newer, and as soon as nobody is busy it is asked for. Busy is
 *   in the region       what data-opens opened; a field one writes in, or that holds what was not sent; a verb on its way
 *   anywhere            a question of guard.js; form[data-clearing], between the press and the sending; a mouse button
 *                       that is down: its click would fall on nothing
 * form[data-went]       was sent and answers elsewhere (a file): it keeps nobody busy until it is written in again
 * What asks by the clock alone comes again by itself: nothing is remembered of it.
 */
const LOOK_EVERY_MS = 300;
const PRESS_MS = 2000;
const WORDS = '内容有更新，正在填的办完、取消或清空后自动刷新。';
const FIELDS = 'input:not([type=hidden]):not([data-tick]):not([data-tick-all]):not([data-find]), textarea, select';

let pressed = 0; /* since when the mouse button is down; one that is never let go holds up nothing for long */
const down = () => Date.now() - pressed < PRESS_MS;
document.addEventListener('pointerdown', () => { pressed = Date.now(); }, true);
for (const name of ['pointerup', 'pointercancel', 'dragend']) {
  document.addEventListener(name, () => setTimeout(() => { pressed = 0; }, 0), true); /* after the click */
}

const seen = (element) => element.getClientRects().length > 0;

function unsent(field) {
  if (field.matches('[type=checkbox], [type=radio]')) return field.checked !== field.defaultChecked;
  if (!field.matches('select')) return field.value !== field.defaultValue;
  const meant = Array.from(field.options).findIndex((option) => option.defaultSelected);
  return field.selectedIndex !== Math.max(meant, 0);
}

function busy(region) {
  if (down() || document.querySelector('#ask[open], form[data-clearing]')) return true;
  const here = (element) => element && region.contains(element) && seen(element) && !element.closest('[data-went]');
  const opened = Array.from(document.querySelectorAll('[data-opens]'), (one) => document.querySelector(one.dataset.opens));
  const held = Array.from(region.querySelectorAll('[aria-busy="true"]'));
  const written = Array.from(region.querySelectorAll(FIELDS)).filter((field) => field === document.activeElement || unsent(field));
  return [...opened, ...held, ...written].some(here);
}

const waiting = new Map(); /* what would ask -> the region whose place its answer takes */
const now = (element) => (element.isConnected ? element : element.id && document.getElementById(element.id));
let timer = 0;

function say(region) {
  if (region.querySelector(':scope > .yc-waiting')) return;
  const line = document.createElement('p');
  line.className = 'yc-waiting';
  line.setAttribute('role', 'status');
  region.append(line);
  line.textContent = WORDS;
}

function look() {
  for (const [asker, region] of Array.from(waiting)) {
    const [source, place] = [now(asker), now(region)];
    if (source && place && busy(place)) continue;
    waiting.delete(asker);
    const address = source && source.getAttribute('hx-get'); /* what took its place may ask for nothing any more */
    if (address && place) window.htmx.ajax('GET', address, { source, event: new Event('yichuan:free') });
  }
  if (!waiting.size) timer = clearInterval(timer);
}

/* Whether it has to wait; what somebody or something caused is remembered. */
function waits({ requestConfig, target }) {
  const { elt, verb, triggeringEvent } = requestConfig;
  if (verb !== 'get' || !elt.hasAttribute('data-quiet') || !busy(target)) return false;
  if (triggeringEvent) {
    waiting.set(elt, target);
    if (!down()) say(target);
    timer = timer || setInterval(look, LOOK_EVERY_MS);
  }
  return true;
}

document.addEventListener('htmx:beforeRequest', (event) => { if (waits(event.detail)) event.preventDefault(); });
document.addEventListener('htmx:beforeSwap', (event) => {
  if (event.detail.shouldSwap && waits(event.detail)) event.detail.shouldSwap = false;
});
document.addEventListener('input', (event) => {
  const form = event.target.form;
  if (form) delete form.dataset.went;
});
