/* A form whose answer opens in a window of its own asks first whether there will be one: form[data-ask-first="#region"].
 *
 * The same fields go to the same address with X-Ask-First, which does nothing there. A refusal comes as the region with
 * the form in it and takes its place; whatever else went wrong, the window itself will say.
 */
const REFUSED = 422;

export async function allowed(form) {
  if (!form.dataset.askFirst) return true;
  const headers = { 'HX-Request': 'true', 'X-Ask-First': '1' };
  let answer;
  try {
    answer = await fetch(form.action, { method: 'POST', body: new FormData(form), credentials: 'same-origin', headers });
  } catch (error) {
    return true;
  }
  if (answer.status !== REFUSED) return true;
  const region = () => document.querySelector(form.dataset.askFirst);
  window.htmx.swap(region(), await answer.text(), { swapStyle: 'outerHTML' });
  const wrong = region().querySelector('[aria-invalid="true"]');
  if (wrong) wrong.focus();
  return false;
}
