/* USB keys, through the vendor's service on this machine. What an adapter offers (docs/certificates.md):
 *
 *   list()                    [{ id, subject, issuer, not_after, certificate (base64 of DER) }]
 *   sign(id, text)            hex of the DER signature; the service asks for the PIN by itself
 *   signBytes(id, bytes)      the same over bytes
 *   newKey()                  { id, public_key (hex of 04‖x‖y) }, made inside the key
 *   keep(id, certificate)     puts an issued certificate beside its key
 *
 * `localService` is the reference adapter; that of a vendor with another protocol offers the same five.
 */
import { CarrierError } from './key_file.js';
import { toBase64, utf8 } from './sm2.js';

const PATIENCE_MS = 60000; /* a person types a PIN */

async function call(address, path, body) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  let answer;
  try {
    answer = await fetch(`${address}/yichuan/1/${path}`, {
      method: body ? 'POST' : 'GET',
      credentials: 'omit',
      cache: 'no-store',
      headers: body ? { 'Content-Type': 'application/json' } : {},
      body: body ? JSON.stringify(body) : undefined,
      signal: patience.signal,
    });
  } catch (error) {
    throw new CarrierError('没有连上 USB Key 的驱动程序。请确认已安装并启动，插好 USB Key 再试。');
  } finally {
    clearTimeout(timer);
  }
  let said;
  try { said = await answer.json(); } catch (error) { said = null; }
  if (!said) throw new CarrierError('USB Key 的驱动程序答复不对。请升级驱动程序，或找运行管理员。');
  if (!answer.ok) throw new CarrierError(`USB Key：${String(said.error || '没有办成').slice(0, 120)}`);
  return said;
}

export function localService(address) {
  return {
    async list() { return (await call(address, 'certificates')).certificates; },
    async sign(id, text) { return this.signBytes(id, utf8(text)); },
    async signBytes(id, bytes) { return (await call(address, 'sign', { id, data: toBase64(bytes) })).signature; },
    async newKey() { return call(address, 'keys', { algorithm: 'SM2' }); },
    async keep(id, certificate) { await call(address, 'keep', { id, certificate }); },
  };
}
