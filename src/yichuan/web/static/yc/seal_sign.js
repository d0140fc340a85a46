/* Sealing on the unit's carrier: the server prepares and says what it is, this page recomputes what it can, the person
 * agrees, the carrier signs, the server verifies. Key and password stay here.
 *
 * form[data-sign] has data-prepare, data-finish, data-give-up; [data-placing] is what the person fills, [data-review]
 * what they then compare.
 */
import { run, say } from './certificate_page.js';
import { post } from './challenge.js';
import { signerIn } from './carriers.js';
import { CarrierError } from './key_file.js';
import { fromBase64, sm3Of, toHex } from './sm2.js';

const form = document.querySelector('form[data-sign]');

const fill = (name, text) => { form.querySelector(`[data-shown="${name}"]`).textContent = text; };

/* What can be computed without trusting the server's words: the bytes are those of the digest that is shown, and the
 * digest of the page's own signature file is among them. */
export function compare(bytes, shown) {
  if (sm3Of(bytes) !== shown.digest || !toHex(bytes).includes(shown.content)) {
    throw new CarrierError('待签内容和显示的摘要不符，没有签名。请不要继续，并告知系统保密员。');
  }
}

function tell(shown) {
  ['title', 'number', 'seal', 'body', 'digest'].forEach((name) => fill(name, shown[name]));
  fill('pages', `${shown.pages} 页${shown.attachments ? `，附件 ${shown.attachments} 个` : ''}`);
  fill('at', new Date(shown.at).toLocaleString('zh-CN'));
  fill('places', '');
  shown.places.forEach((words) => {
    const line = document.createElement('li');
    line.textContent = words;
    form.querySelector('[data-shown="places"]').append(line);
  });
}

class Signing {
  constructor() {
    this.placing = form.querySelector('[data-placing]');
    this.review = form.querySelector('[data-review]');
    this.said = form.querySelector('[data-said]');
    /* Before the guard of forms, which would ask and send the form away. */
    form.addEventListener('submit', (event) => {
      if (event.submitter && event.submitter.name === 'ask') return;
      event.preventDefault();
      event.stopPropagation();
      run(form, () => this.prepare());
    });
    this.review.querySelector('[data-sign-now]').addEventListener('click', () => run(form, () => this.sign()));
    this.review.querySelector('[data-sign-not]').addEventListener('click', () => this.stop('没有签名，这次没有盖。', '本人没有签'));
  }

  async prepare() {
    const wanted = JSON.parse(document.getElementById('seal-placing').textContent).certificate;
    this.signer = await signerIn(form.querySelector('[data-carrier]'), wanted);
    const chosen = form.querySelector('input[name=seal]:checked').value;
    const prepared = await post(form.dataset.prepare, { seal: chosen, places: form.elements.places.value });
    this.use = prepared.use;
    this.bytes = fromBase64(prepared.message);
    try {
      compare(this.bytes, prepared.shown);
    } catch (error) {
      await this.giveUp('浏览器核对不符');
      throw error;
    }
    tell(prepared.shown);
    this.review.querySelector('[data-computed]').hidden = false;
    this.turn(true);
    this.until = Date.parse(prepared.shown.until) - Date.parse(prepared.shown.at) + Date.now();
    this.clock = setInterval(() => this.tick(), 1000);
    this.tick();
    this.review.querySelector('[data-review-title]').focus();
  }

  tick() {
    const left = Math.floor((this.until - Date.now()) / 1000);
    this.review.querySelector('[data-left]').textContent = `${Math.max(Math.floor(left / 60), 0)}:${String(Math.max(left % 60, 0)).padStart(2, '0')} 内签`;
    if (left <= 0) this.stop('超过 5 分钟没有签名，没有盖成。请重新盖章。', '超过 5 分钟');
  }

  async sign() {
    const { use, signer } = this;
    let signature;
    try {
      signature = await signer.signBytes(this.bytes);
      const { to } = await post(form.dataset.finish, { use, certificate: signer.certificate, signature });
      clearInterval(this.clock);
      globalThis.location.assign(to);
    } catch (error) {
      const words = error instanceof CarrierError ? error.message : '载体没有签名';
      if (signature === undefined) await this.giveUp(words);
      this.leave();
      throw error;
    }
    await new Promise(() => {}); /* the page is on its way out */
  }

  /* Said once it is on record, the buttons locked until then: whoever goes on at once finds nothing under way. */
  async stop(words, reason) {
    if (form.getAttribute('aria-busy') === 'true') return; /* it is being signed: the server says whether in time */
    this.leave();
    await run(form, () => this.giveUp(reason));
    say(this.said, words, 'yc-warn');
    this.said.setAttribute('tabindex', '-1');
    this.said.focus();
  }

  /* On record at once; where that fails too, the server ends the use by itself after five minutes. */
  async giveUp(reason) {
    try { await post(form.dataset.giveUp, { use: this.use, reason: reason.slice(0, 200) }); } catch (error) { console.warn(error); }
  }

  leave() {
    clearInterval(this.clock);
    this.signer = null;
    this.turn(false);
  }

  turn(reviewing) {
    this.placing.hidden = reviewing;
    this.review.hidden = !reviewing;
  }
}

if (form) new Signing();
