/* Where the seal will stand: a dashed circle over the page, moved by the numbers of the form.
 *
 * form[data-seal-place] holds fields named page, x, y (millimetres from the page's top left to the seal's centre)
 * and radio buttons named seal with data-diameter-mm and data-name. Pages are the [data-page] of the reader.
 */
'use strict';

const form = document.querySelector('form[data-seal-place]');
const mark = document.createElement('div');
mark.className = 'yc-place';
mark.setAttribute('role', 'img');

function draw(follow) {
  const chosen = form.querySelector('input[name=seal]:checked');
  const number = (name) => Number(form.elements[name] ? form.elements[name].value : NaN);
  const page = document.querySelector(`[data-pages] [data-page="${number('page') || 0}"]`);
  if (!chosen || !page || Number.isNaN(number('x')) || Number.isNaN(number('y'))) { mark.remove(); return; }
  const diameter = Number(chosen.dataset.diameterMm);
  const [width, height] = [Number(page.dataset.widthMm), Number(page.dataset.heightMm)];
  mark.style.left = `${(100 * (number('x') - diameter / 2)) / width}%`;
  mark.style.top = `${(100 * (number('y') - diameter / 2)) / height}%`;
  mark.style.width = `${(100 * diameter) / width}%`;
  mark.style.height = `${(100 * diameter) / height}%`;
  const outside = number('x') < diameter / 2 || number('x') > width - diameter / 2
    || number('y') < diameter / 2 || number('y') > height - diameter / 2;
  mark.classList.toggle('outside', outside);
  mark.setAttribute('aria-label', `第 ${number('page')} 页，${chosen.dataset.name}${outside ? '，超出页面' : ''}`);
  if (mark.parentNode !== page) page.append(mark);
  if (follow) mark.scrollIntoView({ block: 'center' });
}

if (form) {
  if (!form.querySelector('input[name=seal]:checked')) {
    const first = form.querySelector('input[name=seal]');
    if (first) first.checked = true;
  }
  form.addEventListener('input', () => draw(true));
  draw(true);
}
