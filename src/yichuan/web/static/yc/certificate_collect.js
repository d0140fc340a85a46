/* Collecting a certificate, and renewing one: the pair is made here or inside the USB key, and stays there. */
import { keyFileSigner, run } from './certificate_page.js';
import { ask, post } from './challenge.js';
import { CarrierError, SHORTEST, seal } from './key_file.js';
import { digestOf, newPair, sign } from './sm2.js';
import { localService } from './usb_key.js';

const form = document.getElementById('certificate-collect');
const { action, application, address, name } = form.dataset;
const done = document.getElementById('collected');

function chosenPassword() {
  const [first, again] = form.querySelectorAll('[data-new-password]');
  if (first.value.length < SHORTEST) throw new CarrierError(`密钥文件的密码至少要 ${SHORTEST} 个字符。`);
  if (first.value !== again.value) throw new CarrierError('两次输入的密码不一样，请重新输入。');
  const password = first.value;
  [first, again].forEach((field) => { field.value = ''; });
  return password;
}

/* A new key that can sign and takes its certificate: in a file, or in the USB key. */
async function fileKey() {
  const password = chosenPassword();
  const { privateKey, publicKey } = newPair();
  return {
    publicKey,
    sign: async (text) => sign(privateKey, text),
    keep: async (certificate) => offer(await seal({ name, certificate, privateKey, password })),
  };
}

async function usbKey() {
  const service = localService(form.dataset.usbKey);
  const made = await service.newKey();
  return {
    publicKey: made.public_key,
    sign: (text) => service.sign(made.id, text),
    keep: (certificate) => service.keep(made.id, certificate),
  };
}

/* The file, to be downloaded as often as it takes while the page is open. */
function offer(text) {
  const link = done.querySelector('[data-download-key]');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  link.download = `${name}-数字证书.yckey`;
  link.hidden = false;
  link.addEventListener('click', () => { delete form.dataset.kept; });
  form.dataset.kept = 'no';
}

window.addEventListener('beforeunload', (event) => {
  if (!form.dataset.kept) return;
  event.preventDefault();
  event.returnValue = '';
});

form.addEventListener('submit', (event) => {
  event.preventDefault();
  run(form, async () => {
    const old = action === 'renew' ? await keyFileSigner(form) : null;
    const key = form.dataset.usbKey ? await usbKey() : await fileKey();
    const digest = old ? digestOf(key.publicKey) : digestOf(application, key.publicKey);
    const { id, text } = await ask(action, digest);
    const said = { challenge: id, public_key: key.publicKey, signature: await key.sign(text) };
    if (old) Object.assign(said, { certificate: old.certificate, old_signature: await old.sign(text) });
    const { certificate } = await post(address, said);
    await key.keep(certificate);
    form.hidden = true;
    done.hidden = false;
    done.querySelector('h2').focus();
  });
});
