/* Files that arrive in parts (tus): by choosing or by dragging, several at once, with true progress; a cut is waited
 * out and gone on from, also after the page was loaded anew (the same file is recognised).
 *
 * form[data-uploads="ADDRESS"]       where the parts go
 *   [data-uploads-to="ADDRESS"]      what makes the finished ones attachments; it answers with HTML for
 *   [data-uploads-swap="#ID"]        this element
 * Without this script the form sends its files the ordinary way.
 */

const PART = 2 * 1024 * 1024;
const WAITS = [0, 1000, 3000, 5000, 10000, 20000, 30000];
const AT_ONCE = 2;
const AGAIN = 30000; // after the last of the waits

const held = new Set(); // of uploads that wait for the network

function size(bytes) {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  if (text) element.textContent = text;
  return element;
}

/* One file's line: name, bar, words, and the button that gives it up. */
class Line {
  constructor(file, list) {
    this.row = make('li', 'row-x');
    this.bar = make('progress', 'grow');
    this.bar.max = Math.max(1, file.size);
    this.bar.value = 0;
    this.bar.setAttribute('aria-label', `${file.name} 的进度`);
    this.words = make('span', 'meta num', `0 / ${size(file.size)}`);
    this.stop = make('button', 'btn btn-sm btn-text', '取消');
    this.stop.type = 'button';
    this.stop.setAttribute('aria-label', `取消 ${file.name}`);
    const name = make('span', 'file-name', file.name);
    name.title = file.name;
    this.row.append(name, this.bar, this.words, this.stop);
    list.append(this.row);
  }

  at(sent, total) {
    this.bar.hidden = false;
    this.bar.value = sent;
    this.words.textContent = `${size(sent)} / ${size(total)}，${Math.floor((sent / total) * 100)}%`;
    this.words.classList.remove('t-danger');
  }

  say(text, wrong) {
    this.words.textContent = text;
    this.words.classList.toggle('t-danger', Boolean(wrong));
    this.bar.hidden = Boolean(wrong);
  }

  refuse(text) {
    this.say(text, true);
    this.stop.textContent = '知道了';
    this.stop.setAttribute('aria-label', `知道了，收起 ${this.row.firstChild.textContent}`);
  }
}

/* Why the server refused, in its own words. */
function refusal(error) {
  const response = error && error.originalResponse;
  if (!response) return '';
  try {
    return JSON.parse(response.getBody()).message || '';
  } catch (other) {
    return response.getStatus() === 401 || response.getStatus() === 403 ? '登录已过期，请重新登录后再选择这个文件。' : '';
  }
}

function refused(error) {
  const response = error && error.originalResponse;
  const status = response ? response.getStatus() : 0;
  return status >= 400 && status < 500 && status !== 409 && status !== 423;
}

function send(form, file, line) {
  return new Promise((resolve) => {
    const upload = new window.tus.Upload(file, {
      endpoint: form.dataset.uploads,
      chunkSize: PART,
      retryDelays: WAITS,
      removeFingerprintOnSuccess: true,
      headers: { 'X-CSRFToken': form.querySelector('[name=csrfmiddlewaretoken]').value },
      metadata: { filename: file.name, filetype: file.type },
      onShouldRetry: (error) => !refused(error),
      onProgress: (sent, total) => line.at(sent, total),
      onError: (error) => {
        if (refused(error)) { line.refuse(refusal(error) || '没有传成，请重新选择。'); resolve(null); return; }
        line.say('网络断了，恢复以后自动接着传。', true);
        held.add(upload);
        setTimeout(() => { if (held.delete(upload)) upload.start(); }, AGAIN);
      },
      onSuccess: () => { held.delete(upload); line.say('已传完'); line.stop.hidden = true; resolve(upload.url); },
    });
    line.stop.addEventListener('click', () => {
      held.delete(upload);
      upload.abort(true).catch(() => {});
      line.row.remove();
      resolve(null);
    });
    upload.findPreviousUploads().then((earlier) => {
      if (earlier.length) upload.resumeFromPreviousUpload(earlier[0]);
      upload.start();
    });
  });
}

async function take(form, files) {
  const list = form.querySelector('[data-uploads-list]');
  const said = form.querySelector('[data-uploads-said]');
  list.hidden = false;
  said.textContent = `正在上传 ${files.length} 个文件`;
  form.dataset.uploading = '';
  const waiting = files.map((file) => ({ file, line: new Line(file, list) }));
  const done = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const url = await send(form, next.file, next.line);
      if (url) done.push(url.split('/').filter(Boolean).pop());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  delete form.dataset.uploading;
  said.textContent = `传完 ${done.length} 个文件`;
  if (done.length) {
    const csrfmiddlewaretoken = form.querySelector('[name=csrfmiddlewaretoken]').value;
    const refusedLines = Array.from(list.children).filter((row) => row.querySelector('.t-danger'));
    const { uploadsTo, uploadsSwap } = form.dataset;
    await window.htmx.ajax('POST', uploadsTo, { target: uploadsSwap, swap: 'outerHTML', values: { upload: done, csrfmiddlewaretoken } });
    keep(document.querySelector(uploadsSwap), refusedLines);
  }
}

/* What was refused stays in sight after the list came anew. */
function keep(place, rows) {
  const list = place && place.querySelector('[data-uploads-list]');
  if (!list || !rows.length) return;
  list.hidden = false;
  list.append(...rows);
}

function ready(root) {
  root.querySelectorAll('form[data-uploads]').forEach((form) => {
    if (!window.tus || !window.tus.isSupported || form.dataset.ready) return;
    form.dataset.ready = '1';
    form.querySelector('[data-uploads-hint]').hidden = false;
    form.querySelector('[type=submit], button:not([type])').hidden = true;
  });
}

function formOf(event) {
  return event.target.closest ? event.target.closest('form[data-uploads][data-ready]') : null;
}

document.addEventListener('change', (event) => {
  const form = event.target.type === 'file' && formOf(event);
  if (!form || !event.target.files.length) return;
  const files = Array.from(event.target.files);
  event.target.value = '';
  take(form, files);
});

['dragenter', 'dragover'].forEach((name) => document.addEventListener(name, (event) => {
  const form = formOf(event);
  if (!form || !Array.from(event.dataTransfer.types).includes('Files')) return;
  event.preventDefault();
  form.classList.add('over');
}));

document.addEventListener('dragleave', (event) => {
  const form = formOf(event);
  if (form && !form.contains(event.relatedTarget)) form.classList.remove('over');
});

document.addEventListener('drop', (event) => {
  const form = formOf(event);
  if (!form) return;
  event.preventDefault();
  form.classList.remove('over');
  const files = Array.from(event.dataTransfer.files);
  if (files.length) take(form, files);
});

window.addEventListener('online', () => {
  held.forEach((upload) => upload.start());
  held.clear();
});

window.addEventListener('beforeunload', (event) => {
  if (!document.querySelector('form[data-uploading]')) return;
  event.preventDefault();
  event.returnValue = '';
});

document.addEventListener('htmx:afterSettle', (event) => ready(event.target.parentNode || document));
window.addEventListener('load', () => ready(document));
