/* A form whose answer opens in a window of its own asks first whether there will be one: form[data-ask-first="#region"].
 *
 * The same fields go to the same address with X-Ask-First, which does nothing there. A refusal comes as the region with
 * the form in it and takes its place; whatever else went wrong, the window itself will say.
 *
 * Where it may go, the answer is a ticket: input[data-ticket="password"] takes it along, and the field of that name is
 * emptied, so that a password is sent once.
 */
const REFUSED = 422;
const isTicket = (answer) => answer.status === 200 && /^text\/plain/.test(answer.headers.get('Content-Type') || '');

export async function allowed(form) {
  if (!form.dataset.askFirst) return true;
  const ticket = form.querySelector('input[data-ticket]');
  const headers = { 'HX-Request': 'true', 'X-Ask-First': '1' };
  let answer;
  let text;
  ticket.value = '';
  try {
    answer = await fetch(form.action, { method: 'POST', body: new FormData(form), credentials: 'same-origin', headers });
    text = await answer.text();
  } catch (error) {
    return true;
  }
  if (isTicket(answer)) {
    ticket.value = text;
    form.elements[ticket.dataset.ticket].value = '';
  }
  if (answer.status !== REFUSED) return true;
  const region = () => document.querySelector(form.dataset.askFirst);
  window.htmx.swap(region(), text, { swapStyle: 'outerHTML' });
  const wrong = region().querySelector('[aria-invalid="true"]');
  if (wrong) wrong.focus();
  return false;
}
