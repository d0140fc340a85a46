/* The carrier of a seal's key (载体) at use: a key file opened here by its own password, or a USB key behind its service.
 *
 * A signer is { certificate (base64 of DER), sign(text) → hex, signBytes(Uint8Array) → hex }: DER signatures, SM2 with
 * SM3 and the default user id, whatever holds the key. What a person chooses stands in a region:
 *
 *   [data-carrier="file"]     holds [data-key-file] and [data-key-password]
 *   [data-carrier="usb"]      has data-usb-key, the address of the service on this machine
 *
 * `certificate` is the one wanted, where it is known: another carrier is told so before anything is signed.
 */
import { keyFileSigner } from './certificate_page.js';
import { CarrierError } from './key_file.js';
import { signBytes } from './sm2.js';
import { localService } from './usb_key.js';

async function fromFile(region, certificate) {
  const opened = await keyFileSigner(region);
  if (certificate && opened.certificate !== certificate) {
    throw new CarrierError(`这是「${opened.name}」的密钥文件，不是要用的这一份。请换对的密钥文件。`);
  }
  return { ...opened, signBytes: async (bytes) => signBytes(opened.privateKey, bytes) };
}

async function fromUsb(region, certificate) {
  if (!region.dataset.usbKey) throw new CarrierError('本中心没有启用 USB Key，不能在这里使用。请找运行管理员。');
  const service = localService(region.dataset.usbKey);
  const found = await service.list();
  const chosen = found.find((each) => !certificate || each.certificate === certificate);
  if (!chosen) throw new CarrierError('插着的 USB Key 里没有要用的证书。请换对的 USB Key，再试一次。');
  return {
    certificate: chosen.certificate,
    name: chosen.subject,
    sign: (text) => service.sign(chosen.id, text),
    signBytes: (bytes) => service.signBytes(chosen.id, bytes),
  };
}

/* The signer of the carrier in `region`. CarrierError, in words, where there is none or another. */
export async function signerIn(region, certificate = '') {
  return region.dataset.carrier === 'usb' ? fromUsb(region, certificate) : fromFile(region, certificate);
}
