/* The key file (密钥文件): a private key and its certificate, opened by a password that never leaves this browser.
 *
 *   { "format": "yichuan-key", "version": 1, "name", "certificate" (DER, base64),
 *     "kdf": { "name": "PBKDF2", "hash": "SHA-256", "iterations", "salt" },
 *     "cipher": { "name": "AES-GCM", "iv" }, "key": (base64) }
 *
 * The certificate and the parameters are bound in as additional data, so that none can be put in another's place.
 */
import { fromBase64, fromHex, publicKeyOf, toBase64, toHex, utf8 } from './sm2.js';

export const ITERATIONS = 600000;
export const SHORTEST = 8;
const MOST_ITERATIONS = 10000000;
const LONGEST_FILE = 64 * 1024;

export class CarrierError extends Error {}

/* WebCrypto only exists where the page came over https or from this machine. */
export const secureHere = () => Boolean(globalThis.isSecureContext && globalThis.crypto && globalThis.crypto.subtle);

function demandSecure() {
  if (!secureHere()) {
    throw new CarrierError('这个页面不是通过 https 打开的，浏览器不允许使用密钥。请改用 https 开头的网址，打不开的请找运行管理员。');
  }
}

async function keyFrom(password, kdf) {
  const raw = await crypto.subtle.importKey('raw', utf8(password.normalize('NFC')), 'PBKDF2', false, ['deriveKey']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: fromBase64(kdf.salt), iterations: kdf.iterations };
  return crypto.subtle.deriveKey(how, raw, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

const bound = (file) => utf8([file.format, file.version, file.certificate, file.kdf.iterations, file.kdf.salt].join('\n'));

/* The file's text. `certificate` is base64 of DER. */
export async function seal({ name, certificate, privateKey, password }) {
  demandSecure();
  const kdf = { name: 'PBKDF2', hash: 'SHA-256', iterations: ITERATIONS, salt: toBase64(crypto.getRandomValues(new Uint8Array(16))) };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const file = { format: 'yichuan-key', version: 1, name, certificate, kdf, cipher: { name: 'AES-GCM', iv: toBase64(iv) } };
  const how = { name: 'AES-GCM', iv, additionalData: bound(file) };
  const sealed = await crypto.subtle.encrypt(how, await keyFrom(password, kdf), fromHex(privateKey));
  return `${JSON.stringify({ ...file, key: toBase64(new Uint8Array(sealed)) }, null, 1)}\n`;
}

function read(text) {
  let file;
  try { file = JSON.parse(text); } catch (error) { file = null; }
  if (!file || file.format !== 'yichuan-key') throw new CarrierError('这不是密钥文件。请选择领取证书时下载的 .yckey 文件。');
  if (file.version !== 1) throw new CarrierError('密钥文件是更新的版本做的，这里打不开。请刷新页面再试。');
  const known = file.kdf && file.kdf.name === 'PBKDF2' && file.kdf.hash === 'SHA-256' && file.cipher && file.cipher.name === 'AES-GCM';
  const count = known ? file.kdf.iterations : 0;
  const texts = known && [file.certificate, file.kdf.salt].every((each) => typeof each === 'string'); // as `bound` takes them
  if (!texts || !Number.isInteger(count) || count < ITERATIONS || count > MOST_ITERATIONS) {
    throw new CarrierError('密钥文件被改动过，不能使用。请改用备份的密钥文件。');
  }
  return file;
}

/* The private key and its certificate. */
export async function open(blob, password) {
  demandSecure();
  if (blob.size > LONGEST_FILE) throw new CarrierError('这不是密钥文件。请选择领取证书时下载的 .yckey 文件。');
  const file = read(await blob.text());
  try {
    const how = { name: 'AES-GCM', iv: fromBase64(file.cipher.iv), additionalData: bound(file) };
    const opened = await crypto.subtle.decrypt(how, await keyFrom(password, file.kdf), fromBase64(file.key));
    const privateKey = toHex(new Uint8Array(opened));
    return { name: file.name, certificate: file.certificate, privateKey, publicKey: publicKeyOf(privateKey) };
  } catch (error) {
    throw new CarrierError('密钥文件的密码不对，或者文件损坏。请再输一次；忘了密码的，请挂失后重新申请证书。');
  }
}
