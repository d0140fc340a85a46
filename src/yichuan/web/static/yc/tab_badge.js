/* How many are unsigned, on the tab: before the title, on the icon, and on the installed page's own icon. */
const plainTitle = document.title;
const link = document.querySelector('link[rel="icon"]');
const plainIcon = link ? link.getAttribute('href') : '';
const plainType = link ? link.type : '';
const SIZE = 32;
let shown = 0;

function withNumber(mark, count) {
  const canvas = document.createElement('canvas');
  canvas.width = SIZE;
  canvas.height = SIZE;
  const pen = canvas.getContext('2d');
  pen.drawImage(mark, 0, 0, SIZE, SIZE);
  pen.fillStyle = '#fff';
  pen.beginPath();
  pen.arc(21, 21, 11, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = '#1c2733';
  pen.font = `bold ${count > 9 ? 13 : 17}px sans-serif`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(count > 99 ? '99' : String(count), 21, 22);
  return canvas.toDataURL('image/png');
}

function paint(count) {
  if (!link) return;
  if (!count) {
    link.type = plainType;
    link.href = plainIcon;
    return;
  }
  const mark = new Image(SIZE, SIZE);
  mark.addEventListener('load', () => {
    if (shown !== count) return; /* another number came meanwhile */
    link.type = 'image/png';
    link.href = withNumber(mark, count);
  });
  mark.src = plainIcon;
}

function badge(count) {
  if (!navigator.setAppBadge) return;
  (count ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => undefined);
}

export function showCount(count) {
  document.title = count ? `(${count}) ${plainTitle}` : plainTitle;
  if (count === shown) return;
  shown = count;
  paint(count);
  badge(count);
}
