/* One request at a time, one question at most, and a failure that stays on the page.
 *
 * form / [hx-post]        its buttons are off while its request runs (each form carries its own key from the server)
 * data-confirm="text"     asks once in a dialog before the form is sent; data-yes and data-no name its buttons
 * data-busy="正在签收…"    what a button says while its request runs
 * data-download           a form answered by a file: its buttons come back after a moment
 * data-ask-first="#id"    a refusal takes the place of the region, and no window opens (ask_first.js)
 * data-unsaved            a form whose changes are lost on leaving: the browser asks
 * data-opens="#id"        shows the region and puts the cursor into its first field
 * data-dismiss="#id"      removes the region
 * data-quiet              on an element that asks by itself (a preview, a board): no button goes off, one's place is kept
 *                         (keep_place.js), and what a person is at is not taken away (redraw.js)
 */
import { allowed } from './ask_first.js';
import { clearFailure, sayAway } from './failure.js';
import { fieldsFit } from './fields.js';
import './redraw.js';
import './keep_place.js';
import { ready } from './session.js';

const DOWNLOAD_PAUSE_MS = 3000;

function buttonsOf(element) {
  const form = element.closest('form');
  const inside = form ? Array.from(form.elements).filter((e) => e.tagName === 'BUTTON') : [];
  const outside = form && form.id ? Array.from(document.querySelectorAll(`button[form="${CSS.escape(form.id)}"]`)) : [];
  const own = element.tagName === 'BUTTON' ? [element] : [];
  return Array.from(new Set([...inside, ...outside, ...own]));
}

function hold(element, pressed) {
  const said = pressed || buttonsOf(element)[0];
  if (said && said.dataset.busy && !said.dataset.words) {
    said.dataset.words = '1';
    const busy = document.createElement('span');
    busy.textContent = said.dataset.busy;
    busy.dataset.busyWords = '';
    said.classList.add('is-busy');
    said.append(busy);
  }
  for (const button of buttonsOf(element)) {
    if (!button.disabled) {
      button.disabled = true;
      button.dataset.held = '1';
    }
  }
  element.setAttribute('aria-busy', 'true');
}

function release(element) {
  for (const button of buttonsOf(element)) {
    if (button.dataset.held) {
      button.disabled = false;
      delete button.dataset.held;
    }
    button.querySelectorAll('[data-busy-words]').forEach((words) => words.remove());
    button.classList.remove('is-busy');
    delete button.dataset.words;
  }
  element.removeAttribute('aria-busy');
}

/* The question: resolves to whether the person agreed. Focus goes back to where it was. */
function ask(text, yes = '确认', no = '不做了') {
  const dialog = document.getElementById('ask');
  const before = document.activeElement;
  document.getElementById('ask-text').textContent = text;
  dialog.querySelector('[data-ask="yes"]').textContent = yes;
  dialog.querySelector('[data-ask="no"]').textContent = no;
  dialog.showModal();
  dialog.querySelector('[data-ask="no"]').focus();
  return new Promise((resolve) => {
    const answer = (event) => {
      const choice = event.target.closest('[data-ask]');
      if (choice) dialog.close(choice.dataset.ask);
    };
    dialog.addEventListener('click', answer);
    dialog.addEventListener('close', () => {
      dialog.removeEventListener('click', answer);
      if (before && before.focus) before.focus();
      resolve(dialog.returnValue === 'yes');
    }, { once: true });
    dialog.returnValue = 'no';
  });
}

/* A file came in another tab or as a download: what the page shows of it is asked for again (`yichuan:fetched`). */
let downloads = 0;
function tellDownload() { document.body.dispatchEvent(new CustomEvent('yichuan:fetched', { bubbles: true })); }
window.addEventListener('focus', () => { if (downloads) { downloads = 0; tellDownload(); } });

/* Plain forms. First the numbers, then the one question, then whether the server is there and still knows the person:
 * only then does the browser leave the page. */
const passed = new WeakSet();

/* A saving that is on its way comes back first: sent beside it, the form would seem to overwrite another window's. */
const waiting = new WeakSet();
async function saved(form) {
  const running = form.id ? `#${form.id}.htmx-request, [hx-include="#${form.id}"].htmx-request` : null;
  while (running && document.querySelector(running)) await new Promise((later) => setTimeout(later, 50));
}

async function clear(form, submitter) {
  if (waiting.has(form)) return;
  waiting.add(form);
  await saved(form);
  waiting.delete(form);
  form.dataset.clearing = '1';
  try {
    await cleared(form, submitter);
  } finally {
    delete form.dataset.clearing;
  }
}

async function cleared(form, submitter) {
  if (!fieldsFit(form)) return;
  if (form.dataset.confirm && !(await ask(form.dataset.confirm, form.dataset.yes, form.dataset.no))) return;
  hold(form, submitter);
  clearFailure();
  /* Later in any case: a form that is being sent ignores to be sent again. */
  const found = document.body.classList.contains('bare') ? await new Promise((later) => setTimeout(later, 0, 'ok')) : await ready();
  const goes = found === 'ok' && (await allowed(form));
  release(form);
  if (found === 'away') sayAway(true);
  if (!goes) return;
  passed.add(form);
  form.requestSubmit(submitter);
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  const sentByHtmx = form.hasAttribute('hx-post') && !form.hasAttribute('hx-trigger');
  if (sentByHtmx || form.method !== 'post') return;
  if (form.getAttribute('aria-busy') === 'true') {
    event.preventDefault();
    return;
  }
  if (!passed.delete(form)) {
    event.preventDefault();
    clear(form, event.submitter);
    return;
  }
  form.dataset.leaving = '1';
  /* After the browser has read the pressed button's name and value. */
  setTimeout(() => {
    hold(form, event.submitter);
    if (form.hasAttribute('data-download')) {
      downloads += 1;
      form.dataset.went = '1';
      setTimeout(() => { release(form); delete form.dataset.leaving; tellDownload(); }, DOWNLOAD_PAUSE_MS);
    }
  }, 0);
});

/* htmx. */
document.addEventListener('htmx:confirm', (event) => {
  if (event.target.matches('form') && !event.target.hasAttribute('data-quiet') && !fieldsFit(event.target)) {
    event.preventDefault();
    return;
  }
  const { confirm, yes: words, no } = event.target.dataset;
  if (!confirm) return;
  event.preventDefault();
  ask(confirm, words, no).then((yes) => { if (yes) event.detail.issueRequest(true); });
});
/* What refreshes by itself is no use of the page: the server counts idle time all the same. */
document.addEventListener('htmx:configRequest', (event) => {
  if (event.detail.verb === 'get' && event.target.hasAttribute('data-quiet')) event.detail.headers['X-Background'] = '1';
});
let pressed = null; /* what had the focus when the request went: a button that is off loses it */

document.addEventListener('htmx:beforeRequest', (event) => {
  const quiet = event.target.hasAttribute('data-quiet');
  if (event.detail.requestConfig.verb === 'get') return;
  if (quiet && document.querySelector('form[data-clearing]')) { /* the form itself is about to be sent, with all that is in it */
    event.preventDefault();
    return;
  }
  const included = event.target.getAttribute('hx-include');
  const form = included ? document.querySelector(included) : event.target;
  if (form && form.dataset.changed) form.dataset.sent = form.dataset.changed;
  if (quiet) return;
  if (event.target.getAttribute('aria-busy') === 'true') {
    event.preventDefault();
    return;
  }
  pressed = document.activeElement;
  /* only what `release` finds again: a script's own request comes from the page's body, which holds every button */
  hold(event.target, buttonsOf(event.target).includes(pressed) ? pressed : null);
  clearFailure();
});
document.addEventListener('htmx:afterRequest', (event) => {
  if (event.detail.requestConfig.verb === 'get') return;
  release(event.target);
  const included = event.target.getAttribute('hx-include');
  const form = included ? document.querySelector(included) : event.target;
  /* saved is what was sent, not what was typed while it was on its way */
  if (form && event.detail.successful && form.dataset.changed === form.dataset.sent) delete form.dataset.changed;
});

/* Coming back by the browser's back button: nothing is running any more. */
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  document.querySelectorAll('form[aria-busy="true"]').forEach(release);
});

/* Changes that would be lost. */
document.addEventListener('input', (event) => {
  const form = event.target.closest && event.target.closest('form[data-unsaved]');
  if (form) form.dataset.changed = String(Number(form.dataset.changed || 0) + 1);
});
window.addEventListener('beforeunload', (event) => {
  if (document.querySelector('form[data-unsaved][data-changed]:not([data-leaving])')) {
    event.preventDefault();
    event.returnValue = '';
  }
});

document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-opens]');
  if (opener) {
    const region = document.querySelector(opener.dataset.opens);
    if (region) {
      event.preventDefault();
      region.hidden = false;
      region.scrollIntoView({ block: 'nearest' });
      const first = region.querySelector('textarea, input:not([type=hidden]), select, button');
      if (first) first.focus();
    }
    return;
  }
  const dismiss = event.target.closest('[data-dismiss]');
  if (dismiss) {
    const region = document.querySelector(dismiss.dataset.dismiss);
    if (!region) return;
    const within = region.contains(document.activeElement);
    if (dismiss.hasAttribute('data-keep')) region.hidden = true; else region.remove();
    const opened = document.querySelector(`[data-opens="${dismiss.dataset.dismiss}"]`);
    if (within && opened) opened.focus();
  }
});

/* Where the eye should go after a swap or a load: an error summary, a batch result, the next title. */
function focusMarked(root) {
  const marked = root.querySelector('.yc-errsum[data-focus]') || root.querySelector('[data-focus]');
  if (!marked) return false;
  marked.focus();
  if (marked.matches('.yc-errsum, .err-msg')) marked.scrollIntoView({ block: 'center' });
  return true;
}

/* Nothing is marked: back to what was pressed, or to the thing that took its place. */
function focusBack(target) {
  const before = pressed;
  pressed = null;
  if (!before || document.activeElement !== document.body) return;
  const again = before.isConnected ? before : before.id && document.getElementById(before.id);
  if (again && !again.disabled) again.focus();
  else if (target.isConnected && target.matches('[tabindex]')) target.focus();
}
document.addEventListener('htmx:afterSettle', (event) => {
  const target = event.detail.elt || event.target;
  if (event.detail.requestConfig && event.detail.requestConfig.elt.hasAttribute('data-quiet')) return;
  if (target.matches && target.matches('[data-focus]')) target.focus();
  else if (target.querySelector && !focusMarked(target)) focusBack(target);
});
focusMarked(document);

/* Only one menu of the top bar open, and closed by a click elsewhere or Esc. */
document.addEventListener('click', (event) => {
  document.querySelectorAll('details[data-menu][open]').forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  document.querySelectorAll('details[data-menu][open]').forEach((menu) => {
    menu.open = false;
    menu.querySelector('summary').focus();
  });
});
