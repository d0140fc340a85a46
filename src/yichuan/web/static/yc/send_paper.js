/* Rows of recipients that are not connected: one more, one less. The last row is emptied instead of taken away. */
document.querySelectorAll('[data-paper-rows]').forEach((holder) => {
  const list = holder.querySelector('[data-paper-list]');
  const clear = (row) => row.querySelectorAll('input').forEach((field) => {
    field.value = field.name === 'paper-copies' ? '1' : '';
  });
  holder.addEventListener('click', (event) => {
    const rows = list.querySelectorAll('[data-paper-row]');
    const remove = event.target.closest('[data-paper-remove]');
    if (remove) {
      const row = remove.closest('[data-paper-row]');
      if (rows.length > 1) row.remove(); else clear(row);
    }
    if (event.target.closest('[data-paper-add]')) {
      const made = rows[rows.length - 1].cloneNode(true);
      clear(made);
      list.append(made);
      made.querySelector('input').focus();
    }
  });
});
