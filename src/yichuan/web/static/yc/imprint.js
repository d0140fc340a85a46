/* Imprints at true size, side by side and over one another.
 *
 * A millimetre of CSS is not one of the screen: the person lays a bank card (85.6 mm wide) on it once and drags a
 * slider until both are as wide; the browser keeps the figure.
 *
 * [data-mm]                                   a picture's side in millimetres
 * [data-calibrate] > input[type=range] and [data-card]   the slider and the card
 * [data-bench] with [data-bench-bar]: data-bench-mode (side, over), data-bench-fade (range), data-bench-blink (button),
 * data-bench-colour (checkbox: the second picture in another colour)
 */
'use strict';

const KEPT = 'yichuan.pixels-a-mm';
const CARD_MM = 85.6;
const USUAL = 96 / 25.4;

function kept() {
  try {
    const value = Number(localStorage.getItem(KEPT));
    return value > USUAL / 3 && value < USUAL * 4 ? value : 0;
  } catch (error) { return 0; }
}

function size(pixels) {
  document.querySelectorAll('[data-mm]').forEach((picture) => {
    picture.style.width = `${Number(picture.dataset.mm) * pixels}px`;
    picture.style.height = picture.style.width;
  });
}

function calibrate(box) {
  const slider = box.querySelector('input[type=range]');
  const card = box.querySelector('[data-card]');
  const state = document.querySelector('[data-calibrated]');
  const show = () => {
    const pixels = Number(slider.value) / CARD_MM;
    card.style.width = `${slider.value}px`;
    size(pixels);
    return pixels;
  };
  const say = () => { if (state) state.textContent = kept() ? '已按本屏幕校准' : '还没有校准，大小可能不准'; };
  slider.value = String((kept() || USUAL) * CARD_MM);
  show();
  say();
  slider.addEventListener('input', () => {
    const pixels = show();
    try { localStorage.setItem(KEPT, String(pixels)); } catch (error) { /* kept for this page alone */ }
    say();
  });
  if (!kept()) box.open = true;
}

function compare(bench, bar) {
  const second = bench.querySelector('figure + figure img');
  const fade = bar.querySelector('[data-bench-fade]');
  const blink = bar.querySelector('[data-bench-blink]');
  const colour = bar.querySelector('[data-bench-colour]');
  const modes = Array.from(bar.querySelectorAll('[data-bench-mode]'));
  const mode = () => modes.find((each) => each.checked).value;
  const draw = () => {
    const over = mode() === 'over';
    bench.classList.toggle('over', over);
    bench.classList.toggle('apart', over && colour.checked);
    second.style.opacity = over ? String(Number(fade.value) / 100) : '1';
    fade.disabled = !over;
    colour.disabled = !over;
    if (!over) bench.classList.remove('away');
  };
  modes.forEach((each) => each.addEventListener('change', draw));
  fade.addEventListener('input', draw);
  colour.addEventListener('change', draw);
  blink.addEventListener('click', () => {
    if (mode() !== 'over') {
      modes.find((each) => each.value === 'over').checked = true;
      draw();
    }
    bench.classList.toggle('away');
    blink.setAttribute('aria-pressed', String(bench.classList.contains('away')));
  });
  draw();
}

const box = document.querySelector('[data-calibrate]');
const bench = document.querySelector('[data-bench]');
const bar = document.querySelector('[data-bench-bar]');
if (box) calibrate(box);
if (bench && bar) compare(bench, bar);
