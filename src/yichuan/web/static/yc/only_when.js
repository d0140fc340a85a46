/* Parts of a form that are asked only where another field has a certain value.
 *
 * data-only="carrier=file usb"   shown while the field named carrier is file or usb; where it is neither, hidden
 *
 * What is hidden goes up all the same: the server knows which fields count.
 */
const value = (form, name) => {
  const chosen = form.querySelector(`[name="${name}"]:checked, select[name="${name}"]`);
  return chosen ? chosen.value : '';
};

function show(form) {
  form.querySelectorAll('[data-only]').forEach((part) => {
    const [name, values] = part.dataset.only.split('=');
    part.hidden = !values.split(' ').includes(value(form, name));
  });
}

document.querySelectorAll('form').forEach((form) => {
  if (!form.querySelector('[data-only]')) return;
  show(form);
  form.addEventListener('change', () => show(form));
});
