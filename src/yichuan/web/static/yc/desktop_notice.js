/* 桌面通知: a notice of the desktop for what arrives, where the person has switched it on in their menu.
 *
 * [data-notices] holds [data-notices-switch] (a button with role="switch") and [data-notices-words], which says how it
 * stands: whether the browser can, may, was never asked, or was told no. The choice is kept by this browser.
 * A notice says how many, from which unit and which number: never a title.
 */
const WANTED = 'yichuan.notices';
const place = document.querySelector('[data-notices]');

const wanted = () => { try { return localStorage.getItem(WANTED) === '1'; } catch (error) { return false; } };
function want(on) {
  try { localStorage.setItem(WANTED, on ? '1' : ''); } catch (error) { /* it stays as it was */ }
}

/* unable, denied, default (never asked), granted */
function standing() {
  if (!window.Notification || !window.isSecureContext) return 'unable';
  return Notification.permission;
}

const WORDS = {
  unable: '浏览器不能显示桌面通知，来文照样在网页上响铃',
  denied: '浏览器拦下了本网站的通知：请点地址栏左边的图标，把「通知」改为允许',
  default: '没有打开；打开时浏览器会问一次，请选「允许」',
  off: '没有打开',
  on: '已打开，来文时显示在桌面上',
};

function show() {
  if (!place) return;
  const state = standing();
  const on = state === 'granted' && wanted();
  place.hidden = false;
  const button = place.querySelector('[data-notices-switch]');
  button.setAttribute('aria-checked', String(on));
  button.disabled = state === 'unable';
  place.querySelector('[data-notices-words]').textContent = WORDS[state === 'granted' ? (on ? 'on' : 'off') : state];
}

async function turn() {
  const on = standing() === 'granted' && wanted();
  if (!on && standing() === 'default') await Notification.requestPermission();
  want(!on && standing() === 'granted');
  show();
}

/* Something arrived. Tabs of one browser show it once: a notice of the same tag takes the other's place. */
export function announce(count, words) {
  if (standing() !== 'granted' || !wanted()) return;
  const notice = new Notification(`有新公文 ${count} 件没有签收`, { body: words, tag: 'yichuan-arrival', renotify: true, silent: true });
  notice.addEventListener('click', () => { window.focus(); notice.close(); });
}

if (place) place.querySelector('[data-notices-switch]').addEventListener('click', turn);
window.addEventListener('storage', show);
show();
