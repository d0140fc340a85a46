/* The login by certificate: from a key file, or from a USB key. */
import { keyFileSigner, run, say } from './certificate_page.js';
import { clockNote, signAndSend } from './challenge.js';
import { CarrierError, secureHere } from './key_file.js';
import { localService } from './usb_key.js';

const LOG_IN = 'log_in';
const page = document.getElementById('certificate-login');
const notice = page.querySelector('[data-notice]');

say(notice, secureHere() ? clockNote(page.dataset.now) : '这个页面不是通过 https 打开的，不能用密钥文件登录。请改用 https 开头的网址，打不开的请找运行管理员。', 'yc-warn');

async function enter(signer) {
  const { to } = await signAndSend(page.dataset.answer, LOG_IN, '', signer);
  globalThis.location.assign(to);
  await new Promise(() => {}); /* the page is on its way out */
}

const byFile = document.getElementById('by-key-file');
byFile.addEventListener('submit', (event) => {
  event.preventDefault();
  run(byFile, async () => enter(await keyFileSigner(byFile)));
});

const byKey = document.getElementById('by-usb-key');
if (byKey) {
  const service = localService(page.dataset.usbKey);
  const choice = byKey.querySelector('select');
  let found = [];

  const look = () => run(byKey, async () => {
    found = await service.list();
    choice.textContent = '';
    for (const each of found) choice.add(new Option(`${each.subject}（${each.issuer}）`, each.id));
    byKey.querySelector('[data-found]').hidden = !found.length;
    if (!found.length) throw new CarrierError('USB Key 里没有证书。请确认插的是本人的 USB Key。');
  });

  byKey.querySelector('[data-look]').addEventListener('click', look);
  byKey.addEventListener('submit', (event) => {
    event.preventDefault();
    run(byKey, async () => {
      const chosen = found.find((each) => each.id === choice.value);
      if (!chosen) throw new CarrierError('请先读取 USB Key，选择本人的证书。');
      await enter({ certificate: chosen.certificate, sign: (text) => service.sign(chosen.id, text) });
    });
  });
}
