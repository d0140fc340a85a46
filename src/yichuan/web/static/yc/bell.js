/* The bell of arrivals: two strokes made here, so that nothing is fetched; at once and every 30 s until signed for.
 *
 * Of several tabs one rings: it holds a lease in localStorage, which another takes over a few seconds after it is gone.
 * A tab whose sound the browser holds back takes none. Muting lasts ten minutes and holds for all tabs of this screen.
 */
const RING_EVERY_MS = 30000;
const MUTE_MS = 10 * 60000;
const LEASE_MS = 5000;
const MUTED_UNTIL = 'yichuan.muted-until';
const LAST_RING = 'yichuan.last-ring';
const RINGER = 'yichuan.ringer'; /* "id until" of the tab that rings */

const own = `${Date.now()}-${Math.random()}`;
const memory = {};
function read(name) {
  try { return localStorage.getItem(name) || memory[name] || ''; } catch (error) { return memory[name] || ''; }
}
function keep(name, value) {
  memory[name] = String(value);
  try { localStorage.setItem(name, String(value)); } catch (error) { /* this page remembers it */ }
}

let audio = null;

function sound() {
  if (!audio && window.AudioContext) audio = new AudioContext();
  return audio;
}

export const blocked = () => !audio || audio.state !== 'running';
export const mutedUntil = () => Number(read(MUTED_UNTIL));
export const muted = () => mutedUntil() > Date.now();
export function mute() { keep(MUTED_UNTIL, Date.now() + MUTE_MS); }
export function unmute() { keep(MUTED_UNTIL, 0); }

function stroke(at, frequency) {
  for (const [ratio, loudness] of [[1, 0.5], [2.01, 0.2], [3.02, 0.1]]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency * ratio;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(loudness, at + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.9);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 1);
  }
}

function ring() {
  stroke(audio.currentTime, 880);
  stroke(audio.currentTime + 0.45, 660);
  keep(LAST_RING, Date.now());
  document.body.dispatchEvent(new CustomEvent('yichuan:rang'));
}

/* Whether this tab is the one that rings; it is for the next seconds if no other is. */
function holdsTheBell() {
  const [holder, until] = read(RINGER).split(' ');
  if (holder !== own && Number(until) > Date.now()) return false;
  keep(RINGER, `${own} ${Date.now() + LEASE_MS}`);
  return true;
}

/* Ring if it is time: `fresh` for something that arrived just now. Called every second. */
export function ringIfDue(count, fresh) {
  if (blocked() || !holdsTheBell() || !count || muted()) return;
  if (Date.now() - Number(read(LAST_RING)) >= (fresh ? 3000 : RING_EVERY_MS - 500)) ring();
}

/* The person pressed "open the sound": hear it once. */
export function release() {
  const context = sound();
  return context ? context.resume().then(ring) : Promise.resolve();
}

/* Begin: `changed` is called when the browser lets the sound go or stops it. Any use of the page may release it. */
export function begin(changed) {
  const context = sound();
  if (context) context.addEventListener('statechange', changed);
  ['pointerdown', 'keydown'].forEach((name) => document.addEventListener(name, (event) => {
    if (event.target.closest && event.target.closest('[data-sound-on]')) return; /* its click rings once */
    if (context && context.state !== 'running') context.resume().then(changed, () => undefined);
  }, { capture: true }));
  window.addEventListener('storage', changed);
  window.addEventListener('pagehide', () => { if (read(RINGER).split(' ')[0] === own) keep(RINGER, ''); });
}
