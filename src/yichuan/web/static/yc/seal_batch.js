/* Several documents sealed on the unit's carrier, one after the other (批量盖章): the carrier is opened once, then each
 * document is prepared by the server, compared with what the page lists, signed and finished before the next begins.
 *
 * form[data-seal-batch]   has data-seal and data-certificate; holds [data-carrier] (carriers.js), [data-said], and the
 *                         number [data-to-sign] of what is left
 * [data-sealing]          a row: data-number, data-title, data-body, data-attachments, data-places as they are listed, and
 *                         the addresses data-prepare, data-finish, data-give-up; its [data-outcome] says what became of it
 * [data-progress]         [data-progress-words] and [data-stop], while it runs; [data-batch-result] what came of it
 */
import { run } from './certificate_page.js';
import { post } from './challenge.js';
import { signerIn } from './carriers.js';
import { CarrierError } from './key_file.js';
import { compare } from './seal_sign.js';
import { fromBase64 } from './sm2.js';

/* A refusal that the next document would meet as well. */
const OF_ALL = /^(carrier_|seal_|use_session|no_permission|signed_out)/;

const form = document.querySelector('form[data-seal-batch]');
const part = (name) => document.querySelector(`[${name}]`);

function tell(row, words, kind, why = '') {
  const cell = row.querySelector('[data-outcome]');
  cell.textContent = '';
  const tag = document.createElement('span');
  tag.className = `yc-tag ${kind}`;
  tag.textContent = words;
  cell.append(tag);
  if (!why) return;
  const line = document.createElement('p');
  line.className = 'meta';
  line.textContent = why;
  cell.append(line);
}

/* What the person read in the list is what is prepared, or nothing is signed. */
function asListed(row, shown) {
  const { number, title, body, attachments } = row.dataset;
  const same = shown.number === number && shown.title === title && shown.body === body && String(shown.attachments) === attachments;
  if (!same) throw Object.assign(new CarrierError('列出以后正文或附件有改动，没有签名。请刷新页面，核对后再盖。'), { code: 'changed' });
}

class Batch {
  constructor() {
    this.stopped = false;
    /* Before the guard of forms, which would send the form away. */
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      event.stopPropagation();
      run(form, () => this.go());
    });
    part('data-stop').addEventListener('click', () => { this.stopped = true; });
    window.addEventListener('beforeunload', (event) => {
      if (!this.running) return;
      event.preventDefault();
      event.returnValue = '';
    });
  }

  get rows() { return Array.from(document.querySelectorAll('[data-sealing]')).filter((row) => row.dataset.done !== '1'); }

  async go() {
    const rows = this.rows;
    part('data-batch-result').hidden = true;
    this.signer = await signerIn(form.querySelector('[data-carrier]'), form.dataset.certificate);
    this.stopped = false;
    this.running = true;
    part('data-progress').hidden = false;
    part('data-stop').focus();
    try {
      await this.each(rows);
    } finally {
      this.signer = null;
      this.running = false;
      part('data-progress').hidden = true;
    }
  }

  async each(rows) {
    const failed = [];
    let halt = '';
    for (const [index, row] of rows.entries()) {
      if (!halt && this.stopped) halt = '已停下，没有盖。';
      if (halt) {
        tell(row, '没有盖', '', halt);
        failed.push([row, halt]);
        continue;
      }
      part('data-progress-words').textContent = `正在盖第 ${index + 1} 件，共 ${rows.length} 件`;
      row.scrollIntoView({ block: 'nearest' });
      try {
        await this.seal(row);
        row.dataset.done = '1';
        tell(row, '已盖章', 'green');
      } catch (error) {
        if (!(error instanceof CarrierError)) console.error(error);
        const why = error instanceof CarrierError ? error.message : '浏览器没有办成，请刷新页面再试。';
        tell(row, error.unsure ? '不能确定' : '没有盖成', 'danger', why);
        failed.push([row, why]);
        if (!error.code || OF_ALL.test(error.code)) halt = '前面一件没有盖成，这一件没有盖。';
      }
    }
    this.sum(rows.length - failed.length, failed);
  }

  /* One document from beginning to end. An error with a `code` is the server's refusal of this one. */
  async seal(row) {
    tell(row, '正在盖章…', 'amber');
    const { prepare, finish, giveUp, places } = row.dataset;
    const prepared = await post(prepare, { seal: form.dataset.seal, places });
    let signature;
    try {
      const bytes = fromBase64(prepared.message);
      compare(bytes, prepared.shown);
      asListed(row, prepared.shown);
      signature = await this.signer.signBytes(bytes);
    } catch (error) {
      /* On record at once; where that fails too, the server ends the use by itself after five minutes. */
      const reason = (error instanceof CarrierError ? error.message : '载体没有签名').slice(0, 200);
      try { await post(giveUp, { use: prepared.use, reason }); } catch (lost) { console.warn(lost); }
      throw error;
    }
    try {
      await post(finish, { use: prepared.use, certificate: this.signer.certificate, signature });
    } catch (error) {
      if (error.code) throw error;
      throw Object.assign(new CarrierError('签名送出以后没有收到答复，不能确定盖成没有。连上以后刷新页面查看。'), { unsure: true });
    }
  }

  sum(done, failed) {
    const region = part('data-batch-result');
    region.textContent = '';
    region.classList.toggle('ok', failed.length === 0);
    const words = document.createElement('b');
    words.textContent = failed.length ? `批量盖章：${done} 件盖好，${failed.length} 件没有盖成` : `批量盖章：${done} 件全部盖好`;
    const list = document.createElement('ul');
    for (const [row, why] of failed) {
      const line = document.createElement('li');
      line.textContent = `${row.dataset.number || row.dataset.title}：${why}`;
      list.append(line);
    }
    region.append(words, list);
    region.hidden = false;
    part('data-to-sign').textContent = String(failed.length);
    form.hidden = failed.length === 0;
    region.scrollIntoView({ block: 'nearest' });
    setTimeout(() => region.focus(), 50); /* after `run` has given the buttons back */
  }
}

if (form) new Batch();
