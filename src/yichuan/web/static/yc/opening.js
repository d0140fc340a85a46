/* One opening of a seal: a custodian's word, signed with their own certificate; where the seal will stand.
 *
 * form[data-opening-word]  has data-action, data-digest, data-address; holds [data-carrier] regions (carriers.js) chosen
 *                          by radio buttons named by, and maybe [data-share-password], which goes up to open the share
 * [data-place]             has data-page, data-x, data-y, data-diameter (millimetres): a dashed circle over that page
 */
import { run } from './certificate_page.js';
import { signerIn } from './carriers.js';
import { signAndSend } from './challenge.js';
import { CarrierError } from './key_file.js';

const form = document.querySelector('form[data-opening-word]');

const region = () => {
  const by = form.querySelector('input[name="by"]:checked');
  return form.querySelector(`[data-carrier="${by ? by.value : 'file'}"]`);
};

if (form) {
  form.addEventListener('change', () => {
    form.querySelectorAll('[data-carrier]').forEach((each) => { each.hidden = each !== region(); });
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    run(form, async () => {
      const typed = form.querySelector('[data-share-password]');
      if (typed && !typed.value) throw new CarrierError('请输入保管密码。');
      const signer = await signerIn(region());
      const { action, digest, address } = form.dataset;
      const { to } = await signAndSend(address, action, digest, signer, () => (typed ? { password: typed.value } : {}));
      if (typed) typed.value = '';
      globalThis.location.assign(to);
      await new Promise(() => {}); /* the page is on its way out */
    });
  });
}

for (const place of document.querySelectorAll('[data-place]')) {
  const { page, x, y, diameter } = place.dataset;
  const sheet = document.querySelector(`[data-pages] [data-page="${page}"]`);
  if (sheet) {
    const [width, height] = [Number(sheet.dataset.widthMm), Number(sheet.dataset.heightMm)];
    const mark = document.createElement('div');
    mark.className = 'yc-place';
    mark.setAttribute('role', 'img');
    mark.setAttribute('aria-label', place.textContent.trim());
    mark.textContent = '盖在这里';
    mark.style.left = `${(100 * (x - diameter / 2)) / width}%`;
    mark.style.top = `${(100 * (y - diameter / 2)) / height}%`;
    mark.style.width = `${(100 * diameter) / width}%`;
    mark.style.height = `${(100 * diameter) / height}%`;
    sheet.append(mark);
    if (place === document.querySelector('[data-place]')) mark.scrollIntoView({ block: 'center' });
  }
}
