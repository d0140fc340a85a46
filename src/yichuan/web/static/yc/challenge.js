/* Asking the server for a challenge and bringing it back signed. Only certificate and signature go up.
 *
 * A signer is { certificate (base64 of DER), sign(text) → hex }, whatever holds its key: a key file or a USB key.
 */
import { CarrierError } from './key_file.js';

const CLOCK_OFF_MS = 5 * 60 * 1000;
const CHALLENGE = '/challenge/';

const token = () => document.querySelector('input[name="csrfmiddlewaretoken"]').value;

/* The answer's JSON; a refusal as an error in the server's words, with its `code`. */
export async function post(address, body) {
  let answer;
  try {
    answer = await fetch(address, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token() },
      body: JSON.stringify(body),
    });
  } catch (error) {
    throw new CarrierError('和服务器断开了，没有办成。连上以后再试一次。');
  }
  const json = (answer.headers.get('Content-Type') || '').startsWith('application/json');
  if (!json) throw new CarrierError('登录已过期，或者服务器出错，没有办成。请刷新页面再试。');
  const said = await answer.json();
  if (!answer.ok) throw Object.assign(new CarrierError(said.error), { code: said.code });
  return said;
}

/* A challenge for this action and digest. What is not from this very address is not signed. */
export async function ask(action, digest = '') {
  const challenge = await post(CHALLENGE, { action, digest });
  const said = JSON.parse(challenge.text);
  if (said.origin !== globalThis.location.origin || said.action !== action || said.digest !== digest) {
    throw new CarrierError('服务器要求签名的内容和这一页不符，没有签名。请核对网址，并告知系统保密员。');
  }
  return challenge;
}

/* Ask, sign, and bring `{challenge, certificate, signature}` with `more` to `address`. */
export async function signAndSend(address, action, digest, signer, more = () => ({})) {
  const { id, text } = await ask(action, digest);
  const signature = await signer.sign(text);
  return post(address, { challenge: id, certificate: signer.certificate, signature, ...(await more(text)) });
}

/* How far this machine's clock is off, in words; empty where it is near enough. */
export function clockNote(serverTime) {
  const off = Date.now() - Date.parse(serverTime);
  if (!(Math.abs(off) > CLOCK_OFF_MS)) return '';
  const minutes = Math.round(Math.abs(off) / 60000);
  return `这台电脑的时间比服务器${off > 0 ? '快' : '慢'}了 ${minutes} 分钟，证书可能因此通不过。请先校准电脑时间。`;
}
