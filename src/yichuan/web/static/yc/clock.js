/* The clock of the top bar shows the server's time: data-clock is the server's now when the page was made. */
'use strict';

const holder = document.querySelector('[data-clock]');
if (holder) {
  const drift = new Date(holder.dataset.clock).getTime() - Date.now();
  const two = (number) => String(number).padStart(2, '0');
  const show = () => {
    /* The centre's hour, whatever the zone of the machine: the server wrote its own offset. */
    const offset = /([+-])(\d\d):(\d\d)$/.exec(holder.dataset.clock);
    const minutes = offset ? (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
    const here = new Date(Date.now() + drift + minutes * 60000);
    holder.querySelector('[data-time]').textContent = `${two(here.getUTCHours())}:${two(here.getUTCMinutes())}`;
    const day = `${here.getUTCMonth() + 1}月${here.getUTCDate()}日 周${'日一二三四五六'[here.getUTCDay()]}`;
    holder.querySelector('[data-date]').textContent = day;
  };
  setInterval(show, 5000);
}
