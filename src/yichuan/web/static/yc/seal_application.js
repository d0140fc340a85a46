/* The head's signature under an application for a seal: by a key file, or by a USB key. */
import { keyFileSigner, run } from './certificate_page.js';
import { signAndSend } from './challenge.js';
import { CarrierError } from './key_file.js';
import { localService } from './usb_key.js';

const ACTION = 'sign_seal_application';
const page = document.getElementById('sign');

async function send(signer) {
  const words = document.getElementById('sign-words').value;
  const { to } = await signAndSend(page.dataset.answer, ACTION, page.dataset.digest, signer, () => ({ words }));
  globalThis.location.assign(to);
  await new Promise(() => {}); /* the page is on its way out */
}

const byFile = document.getElementById('sign-by-key-file');
byFile.addEventListener('submit', (event) => {
  event.preventDefault();
  run(byFile, async () => send(await keyFileSigner(byFile)));
});

const byKey = document.getElementById('sign-by-usb-key');
if (byKey) {
  const service = localService(page.dataset.usbKey);
  const choice = byKey.querySelector('select');
  let found = [];

  byKey.querySelector('[data-look]').addEventListener('click', () => run(byKey, async () => {
    found = await service.list();
    choice.textContent = '';
    for (const each of found) choice.add(new Option(`${each.subject}（${each.issuer}）`, each.id));
    byKey.querySelector('[data-found]').hidden = !found.length;
    if (!found.length) throw new CarrierError('USB Key 里没有证书。请确认插的是本人的 USB Key。');
  }));
  byKey.addEventListener('submit', (event) => {
    event.preventDefault();
    run(byKey, async () => {
      const chosen = found.find((each) => each.id === choice.value);
      if (!chosen) throw new CarrierError('请先读取 USB Key，选择本人的证书。');
      await send({ certificate: chosen.certificate, sign: (text) => service.sign(chosen.id, text) });
    });
  });
}
