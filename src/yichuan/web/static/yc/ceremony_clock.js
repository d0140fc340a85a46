/* The times of a session's page, by the server's clock: what is left, and how long ago a proof came.
 *
 * [data-until]   counts down; data-lasts is the whole length in seconds, shown by the next <progress>
 * [data-ago]     so many seconds ago
 */
const holder = document.querySelector('[data-clock]');
const drift = holder ? new Date(holder.dataset.clock).getTime() - Date.now() : 0;
const two = (number) => String(number).padStart(2, '0');

function show(page) {
  const now = Date.now() + drift;
  page.querySelectorAll('[data-until]').forEach((clock) => {
    const left = Math.max(0, Math.round((Date.parse(clock.dataset.until) - now) / 1000));
    clock.textContent = `${two(Math.floor(left / 60))}:${two(left % 60)}`;
    const bar = clock.parentElement.querySelector('progress');
    if (bar) bar.value = left;
  });
  page.querySelectorAll('[data-ago]').forEach((words) => {
    const ago = Math.max(0, Math.round((now - Date.parse(words.dataset.ago)) / 1000));
    words.textContent = `${ago} 秒前有签名`;
  });
}

export function showTimes(page) {
  show(page);
  setInterval(show, 1000, page);
  document.addEventListener('htmx:afterSettle', () => show(page));
}
