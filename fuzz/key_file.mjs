/* Mutated key files opened as the browser opens them: `node fuzz/key_file.mjs SECONDS FOLDER [FILE]`.
 *
 * The only outcomes allowed are a whole key and CarrierError, within 20 s of the processor. Stretching a password takes
 * most of a second by design, so a stretch with the same salt and count is done once and its key kept; the mutations
 * that change either still pay for it. The input in hand lies in FOLDER/input; FILE opens one again.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const STATIC = new URL('../src/yichuan/web/static/', import.meta.url);
const SLOWEST = 20000;
const KEPT = 512;
const PASSWORD = '口令-fuzz-1';
const require = createRequire(import.meta.url);
globalThis.SmCryptoV2 = require(new URL('vendor/sm-crypto-v2.umd.js', STATIC).pathname);
globalThis.isSecureContext = true;
const { CarrierError, ITERATIONS, open, seal } = await import(new URL('yc/key_file.js', STATIC));
const { fromBase64, newPair, publicKeyOf, toBase64 } = await import(new URL('yc/sm2.js', STATIC));

const counted = { inputs: 0, stretched: 0, past: 0, opened: 0, slowest: 0 };
const stretches = new Map();
const derive = crypto.subtle.deriveKey.bind(crypto.subtle);
crypto.subtle.deriveKey = async (how, raw, ...rest) => {
  counted.past += 1;
  const name = `${how.iterations} ${toBase64(how.salt)}`;
  if (!stretches.has(name)) {
    counted.stretched += 1;
    if (stretches.size >= KEPT) stretches.delete(stretches.keys().next().value);
    stretches.set(name, await derive(how, raw, ...rest));
  }
  return stretches.get(name);
};

const chance = (below) => Math.floor(Math.random() * below);
const one = (choices) => choices[chance(choices.length)];
const bytes = (length) => crypto.getRandomValues(new Uint8Array(length));
const VALUES = [
  null, true, '', 'x', '\u0000', '\ud800', '====', 0, -1, 1.5, 1e308, [], {}, [[]], { toString: 1, valueOf: 1, toJSON: 1 },
  ITERATIONS - 1, ITERATIONS, ITERATIONS + 1, 10000001, 'AES-CBC', 'yichuan-key',
];
const deep = () => `${'['.repeat(20000)}${']'.repeat(20000)}`;

function changedText(text) {
  const at = chance(text.length);
  switch (chance(6)) {
    case 0: return text.slice(0, at);
    case 1: return text.slice(0, at) + text.slice(at + 1 + chance(20));
    case 2: return text.slice(0, at) + String.fromCharCode(chance(65536)) + text.slice(at + 1);
    case 3: return text.slice(0, at) + one(['"', '{', '}', '\\u', '__proto__', deep(), 'A'.repeat(chance(70000))]) + text.slice(at);
    case 4: return text + text;
    default: return text.slice(0, at) + text.slice(chance(text.length));
  }
}

function changedBase64(text) {
  const content = typeof text === 'string' ? fromBase64(text) : bytes(16);
  if (chance(2)) content[chance(content.length)] ^= 1 << chance(8);
  return toBase64(chance(2) ? content : bytes(one([0, 1, 11, 12, 16, 32, 48, 1000])));
}

/* One place of the file: another value, other bytes, missing, said twice, or moved. */
function changedPlace(file) {
  const holder = one([file, file, file, file.kdf, file.cipher].filter((each) => each && typeof each === 'object'));
  const name = one([...Object.keys(holder), 'x']);
  switch (chance(5)) {
    case 0: delete holder[name]; break;
    case 1: holder[name] = structuredClone(one(VALUES)); break;
    case 2: holder[name] = [holder[name]]; break;
    case 3: holder[name] = one([file, file.kdf, file.cipher, file.key, file.name].map((each) => (each === undefined ? null : structuredClone(each)))); break;
    default: try { holder[name] = changedBase64(holder[name]); } catch (error) { holder[name] = structuredClone(one(VALUES)); }
  }
}

function changed(seed) {
  if (chance(10) === 0) {
    const raw = new TextEncoder().encode(seed);
    for (let left = 1 + chance(4); left; left -= 1) raw[chance(raw.length)] = chance(256);
    return raw;
  }
  if (chance(3) === 0) return changedText(seed);
  const file = JSON.parse(seed);
  for (let left = 1 + chance(3); left; left -= 1) changedPlace(file);
  return JSON.stringify(file);
}

/* A whole key: text for a certificate, and a private key with the public key that belongs to it. */
function demandWhole({ certificate, privateKey, publicKey }) {
  if (typeof certificate !== 'string') throw new Error('opened with a certificate that is no text');
  if (!/^[0-9a-f]{64}$/.test(privateKey)) throw new Error(`opened a private key of ${privateKey.length} digits`);
  if (publicKey !== publicKeyOf(privateKey)) throw new Error('opened with the public key of another');
}

/* The processor's milliseconds, its threads included: another's work beside this is no hang. */
const spent = () => Object.values(process.cpuUsage()).reduce((sum, each) => sum + each / 1000, 0);

async function tried(input) {
  const begun = spent();
  try {
    demandWhole(await open(new Blob([input]), PASSWORD));
    counted.opened += 1;
  } catch (error) {
    if (!(error instanceof CarrierError)) throw error;
  }
  const took = spent() - begun;
  if (took > SLOWEST) throw new Error(`one input took ${Math.round(took)} ms`);
  counted.slowest = Math.max(counted.slowest, took);
  counted.inputs += 1;
}

/* Files under a password that their maker knows: keys of every length, and numbers that are no key. */
async function seeds() {
  const sound = newPair().privateKey;
  const keys = [sound, '', '00', sound.slice(2), `${sound}00`, '0'.repeat(64), 'f'.repeat(64), sound.repeat(500)];
  const certificate = toBase64(bytes(600));
  return Promise.all(keys.map((privateKey) => seal({ name: '张三', certificate, privateKey, password: PASSWORD })));
}

const [seconds, folder, again] = process.argv.slice(2);
if (again) {
  await tried(readFileSync(again));
} else {
  const known = await seeds();
  for (const each of known) await tried(each);
  for (const until = performance.now() + 1000 * seconds; performance.now() < until;) {
    const input = changed(one(known));
    writeFileSync(`${folder}/input`, input);
    await tried(input);
  }
}
console.log(JSON.stringify({ ...counted, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) }));
