/* Whether the session still stands, asked before anything is sent that a person typed.
 *
 * A session that is over is said in a strip that stays: one logs in in another window and presses once more here.
 * While the strip shows, the page asks /session/; after the login it takes the new token into every form and says
 * `yichuan:signed-in` on body. Nothing of the page is loaded again, so nothing typed is lost.
 */

const ADDRESS = '/session/';
const ASK_EVERY_MS = 5000;
const PATIENCE_MS = 15000;

let strip = null;
let asking = 0;

/* {signed_in, csrf, why}; null when the server answers with something else; throws when it does not answer. */
async function state() {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(ADDRESS, { credentials: 'same-origin', cache: 'no-store', signal: patience.signal });
    const json = (answer.headers.get('Content-Type') || '').startsWith('application/json');
    return answer.ok && json ? await answer.json() : null;
  } finally {
    clearTimeout(timer);
  }
}

function takeToken(token) {
  document.querySelectorAll('input[name="csrfmiddlewaretoken"]').forEach((field) => { field.value = token; });
  if (document.body.hasAttribute('hx-headers')) {
    document.body.setAttribute('hx-headers', JSON.stringify({ 'X-CSRFToken': token }));
  }
}

/* Before a form goes: "ok", "expired" (the strip shows by then) or "away". */
export async function ready() {
  let now;
  try { now = await state(); } catch (error) { return 'away'; }
  if (!now) return 'ok';
  if (!now.signed_in) { expired(); return 'expired'; }
  takeToken(now.csrf);
  return 'ok';
}

function makeStrip() {
  const made = document.createElement('section');
  made.className = 'yc-offline';
  made.id = 'expired';
  made.setAttribute('role', 'alert');
  const words = document.createElement('span');
  words.className = 'grow';
  const title = document.createElement('b');
  title.textContent = '登录已过期，页面上的内容还在。';
  const why = document.createElement('span');
  why.dataset.why = '';
  why.textContent = '请在新窗口登录，回来再按一次。';
  words.append(title, why);
  const link = document.createElement('a');
  Object.assign(link, { href: '/login/', target: '_blank', rel: 'noopener', className: 'btn btn-sm btn-plain', textContent: '在新窗口登录' });
  made.append(words, link);
  return made;
}

export function expired() {
  if (strip) return;
  strip = makeStrip();
  document.querySelector('main').prepend(strip);
  strip.scrollIntoView({ block: 'nearest' });
  asking = setInterval(look, ASK_EVERY_MS);
  look();
  document.body.dispatchEvent(new CustomEvent('yichuan:expired', { bubbles: true }));
}

async function look() {
  if (!strip) return;
  let now = null;
  try { now = await state(); } catch (error) { return; }
  if (now && now.why && strip) strip.querySelector('[data-why]').textContent = now.why;
  if (!now || !now.signed_in || !strip) return;
  takeToken(now.csrf);
  clearInterval(asking);
  strip.remove();
  strip = null;
  document.body.dispatchEvent(new CustomEvent('yichuan:signed-in', { bubbles: true }));
}

window.addEventListener('focus', look);
