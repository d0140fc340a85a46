/* One request at a time, one question at most, and a failure that stays on the page.
 *
 * form / [hx-post]        its buttons are off while its request runs (each form carries its own key from the server)
 * data-confirm="text"     asks once in a dialog before the form is sent
 * data-download           a form answered by a file: its buttons come back after a moment
 * data-unsaved            a form whose changes are lost on leaving: the browser asks
 * data-opens="#id"        shows the region and puts the cursor into its first field
 * data-dismiss="#id"      removes the region
 * data-quiet              on an element that asks by itself (a preview, a board): no button goes off, the focus stays
 */
'use strict';

const DOWNLOAD_PAUSE_MS = 3000;

function buttonsOf(element) {
  const form = element.closest('form');
  const inside = form ? Array.from(form.elements).filter((e) => e.tagName === 'BUTTON') : [];
  const outside = form && form.id ? Array.from(document.querySelectorAll(`button[form="${CSS.escape(form.id)}"]`)) : [];
  const own = element.tagName === 'BUTTON' ? [element] : [];
  return Array.from(new Set([...inside, ...outside, ...own]));
}

function hold(element) {
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
  }
  element.removeAttribute('aria-busy');
}

/* The question: resolves to whether the person agreed. Focus goes back to where it was. */
function ask(text) {
  const dialog = document.getElementById('ask');
  const before = document.activeElement;
  document.getElementById('ask-text').textContent = text;
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

/* Plain forms. */
document.addEventListener('submit', (event) => {
  const form = event.target;
  const sentByHtmx = form.hasAttribute('hx-post') && !form.hasAttribute('hx-trigger');
  if (sentByHtmx || form.method === 'dialog') return;
  if (form.getAttribute('aria-busy') === 'true') {
    event.preventDefault();
    return;
  }
  const question = form.dataset.confirm;
  if (question && form.dataset.agreed !== '1') {
    event.preventDefault();
    const submitter = event.submitter;
    ask(question).then((yes) => {
      if (!yes) return;
      form.dataset.agreed = '1';
      form.requestSubmit(submitter);
    });
    return;
  }
  delete form.dataset.agreed;
  if (form.method !== 'post') return;
  form.dataset.leaving = '1';
  /* After the browser has read the pressed button's name and value. */
  setTimeout(() => {
    hold(form);
    if (form.hasAttribute('data-download')) {
      downloads += 1;
      setTimeout(() => { release(form); delete form.dataset.leaving; tellDownload(); }, DOWNLOAD_PAUSE_MS);
    }
  }, 0);
});

/* htmx. */
document.addEventListener('htmx:confirm', (event) => {
  if (!event.target.dataset.confirm) return;
  event.preventDefault();
  ask(event.target.dataset.confirm).then((yes) => { if (yes) event.detail.issueRequest(true); });
});
document.addEventListener('htmx:beforeRequest', (event) => {
  const quiet = event.target.hasAttribute('data-quiet');
  if (event.detail.requestConfig.verb === 'get') {
    /* Something that refreshes by itself waits while a person writes in it. */
    const writing = document.activeElement.matches('input, textarea, select');
    if (quiet && writing && event.target.contains(document.activeElement)) event.preventDefault();
    return;
  }
  if (quiet) return;
  if (event.target.getAttribute('aria-busy') === 'true') {
    event.preventDefault();
    return;
  }
  hold(event.target);
  clearFailure();
});
document.addEventListener('htmx:afterRequest', (event) => {
  if (event.detail.requestConfig.verb === 'get') return;
  release(event.target);
  const included = event.target.getAttribute('hx-include');
  const form = included ? document.querySelector(included) : event.target;
  if (form && event.detail.xhr.status < 400) delete form.dataset.changed;
});

/* A failure is a region of the page: the server's own state panel, or words for a lost connection. */
function failureRegion() { return document.getElementById('failure'); }
function clearFailure() { const region = failureRegion(); if (region) region.textContent = ''; }

function panelFrom(text) {
  const page = new DOMParser().parseFromString(text || '', 'text/html');
  return page.querySelector('[data-state]');
}

function plainPanel(title, words) {
  const panel = document.createElement('section');
  panel.className = 'yc-panel yc-bad';
  panel.setAttribute('role', 'alert');
  const strong = document.createElement('b');
  strong.textContent = title;
  const note = document.createElement('span');
  note.textContent = words;
  panel.append(strong, note);
  return panel;
}

function showFailure(panel) {
  const region = failureRegion();
  if (!region) return;
  region.textContent = '';
  region.append(document.importNode(panel, true));
  region.focus();
  region.scrollIntoView({ block: 'nearest' });
}

document.addEventListener('htmx:responseError', (event) => {
  const xhr = event.detail.xhr;
  showFailure(panelFrom(xhr.responseText) || plainPanel('没有办成。', `服务器答复 ${xhr.status}，页面内容还在，请刷新后再看这一步有没有执行。`));
});
for (const name of ['htmx:sendError', 'htmx:timeout']) {
  document.addEventListener(name, (event) => {
    showFailure(plainPanel('和服务器断开了。', '页面内容还在。刚才这一步可能没有执行，连上以后先刷新看一下，再决定要不要重做。'));
  });
}

/* Coming back by the browser's back button: nothing is running any more. */
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  document.querySelectorAll('form[aria-busy="true"]').forEach(release);
});

/* Changes that would be lost. */
document.addEventListener('input', (event) => {
  const form = event.target.closest && event.target.closest('form[data-unsaved]');
  if (form) form.dataset.changed = '1';
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
    if (region) { if (dismiss.hasAttribute('data-keep')) region.hidden = true; else region.remove(); }
  }
});

/* Where the eye should go after a swap or a load: an error summary, a batch result, the next title. */
function focusMarked(root) {
  const marked = root.querySelector('.yc-errsum[data-focus]') || root.querySelector('[data-focus]');
  if (marked) marked.focus();
}
document.addEventListener('htmx:afterSettle', (event) => {
  const target = event.detail.elt || event.target;
  if (event.detail.requestConfig && event.detail.requestConfig.elt.hasAttribute('data-quiet')) return;
  if (target.matches && target.matches('[data-focus]')) target.focus();
  else if (target.querySelector) focusMarked(target);
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
