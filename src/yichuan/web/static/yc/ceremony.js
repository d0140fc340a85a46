/* A session of three parties. What a person opened stays in this page's memory and proves presence by itself.
 *
 * #ceremony      data-id, data-digest, and the addresses; what is agreed on stands in #request as text
 * #poll          data-state, data-party: how the session stands, asked for every two seconds
 */
import { run, say } from './certificate_page.js';
import { makeCarrier, tryCarrier } from './ceremony_carrier.js';
import { showTimes } from './ceremony_clock.js';
import { signerIn } from './carriers.js';
import { post, signAndSend } from './challenge.js';
import { CarrierError } from './key_file.js';
import { digestOf, fromHex } from './sm2.js';

const PROVE_EVERY_MS = 30000;
const AGAIN_MS = 5000;
const TRIES = 5;
const SET_OF_ATTRIBUTES = 0x31;

const page = document.getElementById('ceremony');
const { id, digest } = page.dataset;
const said = page.querySelector(':scope > [data-said]');
const standing = () => document.getElementById('poll').dataset;
const over = () => ['done', 'aborted'].includes(standing().state);
const look = () => document.body.dispatchEvent(new CustomEvent('yichuan:now'));

let held = null; /* { signer, party } */
let proving = 0;

/* What is shown is what is signed: the digest is computed here, from the text that the rows are made of. */
const sound = digestOf(JSON.parse(document.getElementById('request').textContent)) === digest;
if (!sound) say(said, '这一页显示的内容和摘要对不上，不能用来会签。请刷新页面；仍然这样请告知系统保密员。');

function holder() {
  if (!sound) throw new CarrierError('这一页显示的内容和摘要对不上，没有签名。请刷新页面。');
  if (!held) throw new CarrierError('这一页还没有打开证书。请先打开本人的证书。');
  return held;
}

/* Presence */
function showHeld() {
  const mine = standing().party;
  page.querySelectorAll('[data-lost]').forEach((button) => { button.hidden = Boolean(held) || !mine; });
  page.querySelectorAll('[data-held]').forEach((words) => { words.hidden = !held; });
}

async function prove() {
  clearTimeout(proving);
  if (!held || over()) return;
  const { signer, party } = held;
  try {
    await signAndSend(page.dataset.present, 'present', digestOf(id, party), signer, () => ({ party }));
    proving = setTimeout(prove, PROVE_EVERY_MS);
  } catch (error) {
    if (over()) return;
    say(said, error instanceof CarrierError ? `没有证明在场：${error.message}` : '没有证明在场，正在再试。');
    proving = setTimeout(prove, AGAIN_MS);
  }
}

async function join(form, party) {
  if (!sound) throw new CarrierError('这一页显示的内容和摘要对不上，没有签名。请刷新页面。');
  const chosen = form.querySelector('[name="carrier"]:checked');
  const region = form.querySelector(`[data-carrier="${chosen ? chosen.value : 'file'}"]`);
  const signer = await signerIn(region);
  await signAndSend(page.dataset.join, 'attend', digestOf(id, party, digest), signer, () => ({ party, digest }));
  held = { signer, party };
  clearTimeout(proving);
  proving = setTimeout(prove, PROVE_EVERY_MS);
  document.getElementById('open-certificate').close();
  look();
}

/* Agreement, making, minutes */
async function agree() {
  const { signer, party } = holder();
  await signAndSend(page.dataset.agree, 'agree', digestOf(id, party, digest), signer, () => ({ party, digest }));
  look();
}

async function make() {
  holder();
  await post(page.dataset.make, { digest });
  look();
}

/* Only a set of attributes is signed here (GB/T 35275), never a text that the server could use elsewhere. */
async function signMinutes(tries = TRIES) {
  const { signer, party } = holder();
  const { message, at, minutes } = await post(page.dataset.prepare, { party, digest });
  const bytes = fromHex(message);
  if (bytes[0] !== SET_OF_ATTRIBUTES) throw new CarrierError('服务器要求签名的不是会签纪要，没有签名。请告知系统保密员。');
  try {
    await post(page.dataset.sign, { party, digest, at, minutes, signature: await signer.signBytes(bytes) });
  } catch (error) {
    if (error.code !== 'minutes_moved' || tries <= 1) throw error;
    await signMinutes(tries - 1);
  }
  look();
}

/* Dialogs */
const dialogOf = (name) => document.getElementById(name);

function openCertificate(party) {
  const dialog = dialogOf('open-certificate');
  dialog.dataset.party = party;
  dialog.showModal();
}

dialogOf('open-certificate').addEventListener('change', (event) => {
  if (event.target.name !== 'carrier') return;
  dialogOf('open-certificate').querySelectorAll('[data-carrier]').forEach((region) => {
    region.hidden = region.dataset.carrier !== event.target.value;
  });
});

page.querySelector('[data-open-certificate]').addEventListener('submit', (event) => {
  event.preventDefault();
  run(event.target, () => join(event.target, dialogOf('open-certificate').dataset.party));
});
page.querySelector('[data-new-carrier]').addEventListener('submit', (event) => {
  event.preventDefault();
  run(event.target, async () => {
    holder();
    await makeCarrier(page, event.target);
    dialogOf('new-key').close();
    dialogOf('trial-key').showModal();
    look();
  });
});
page.querySelector('[data-trial]').addEventListener('submit', (event) => {
  event.preventDefault();
  run(event.target, async () => {
    await tryCarrier(page, event.target);
    dialogOf('trial-key').close();
    look();
  });
});

/* One thing at a time; what goes on and what failed is said above the places. */
let busy = false;
async function act(button, work) {
  if (busy) return;
  busy = true;
  button.disabled = true;
  say(said, '正在处理…', 'yc-warn');
  try {
    await work();
    say(said, '');
  } catch (error) {
    if (!(error instanceof CarrierError)) console.error(error);
    say(said, error instanceof CarrierError ? error.message : '浏览器没有办成，请刷新页面再试。');
    look();
  } finally {
    busy = false;
    button.disabled = false;
  }
}

const VERBS = [
  ['[data-agree]', (button) => act(button, agree)],
  ['[data-make]', (button) => act(button, make)],
  ['[data-sign-minutes]', (button) => act(button, () => signMinutes())],
  ['[data-new-key]', () => dialogOf('new-key').showModal()],
  ['[data-trial-open]', () => dialogOf('trial-key').showModal()],
  ['[data-join-as]', (button) => openCertificate(button.dataset.joinAs)],
  ['[data-shut]', (button) => button.closest('dialog').close()],
];
page.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  const found = button && VERBS.find(([name]) => button.matches(name));
  if (found) found[1](button);
});

document.addEventListener('htmx:afterSettle', () => {
  showHeld();
  if (over()) { held = null; clearTimeout(proving); }
});
window.addEventListener('beforeunload', (event) => {
  if (!held || over() || page.querySelector('form[data-leaving]')) return;
  event.preventDefault();
  event.returnValue = '';
});
showHeld();
showTimes(page);
