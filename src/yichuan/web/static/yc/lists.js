/* A second form for what is ticked: data-takes-ticks="batch" on a form takes the ticks of the form with that id along
 * when it is sent, those on other pages of the list included. */
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.dataset || !form.dataset.takesTicks) return;
  const batch = document.getElementById(form.dataset.takesTicks);
  form.querySelectorAll('input[data-taken]').forEach((field) => field.remove());
  const name = batch.dataset.batch;
  for (const value of new FormData(batch).getAll(name)) {
    const field = document.createElement('input');
    Object.assign(field, { type: 'hidden', name, value });
    field.dataset.taken = '1';
    form.append(field);
  }
}, true);
