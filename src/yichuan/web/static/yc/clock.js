/* The clock of the top bar shows the server's time: data-clock is the server's now when the page was made. */
const holder = document.querySelector('[data-clock]');
const written = holder ? holder.dataset.clock : new Date().toISOString();
export const madeAt = holder ? written : ''; /* when the page was made, by the server's clock; empty where it has none */
const drift = new Date(written).getTime() - Date.now();
const two = (number) => String(number).padStart(2, '0');

/* A moment of this machine's clock (milliseconds) in the centre's day and hour: to be read with the getUTC functions. */
function there(at) {
  const offset = /([+-])(\d\d):(\d\d)$/.exec(written); /* the server wrote its own zone */
  const minutes = offset ? (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
  return new Date(at + drift + minutes * 60000);
}

export function hourOf(at) {
  const moment = there(at);
  return `${two(moment.getUTCHours())}:${two(moment.getUTCMinutes())}`;
}

if (holder) {
  const show = () => {
    const here = there(Date.now());
    holder.querySelector('[data-time]').textContent = hourOf(Date.now());
    const day = `${here.getUTCMonth() + 1}月${here.getUTCDate()}日 周${'日一二三四五六'[here.getUTCDay()]}`;
    holder.querySelector('[data-date]').textContent = day;
  };
  setInterval(show, 5000);
}
