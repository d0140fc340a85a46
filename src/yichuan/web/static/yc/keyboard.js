/* Keys of the page.
 *
 * data-key="s" | "Shift+O" | "Ctrl+S" | "/" | "?"   on a button, a link or a field: presses it, or puts the cursor in
 * data-key-label="签收"                              its words in the sheet of keys (else its own text)
 * A key on something inside the current row (.cur) wins over the same key elsewhere.
 * Keys of one character are off inside fields, and can be switched off in the sheet; keys with Ctrl always work.
 */
'use strict';

const LETTERS_OFF = 'yichuan.letters-off';
const sheet = document.getElementById('keysheet');

function inField(target) {
  if (!target || !target.closest) return false;
  const field = target.closest('input, textarea, select, [contenteditable="true"]');
  return Boolean(field) && !(field.tagName === 'INPUT' && ['checkbox', 'radio', 'button', 'submit'].includes(field.type));
}

function nameOf(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push('ctrl');
  if (event.altKey) parts.push('alt');
  const single = event.key.length === 1;
  if (event.shiftKey && (!single || /[a-z]/i.test(event.key))) parts.push('shift');
  parts.push(event.key.toLowerCase());
  return parts.join('+');
}

function lettersOff() {
  try { return localStorage.getItem(LETTERS_OFF) === '1'; } catch (error) { return false; }
}

function visible(element) {
  return element.getClientRects().length > 0 && !element.disabled && element.getAttribute('aria-disabled') !== 'true';
}

function holderOf(name) {
  const all = Array.from(document.querySelectorAll('[data-key]')).filter((e) => e.dataset.key.toLowerCase() === name && visible(e));
  return all.find((e) => e.closest('[data-row].cur')) || all.find((e) => !e.closest('[data-row]'));
}

function press(element) {
  if (element.matches('input:not([type=checkbox]):not([type=radio]):not([type=submit]), textarea, select')) {
    element.focus();
    if (element.select) element.select();
  } else {
    element.click();
  }
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  const open = document.querySelector('dialog[open]');
  if (open) return;
  const name = nameOf(event);
  const withCtrl = name.startsWith('ctrl+') || name.startsWith('alt+');
  if (!withCtrl && (inField(event.target) || (lettersOff() && name !== '?'))) return;
  if (name === '?') {
    event.preventDefault();
    showSheet();
    return;
  }
  const holder = holderOf(name);
  if (!holder) return;
  event.preventDefault();
  press(holder);
});

/* The sheet of keys. */
function words(element) {
  if (element.dataset.keyLabel) return element.dataset.keyLabel;
  if (element.getAttribute('aria-label')) return element.getAttribute('aria-label');
  const copy = element.cloneNode(true);
  copy.querySelectorAll('kbd, svg').forEach((part) => part.remove());
  return copy.textContent.trim();
}

function entry(list, key, label) {
  const term = document.createElement('dt');
  const cap = document.createElement('kbd');
  cap.textContent = key;
  term.append(cap);
  const detail = document.createElement('dd');
  detail.textContent = label;
  list.append(term, detail);
}

function showSheet() {
  const list = sheet.querySelector('[data-keylist]');
  list.textContent = '';
  const rows = document.querySelector('[data-rows]');
  if (rows) {
    entry(list, rows.dataset.rows === 'grid' ? '← ↑ ↓ →' : '↑ ↓', rows.dataset.rows === 'grid' ? '移动' : '选行');
    if (document.querySelector('[data-batch]')) entry(list, '空格', '勾选');
    entry(list, 'Enter', '打开');
  }
  const seen = new Set();
  document.querySelectorAll('[data-key]').forEach((element) => {
    const key = element.dataset.key;
    if (!visible(element) || seen.has(key.toLowerCase())) return;
    seen.add(key.toLowerCase());
    entry(list, key.length === 1 ? key.toUpperCase() : key, words(element));
  });
  entry(list, '?', '看这张表');
  sheet.querySelector('[data-letters]').checked = !lettersOff();
  sheet.showModal();
}

if (sheet) {
  sheet.addEventListener('click', (event) => { if (event.target.closest('[data-close]')) sheet.close(); });
  sheet.querySelector('[data-letters]').addEventListener('change', (event) => {
    try {
      if (event.target.checked) localStorage.removeItem(LETTERS_OFF);
      else localStorage.setItem(LETTERS_OFF, '1');
    } catch (error) {
      event.target.checked = true;
    }
  });
}
document.addEventListener('click', (event) => {
  if (event.target.closest('[data-keysheet]')) showSheet();
});
