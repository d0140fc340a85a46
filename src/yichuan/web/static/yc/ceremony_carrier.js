/* The carrier of a new seal (J-24): its key is made here or in the USB key, and nothing private ever goes up.
 *
 * The file is offered for download as often as it takes while the page is open; then it is opened again from where it
 * was saved, and signs a trial value. Only that lets the session go on.
 */
import { ask, post } from './challenge.js';
import { signerIn } from './carriers.js';
import { CarrierError, SHORTEST, seal } from './key_file.js';
import { digestOf, newPair, sign, utf8 } from './sm2.js';
import { localService } from './usb_key.js';

let made = null; /* { certificate, service, key } of this page's own making */

function chosenPassword(form) {
  const [first, again] = form.querySelectorAll('[data-new-password]');
  if (first.value.length < SHORTEST) throw new CarrierError(`印章密码至少要 ${SHORTEST} 个字符。`);
  if (first.value !== again.value) throw new CarrierError('两次输入的密码不一样，请重新输入。');
  const password = first.value;
  [first, again].forEach((field) => { field.value = ''; });
  return password;
}

async function fileKey(page, form) {
  const password = chosenPassword(form);
  const { privateKey, publicKey } = newPair();
  const { name } = page.dataset;
  return {
    publicKey,
    sign: async (text) => sign(privateKey, text),
    keep: async (certificate) => {
      offer(page, name, await seal({ name, certificate, privateKey, password }));
      made = { certificate };
    },
  };
}

async function usbKey(address) {
  const service = localService(address);
  const key = await service.newKey();
  return {
    publicKey: key.public_key,
    sign: (text) => service.sign(key.id, text),
    keep: async (certificate) => {
      await service.keep(key.id, certificate);
      made = { certificate, service, key: key.id };
    },
  };
}

function offer(page, name, text) {
  const link = page.querySelector('[data-download-key]');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  link.download = `${name}-印章.yckey`;
  link.hidden = false;
}

/* Make the pair, prove its other half, and put the certificate beside it. */
export async function makeCarrier(page, form) {
  const { id, digest, usbKey: address } = page.dataset;
  const key = form.querySelector('[data-new-password]') ? await fileKey(page, form) : await usbKey(address);
  const challenge = await ask('new_seal_key', digestOf(id, digest, key.publicKey));
  const signature = await key.sign(challenge.text);
  const answer = await post(page.dataset.make, { digest, challenge: challenge.id, public_key: key.publicKey, signature });
  await key.keep(answer.certificate);
}

/* Open what was saved, and sign the trial value. */
export async function tryCarrier(page, form) {
  const { id, digest } = page.dataset;
  const trial = utf8(['yichuan seal carrier trial', id, digest].join('\n'));
  const region = form.querySelector('[data-carrier]');
  let signature;
  if (region) signature = await (await signerIn(region, made ? made.certificate : '')).signBytes(trial);
  else if (made) signature = await made.service.signBytes(made.key, trial);
  else throw new CarrierError('这一页刷新过，找不到刚才的 USB Key。请中止会签，重新办理。');
  await post(page.dataset.carrierKept, { digest, signature });
}
