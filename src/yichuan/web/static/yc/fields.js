/* Fields with bounds, checked before any question is asked; and the way from a list of errors to its field.
 *
 * [data-needed="words"]        must not be empty; the words say so
 * input[data-from][data-to]   a number between the two, whole unless data-decimals; data-label names it in the message
 */

function complaint(field) {
  const text = field.value.trim();
  if ('needed' in field.dataset) return text ? '' : field.dataset.needed;
  const number = /^\d{1,6}(\.\d+)?$/.test(text) ? Number(text) : NaN;
  const { from, to, label } = field.dataset;
  const whole = !('decimals' in field.dataset);
  if (number >= Number(from) && number <= Number(to) && (!whole || Number.isInteger(number))) return '';
  return `${label || '这里'}应是 ${from} 到 ${to} 之间的${whole ? '整数' : '数'}，现在是「${text.slice(0, 20)}」。`;
}

function mark(field, words) {
  const id = `${field.id || field.name}-bounds`;
  let said = document.getElementById(id);
  field.classList.toggle('is-bad', Boolean(words));
  if (!words) { if (said) said.remove(); field.removeAttribute('aria-invalid'); return; }
  if (!said) {
    said = document.createElement('span');
    said.id = id;
    said.className = 'err-msg';
    said.setAttribute('role', 'alert');
    const place = field.closest('.row-x') || field;
    place.after(said);
  }
  said.textContent = words;
  field.setAttribute('aria-invalid', 'true');
  field.setAttribute('aria-describedby', id);
}

const CHECKED = 'input[data-from][data-to], [data-needed]';

/* Whether nothing is missing and every number lies within its bounds; the first field at fault gets the focus. */
export function fieldsFit(form) {
  const wrong = Array.from(form.querySelectorAll(CHECKED)).filter((field) => {
    const words = complaint(field);
    mark(field, words);
    return words;
  });
  if (wrong.length) wrong[0].focus();
  return !wrong.length;
}

document.addEventListener('input', (event) => {
  if (event.target.matches && event.target.matches(CHECKED) && event.target.matches('[aria-invalid]')) mark(event.target, complaint(event.target));
});

document.addEventListener('click', (event) => {
  const link = event.target.closest('.yc-errsum a[href^="#"], .yc-notes a[href^="#"]');
  const field = link && document.getElementById(link.getAttribute('href').slice(1));
  if (!field) return;
  event.preventDefault();
  const fold = field.closest('details');
  if (fold) fold.open = true;
  if (field.tomselect) field.tomselect.focus(); else field.focus();
  field.scrollIntoView({ block: 'center' });
});
