/* Arrivals: the strip, the bell, the counts, the connection.
 *
 * <body data-feed-url data-arrive-url data-nav-url>
 *   feed    server-sent events; an event `arrival` makes the page fetch the strip (#arrive) and the navigation (#nav)
 *   arrive  answers the fragment #arrive with data-unsigned, data-newest; nav answers the fragment #nav
 * While data-unsigned is above nought the bell rings (bell.js), the tab shows the number (tab_badge.js), and what is
 * newer than before is announced on the desktop (desktop_notice.js). [data-mute] stops the bell for ten minutes on
 * this screen (all its tabs), the strip stays; [data-unmute] ends that. Where the browser holds the sound back,
 * [data-sound-on] appears. The strip shows one of its parts [data-arrive-when="ringing|muted"], and "blocked" beside it.
 * Every 60 s the page asks by itself, so that a dead feed loses nothing. Every event of the feed is
 * said on body as `yichuan:NAME`, for hx-trigger="yichuan:receipt from:body" and the like.
 */
import { begin, blocked, mute, muted, mutedUntil, release, ringIfDue, unmute } from './bell.js';
import { hourOf, madeAt } from './clock.js';
import { announce } from './desktop_notice.js';
import { nameOf } from './keep_place.js';
import { expired } from './session.js';
import { showCount } from './tab_badge.js';

const POLL_EVERY_MS = 60000;
const BACKOFF_MS = [1000, 2000, 5000, 10000, 20000, 30000];
/* What the feed says. After these the strip and the counts are asked for again; */
const REFRESHING = [
  'arrival', 'inbox', 'reminder', 'reminder_settled', 'answered', 'asked', 'assigned', 'handed_back', 'sealed', 'opening',
  'to_seal', 'signed_out', /* perhaps this session: the page finds out by asking */
];
/* after these only those parts of a page that ask for them. */
const EVENTS = [...REFRESHING, 'receipt', 'printed', 'copied', 'late_notice', 'withdrawn', 'handed_back'];

const { feedUrl, arriveUrl, navUrl } = document.body.dataset;
const strip = () => document.getElementById('arrive');
const unsigned = () => { const place = strip(); return place ? Number(place.dataset.unsigned) || 0 : 0; };
const newest = () => { const place = strip(); return place ? Date.parse(place.dataset.newest) || 0 : 0; };
let asked = false; /* a context that may run takes a moment to start: only after that is "blocked" worth a strip */

/* What the strip shows, and the number on the tab. */
function show() {
  const place = strip();
  if (place) {
    const quiet = muted();
    place.querySelectorAll('[data-arrive-when]').forEach((part) => {
      const when = part.dataset.arriveWhen;
      part.hidden = when === 'blocked' ? !asked || !blocked() : when !== (quiet ? 'muted' : 'ringing');
    });
    place.querySelectorAll('[data-mute-until]').forEach((words) => { words.textContent = hourOf(mutedUntil()); });
  }
  showCount(unsigned());
}

/* Fetching a fragment and putting it where the old one stands. */
class Expired extends Error {}

async function fetchFragment(url, id, place) {
  const answer = await fetch(url, { credentials: 'same-origin', headers: { 'X-Requested-With': 'fetch', 'X-Background': '1' } });
  const fresh = answer.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(id) : null;
  if (!fresh && (answer.redirected || answer.status === 401 || answer.status === 403)) throw new Expired();
  if (!fresh) throw new Error(`${url}: ${answer.status}`);
  const old = document.getElementById(id);
  if (old && !old.isEqualNode(fresh)) place(old, document.importNode(fresh, true));
}

function placeStrip(old, fresh) {
  const focused = old.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  old.replaceWith(fresh);
  show(); /* what is hidden takes no focus */
  const same = focused && Array.from(fresh.querySelectorAll('a, button')).find((each) => nameOf(each) === focused);
  if (same) same.focus();
}

/* The server does not know on which page the navigation stands: only its counts are taken. */
function placeCounts(old, fresh) {
  const counts = new Map(Array.from(fresh.querySelectorAll('a[href]'), (link) => [link.getAttribute('href'), link.querySelector('.yc-n')]));
  old.querySelectorAll('a[href]').forEach((link) => {
    const href = link.getAttribute('href');
    if (!counts.has(href)) return;
    const before = link.querySelector('.yc-n');
    if (before) before.remove();
    if (counts.get(href)) link.append(counts.get(href).cloneNode(true)); /* an entry and its first line share it */
  });
}

let pagesLost = 0;

/* `loud`: somebody is asking for it, not only something newer than the page knew. */
async function refresh(loud) {
  const before = newest();
  try {
    if (arriveUrl) await fetchFragment(arriveUrl, 'arrive', placeStrip);
    if (navUrl) await fetchFragment(navUrl, 'nav', placeCounts);
    pagesLost = 0;
  } catch (error) {
    if (error instanceof Expired) {
      expired();
      return;
    }
    pagesLost = pagesLost || Date.now();
  }
  tell();
  show();
  const came = newest() > before;
  if (came) announce(unsigned(), strip().dataset.words);
  ringIfDue(unsigned(), came || loud);
}

/* The feed, with growing pauses between attempts. */
let source = null;
let attempts = 0;
let feedLost = 0;
let again = 0;
let timers = [];
let since = madeAt; /* what happened while this page was on its way, it is told once; later it asks for itself */

function addressOfFeed() {
  const address = new URL(feedUrl, globalThis.location.href);
  if (since) address.searchParams.set('since', since);
  return address.href;
}

function connect() {
  if (!feedUrl) return;
  clearTimeout(again);
  if (source) source.close();
  source = new EventSource(addressOfFeed(), { withCredentials: true });
  source.addEventListener('open', () => {
    const wasLost = feedLost;
    attempts = 0;
    feedLost = 0;
    since = '';
    tell();
    if (wasLost) refresh(false);
  });
  EVENTS.forEach((name) => source.addEventListener(name, () => {
    if (REFRESHING.includes(name)) refresh(name === 'reminder');
    document.body.dispatchEvent(new CustomEvent(`yichuan:${name}`, { bubbles: true }));
  }));
  source.addEventListener('error', () => {
    source.close();
    feedLost = feedLost || Date.now();
    const pause = BACKOFF_MS[Math.min(attempts, BACKOFF_MS.length - 1)] * (0.8 + 0.4 * Math.random());
    attempts += 1;
    again = setTimeout(connect, pause);
    tell(pause);
  });
}

function say(title, note, button) {
  const region = document.getElementById('connection');
  region.hidden = !title;
  if (!title) return;
  region.querySelector('[data-connection-title]').textContent = title;
  region.querySelector('[data-connection-note]').textContent = note;
  region.querySelector('[data-reconnect]').textContent = button;
}

/* One short loss is not worth a word; from the second attempt on the page says so. */
function tell(pause) {
  if (!pagesLost && attempts < 2) { say('', '', ''); return; }
  const soon = pause ? `，${Math.ceil(pause / 1000)} 秒后自动重连` : '';
  const count = attempts ? `第 ${attempts} 次重连${soon}。` : '';
  if (pagesLost) say('与服务器的连接断开', `${hourOf(pagesLost)} 断开，${count}页面内容还在，连上以前做的操作不会执行`, '现在重连');
  else say('来文提醒的连接断开', `${hourOf(feedLost)} 断开，${count}其间每 60 秒查一次新公文`, '现在重连');
}

function stop() {
  timers.forEach(clearInterval);
  timers = [];
  clearTimeout(again);
  if (source) source.close();
}

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-mute]')) {
    mute();
    show();
  } else if (event.target.closest('[data-unmute]')) {
    unmute();
    show();
    ringIfDue(unsigned(), true);
  } else if (event.target.closest('[data-sound-on]')) {
    release().then(show);
  } else if (event.target.closest('[data-reconnect]')) {
    attempts = 0;
    connect();
    refresh(false);
  }
});

/* After every action that went through, the strip and the counts follow. */
document.addEventListener('htmx:afterRequest', (event) => {
  if (event.detail.successful && event.detail.requestConfig.verb !== 'get') refresh(false);
});
window.addEventListener('online', () => { attempts = 0; connect(); refresh(false); });
window.addEventListener('pagehide', stop);
window.addEventListener('pageshow', (event) => { if (event.persisted) window.location.reload(); });

begin(show);
show();
ringIfDue(unsigned(), false);
setTimeout(() => { asked = true; show(); }, 800);

/* Listening ends with the session and begins again after the login, which may be another window's. */
function start() {
  stop();
  attempts = 0;
  connect();
  timers = [
    setInterval(() => { show(); ringIfDue(unsigned(), false); }, 1000),
    setInterval(() => refresh(false), POLL_EVERY_MS),
  ];
}
document.addEventListener('yichuan:expired', stop);
document.addEventListener('yichuan:signed-in', () => { start(); refresh(false); });
start();
