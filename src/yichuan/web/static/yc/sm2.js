/* SM2 and SM3 in the browser, over sm-crypto-v2 (vendor/sm-crypto-v2.umd.js, a plain script loaded before this one).
 *
 * Keys and signatures travel in hex: a private key is 64 digits, a public key the 130 of 04‖x‖y, a signature DER
 * (GM/T 0009, SM3 with the default user id).
 */
const { sm2, sm3 } = globalThis.SmCryptoV2;

export const utf8 = (text) => new TextEncoder().encode(text);
export const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
export const fromHex = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
export const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
export const fromBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

export function newPair() {
  const { privateKey, publicKey } = sm2.generateKeyPairHex();
  return { privateKey, publicKey };
}

export const publicKeyOf = (privateKey) => sm2.getPublicKeyFromPrivateKey(privateKey);

export function signBytes(privateKey, bytes) {
  return sm2.doSignature(bytes, privateKey, { der: true, hash: true, publicKey: publicKeyOf(privateKey) });
}

export const sign = (privateKey, text) => signBytes(privateKey, utf8(text));

/* SM3 in hex. */
export const sm3Of = (bytes) => sm3(bytes);

/* What is to be done, in one digest: SM3 over its parts, a line each. The server computes the same. */
export const digestOf = (...parts) => sm3(utf8(parts.join('\n')));
