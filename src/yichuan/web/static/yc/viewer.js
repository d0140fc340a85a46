/* The reader of pages.
 *
 * [data-viewer] holds
 *   [data-pages]                       the scrolling canvas; each [data-page="1"] in it has
 *       data-src                       the address of that page's SVG, fetched when it comes near
 *       data-width-mm data-height-mm   its size
 *   [data-thumb="1"]                   links of the thumbnails
 *   [data-page-now]                    shows 第 1 页，共 4 页
 *   [data-go="prev|next"] [data-zoom="in|out|width|page"] [data-zoom-now]
 * [data-goto-page="4"] anywhere on the page goes there. PageUp, PageDown, Home, End work while the canvas has the focus.
 * Each SVG lives in a shadow root: its ids and styles stay its own, and its text can be selected.
 */
import { expired } from './session.js';

const PX_PER_MM = 96 / 25.4;
const ZOOMS = [0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];
const FACE = /@font-face\s*\{([^}]*)\}/g;
const started = new WeakSet();
const remembered = {};
let faces = 0;

/* Fonts inside a shadow root do not load from its style; they are given to the document under a name of their own. */
async function loadFaces(css, svg) {
  const names = {};
  const rest = css.replace(FACE, (whole, body) => {
    const family = /font-family:\s*["']?([^;"']+)["']?/.exec(body);
    const data = /url\(\s*["']?data:[^,;]*;base64,([A-Za-z0-9+/=\s]+)["']?\s*\)/.exec(body);
    if (!family || !data) return '';
    faces += 1;
    names[family[1].trim()] = { own: `yc-face-${faces}`, bytes: data[1] };
    return '';
  });
  const loading = Object.keys(names).map((name) => {
    const bytes = Uint8Array.from(atob(names[name].bytes.replace(/\s/g, '')), (c) => c.charCodeAt(0));
    const face = new FontFace(names[name].own, bytes.buffer);
    document.fonts.add(face);
    return face.load();
  });
  await Promise.all(loading.map((one) => one.catch(() => undefined)));
  const rename = (text) => Object.keys(names).reduce((all, name) => all.split(name).join(names[name].own), text);
  svg.querySelectorAll('[font-family]').forEach((e) => e.setAttribute('font-family', rename(e.getAttribute('font-family'))));
  svg.querySelectorAll('[data-style*="font-family"]').forEach((e) => { e.dataset.style = rename(e.dataset.style); });
  return rename(rest);
}

/* The content policy refuses style elements and attributes written by a parser, but not those set by script:
 * they are parsed under other names and then set. Only inside tags, so that no word of the document changes. */
const setAside = (text) => text.replace(/<[^>]*>/g, (tag) => tag
  .replace(/^<(\/?)style\b/, '<$1yc-css')
  .replace(/\sstyle=/g, ' data-style='));

async function drawInto(host, text) {
  const parsed = new DOMParser().parseFromString(setAside(text), 'image/svg+xml');
  if (parsed.querySelector('parsererror') || parsed.documentElement.localName !== 'svg') throw new Error('not an SVG page');
  const svg = document.importNode(parsed.documentElement, true);
  svg.querySelectorAll('script, foreignObject').forEach((e) => e.remove());
  const styles = Array.from(svg.querySelectorAll('yc-css'));
  const css = await loadFaces(styles.map((e) => e.textContent).join('\n'), svg);
  styles.forEach((e) => e.remove());
  svg.querySelectorAll('[data-style]').forEach((e) => {
    e.style.cssText = e.dataset.style;
    e.removeAttribute('data-style');
  });
  svg.setAttribute('width', '100%');
  svg.setAttribute('height', '100%');
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:host { display: block; } svg { display: block; } text { user-select: text; } ${css}`);
  const root = host.shadowRoot || host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet];
  root.replaceChildren ? root.replaceChildren(svg) : root.append(svg);
}

class Viewer {
  constructor(holder) {
    this.holder = holder;
    this.canvas = holder.querySelector('[data-pages]');
    this.pages = Array.from(this.canvas.querySelectorAll('[data-page]'));
    this.name = holder.dataset.viewer || 'reader';
    const before = remembered[this.name] || {};
    this.fit = before.fit || holder.dataset.fit || 'width';
    this.zoom = before.zoom || 1;
    this.now = Math.min(before.now || 1, this.pages.length);
    this.watcher = new IntersectionObserver((seen) => seen.forEach((one) => {
      if (one.isIntersecting) this.load(one.target);
    }), { root: this.canvas, rootMargin: '600px 0px' });
    this.pages.forEach((page) => this.watcher.observe(page));
    this.canvas.addEventListener('scroll', () => this.scrolled(), { passive: true });
    this.canvas.addEventListener('keydown', (event) => this.key(event));
    holder.addEventListener('click', (event) => this.click(event));
    this.resized = new ResizeObserver(() => this.layout());
    this.resized.observe(this.canvas);
    this.layout();
    if (this.now > 1) this.go(this.now);
    this.tell();
  }

  async load(page) {
    if (page.dataset.loaded) return;
    page.dataset.loaded = 'loading';
    this.say(page, `正在取第 ${page.dataset.page} 页…`);
    try {
      const answer = await fetch(page.dataset.src, { credentials: 'same-origin' });
      if (answer.redirected) expired();
      if (!answer.ok) throw new Error(String(answer.status));
      await drawInto(page.querySelector('[data-sheet]'), await answer.text());
      page.dataset.loaded = 'yes';
      page.querySelector('.say').remove();
    } catch (error) {
      delete page.dataset.loaded;
      this.failed(page);
    }
  }

  say(page, words) {
    let say = page.querySelector('.say');
    if (!say) { say = document.createElement('div'); say.className = 'say'; page.append(say); }
    say.textContent = words;
    return say;
  }

  failed(page) {
    const say = this.say(page, `第 ${page.dataset.page} 页没有取到。`);
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn btn-sm btn-plain';
    button.textContent = '再取一次';
    button.addEventListener('click', () => this.load(page));
    say.append(button);
  }

  layout() {
    const width = Number(this.pages[0] ? this.pages[0].dataset.widthMm : 210) * PX_PER_MM;
    const height = Number(this.pages[0] ? this.pages[0].dataset.heightMm : 297) * PX_PER_MM;
    const style = getComputedStyle(this.canvas);
    const roomX = this.canvas.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const roomY = this.canvas.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    if (this.fit === 'width') this.zoom = Math.min(roomX / width, 1.25);
    if (this.fit === 'page') this.zoom = Math.min(roomX / width, roomY / height);
    this.zoom = Math.max(this.zoom, 0.1);
    this.pages.forEach((page) => {
      page.style.width = `${Number(page.dataset.widthMm) * PX_PER_MM * this.zoom}px`;
      page.style.height = `${Number(page.dataset.heightMm) * PX_PER_MM * this.zoom}px`;
    });
    const place = this.holder.querySelector('[data-zoom-now]');
    if (place) place.textContent = `${Math.round(this.zoom * 100)}%`;
    this.remember();
  }

  setZoom(wish) {
    const at = this.now;
    if (wish === 'width' || wish === 'page') this.fit = wish;
    else {
      const next = wish === 'in' ? ZOOMS.find((z) => z > this.zoom + 0.01) : ZOOMS.filter((z) => z < this.zoom - 0.01).pop();
      this.fit = 'free';
      this.zoom = next || this.zoom;
    }
    this.layout();
    this.go(at);
  }

  go(number) {
    const page = this.pages[Math.min(Math.max(number, 1), this.pages.length) - 1];
    if (!page) return;
    this.canvas.scrollTop = page.offsetTop - this.canvas.offsetTop - parseFloat(getComputedStyle(this.canvas).paddingTop);
    this.now = Number(page.dataset.page);
    this.tell();
  }

  scrolled() {
    const middle = this.canvas.scrollTop + this.canvas.clientHeight / 2 + this.canvas.offsetTop;
    const here = this.pages.filter((page) => page.offsetTop <= middle).pop();
    if (here && Number(here.dataset.page) !== this.now) { this.now = Number(here.dataset.page); this.tell(); }
  }

  tell() {
    const place = this.holder.querySelector('[data-page-now]');
    if (place) place.textContent = `第 ${this.now} 页，共 ${this.pages.length} 页`;
    this.holder.querySelectorAll('[data-thumb]').forEach((thumb) => {
      const on = Number(thumb.dataset.thumb) === this.now;
      thumb.classList.toggle('on', on);
      if (on) { thumb.setAttribute('aria-current', 'true'); thumb.scrollIntoView({ block: 'nearest' }); } else thumb.removeAttribute('aria-current');
    });
    this.holder.querySelectorAll('[data-go]').forEach((button) => {
      button.disabled = button.dataset.go === 'prev' ? this.now <= 1 : this.now >= this.pages.length;
    });
    this.remember();
  }

  remember() { remembered[this.name] = { fit: this.fit, zoom: this.zoom, now: this.now }; }

  click(event) {
    const go = event.target.closest('[data-go]');
    const zoom = event.target.closest('[data-zoom]');
    const thumb = event.target.closest('[data-thumb]');
    if (go) this.go(this.now + (go.dataset.go === 'next' ? 1 : -1));
    else if (zoom) this.setZoom(zoom.dataset.zoom);
    else if (thumb) { event.preventDefault(); this.go(Number(thumb.dataset.thumb)); }
  }

  key(event) {
    const to = { PageDown: this.now + 1, PageUp: this.now - 1, Home: 1, End: this.pages.length }[event.key];
    if (to) { event.preventDefault(); this.go(to); }
  }
}

const viewers = new Map();

function start(root) {
  root.querySelectorAll('[data-viewer]').forEach((holder) => {
    if (started.has(holder)) return;
    started.add(holder);
    viewers.set(holder.dataset.viewer || 'reader', new Viewer(holder));
  });
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-goto-page]');
  const viewer = viewers.values().next().value;
  if (!link || !viewer) return;
  event.preventDefault();
  viewer.go(Number(link.dataset.gotoPage));
});
document.addEventListener('htmx:afterSettle', () => start(document));
start(document);
