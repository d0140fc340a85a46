/* A failure is a region of the page, never a page instead of it: the server's own state panel, or plain words.
 *
 * form[data-quiet]   saves by itself: a failure of its saving takes no focus, is said in a strip with its time and the
 *                    number of attempts, and is tried again by itself; [data-saved] is hidden until it is true again
 */
import { hourOf } from './clock.js';
import { expired } from './session.js';

const AGAIN_MS = [5000, 10000, 20000, 30000];

const region = () => document.getElementById('failure');
export function clearFailure() { if (region()) region().textContent = ''; }

function panelFrom(text) {
  const page = new DOMParser().parseFromString(text || '', 'text/html');
  return page.querySelector('[data-state]');
}

export function plainPanel(title, words) {
  const panel = document.createElement('section');
  panel.className = 'yc-bad';
  panel.setAttribute('role', 'alert');
  const strong = document.createElement('b');
  strong.textContent = title;
  const note = document.createElement('span');
  note.textContent = words;
  panel.append(strong, note);
  return panel;
}

export function showFailure(panel, quiet) {
  if (!region()) return;
  region().textContent = '';
  region().append(document.importNode(panel, true));
  if (quiet) return;
  region().focus();
  region().scrollIntoView({ block: 'nearest' });
}

/* The strip of a saving that failed. */
let saving = null; /* {form, since, attempts, timer} */

function tellSaving(words) {
  const said = document.getElementById('not-saved') || document.createElement('section');
  if (!said.id) {
    Object.assign(said, { id: 'not-saved', className: 'yc-offline' });
    said.setAttribute('role', 'status');
    const text = document.createElement('span');
    text.className = 'grow num';
    const again = document.createElement('button');
    Object.assign(again, { type: 'button', className: 'btn btn-sm btn-plain', textContent: '现在重试' });
    again.addEventListener('click', saveAgain);
    said.append(text, again);
    document.querySelector('main').prepend(said);
  }
  said.querySelector('span').textContent = words;
}

function saveAgain() {
  if (!saving) return;
  clearTimeout(saving.timer);
  saving.form.dispatchEvent(new Event('input', { bubbles: true }));
}

const notSaved = () => document.querySelectorAll('[data-saved]').forEach((tag) => { tag.hidden = true; });

function savingFailed(form, why) {
  saving = saving || { form, since: Date.now(), attempts: 0 };
  clearTimeout(saving.timer);
  const pause = AGAIN_MS[Math.min(saving.attempts, AGAIN_MS.length - 1)];
  saving.attempts += 1;
  saving.timer = setTimeout(saveAgain, pause);
  notSaved();
  const since = hourOf(saving.since);
  tellSaving(`还没有保存：${why}。${since} 起，已经试了 ${saving.attempts} 次，${pause / 1000} 秒后再试。写的内容还在页面上。`);
}

function savingDone() {
  if (saving) clearTimeout(saving.timer);
  saving = null;
  const said = document.getElementById('not-saved');
  if (said) said.remove();
}

const quietForm = (event) => event.target.matches('form[data-quiet]') && event.target;

document.addEventListener('htmx:afterRequest', (event) => {
  const { requestConfig, xhr } = event.detail;
  const status = xhr ? xhr.status : 0;
  if (requestConfig.verb !== 'get' && (status === 422 || (status >= 200 && status < 400))) { savingDone(); backAgain(); }
});
document.addEventListener('htmx:responseError', (event) => {
  const { xhr } = event.detail;
  if (xhr.status === 401) { if (quietForm(event)) notSaved(); expired(); return; }
  const panel = panelFrom(xhr.responseText) || plainPanel('刚才没有办成。', '页面上的内容还在，请刷新后看这一步有没有办成，再决定要不要重做。');
  const form = quietForm(event);
  if (form) savingFailed(form, '服务器出错');
  showFailure(panel, event.target.hasAttribute('data-quiet'));
});
for (const name of ['htmx:sendError', 'htmx:timeout']) {
  document.addEventListener(name, (event) => {
    const form = quietForm(event);
    if (form) savingFailed(form, '和服务器断开了');
    else if (!event.target.hasAttribute('data-quiet')) sayAway();
  });
}
window.addEventListener('online', () => { backAgain(); saveAgain(); });
document.addEventListener('yichuan:signed-in', () => {
  const form = document.querySelector('form[data-quiet][data-changed]');
  if (form) form.dispatchEvent(new Event('input', { bubbles: true }));
});

/* Nothing was sent: it is safe to press once more. Or something was, and nobody knows. */
export function sayAway(nothingSent) {
  const words = nothingSent ? '没有发出去，页面上的内容还在。连上以后再按一次。'
    : '页面上的内容还在。刚才这一步可能没有办成，连上以后先刷新看一下，再决定要不要重做。';
  const panel = plainPanel('和服务器断开了。', words);
  if (nothingSent) panel.dataset.away = '';
  showFailure(panel);
}

/* "Nothing was sent" is said no longer than it is news. */
function backAgain() {
  const panel = document.querySelector('#failure [data-away]');
  if (panel) panel.remove();
}
