/* What the pages of certificates share.
 *
 * [data-key-file]     a file field and the box around it takes a dropped file; the file is read here and nowhere else
 * [data-said]         where a fault is said; [data-going] what is going on
 */
import { CarrierError, open } from './key_file.js';
import { sign } from './sm2.js';

export function say(region, text, kind = 'yc-bad') {
  region.textContent = '';
  region.classList.remove('yc-bad', 'yc-warn');
  if (text) region.classList.add(kind);
  region.hidden = !text;
  if (!text) return;
  const words = document.createElement('span');
  words.textContent = text;
  region.append(words);
}

/* Run what a button does: one at a time, its fault in words. */
export async function run(form, work) {
  if (form.getAttribute('aria-busy') === 'true') return;
  const said = form.querySelector('[data-said]');
  const buttons = Array.from(form.querySelectorAll('button'));
  form.setAttribute('aria-busy', 'true');
  buttons.forEach((button) => { button.disabled = true; });
  say(said, '正在处理…', 'yc-warn');
  try {
    await new Promise((later) => setTimeout(later, 20)); /* the words first: what follows takes a moment */
    await work();
    say(said, '');
  } catch (error) {
    if (!(error instanceof CarrierError)) console.error(error);
    say(said, error instanceof CarrierError ? error.message : '浏览器没有办成，请刷新页面再试；仍然不行请换 Chrome 86 以上的浏览器。');
    said.setAttribute('tabindex', '-1');
    said.focus();
  } finally {
    form.removeAttribute('aria-busy');
    buttons.forEach((button) => { button.disabled = false; });
  }
}

/* A signer from the chosen key file. Nothing of it is kept after the page. */
export async function keyFileSigner(form) {
  const file = form.querySelector('[data-key-file]').files[0];
  const password = form.querySelector('[data-key-password]');
  if (!file) throw new CarrierError('请先选择密钥文件（.yckey）。');
  if (!password.value) throw new CarrierError('请输入密钥文件的密码。');
  const opened = await open(file, password.value);
  password.value = '';
  return { ...opened, sign: async (text) => sign(opened.privateKey, text) };
}

document.querySelectorAll('[data-key-drop]').forEach((box) => {
  const field = box.querySelector('[data-key-file]');
  box.addEventListener('dragover', (event) => event.preventDefault());
  box.addEventListener('drop', (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) field.files = event.dataTransfer.files;
  });
});
