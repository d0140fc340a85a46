/* Imprints on the rendered pages: drawn translucent at their true size, moved by mouse, finger and arrow keys.
 *
 * A spot is { page, x, y } in millimetres of the centre, pages from 1; a seam seal also has `edge` and `to`. A seal is
 * { width, height, name, picture }. `Marks` draws spots over the [data-page] of the reader and says what was moved.
 */
export const STEP_MM = 1;
export const STRIDE_MM = 5;
const SNAP_MM = 4;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const tenth = (value) => Math.round(value * 10) / 10;
const clamp = (value, least, most) => Math.min(Math.max(value, least), Math.max(least, most));
export const pageOf = (number) => document.querySelector(`[data-pages] [data-page="${number}"]`);
export const upright = (edge) => edge === 'left' || edge === 'right';

export function sizeOf(page) {
  return page ? [Number(page.dataset.widthMm), Number(page.dataset.heightMm)] : [210, 297];
}

/* The spot moved onto its page, whole. */
export function inside(spot, seal) {
  const [width, height] = sizeOf(pageOf(spot.page));
  return {
    ...spot,
    x: tenth(clamp(spot.x, seal.width / 2, width - seal.width / 2)),
    y: tenth(clamp(spot.y, seal.height / 2, height - seal.height / 2)),
  };
}

/* The strips of a seam seal, as `lib.ofd.seams` cuts them: the part of the imprint on each page, and where it stands. */
export function strips(spot, seal) {
  const count = spot.to - spot.page + 1;
  const long = upright(spot.edge) ? seal.width : seal.height;
  const found = [];
  for (let number = 0; number < count; number += 1) {
    const page = pageOf(spot.page + number);
    if (!page) continue;
    const first = spot.edge === 'right' || spot.edge === 'bottom' ? number : count - 1 - number;
    const [from, part] = [(long * first) / count, long / count];
    const [width, height] = sizeOf(page);
    const at = { right: width - part, bottom: height - part, left: 0, top: 0 }[spot.edge];
    found.push(upright(spot.edge)
      ? { page, left: at, top: spot.y - seal.height / 2, width: part, height: seal.height, across: from, down: 0 }
      : { page, left: spot.x - seal.width / 2, top: at, width: seal.width, height: part, across: 0, down: from });
  }
  return found;
}

export class Marks {
  constructor({ seal, fixed, suggested, moved, chosen, dropped }) {
    Object.assign(this, { seal, fixed, suggested, moved, chosen, dropped });
    this.drawn = [];
  }

  /* Draw all spots anew, the chosen one in front; what had the focus keeps it. */
  draw(spots, now) {
    const focused = this.drawn.findIndex((mark) => mark === document.activeElement);
    const held = focused >= 0 ? Number(this.drawn[focused].dataset.spot) : -1;
    this.drawn.forEach((mark) => mark.remove());
    this.drawn = [];
    spots.forEach((spot, index) => {
      const boxes = spot.edge ? strips(spot, this.seal) : [this.whole(spot)];
      boxes.filter((box) => box.page).forEach((box, part) => this.add(spot, index, box, index === now, part === 0));
    });
    const again = held >= 0 && this.drawn.find((mark) => Number(mark.dataset.spot) === now);
    if (again) again.focus({ preventScroll: true });
  }

  whole(spot) {
    const { width, height } = this.seal;
    return { page: pageOf(spot.page), left: spot.x - width / 2, top: spot.y - height / 2, width, height, across: 0, down: 0 };
  }

  add(spot, index, box, now, first) {
    const mark = document.createElement('div');
    const [width, height] = sizeOf(box.page);
    mark.className = `yc-place${spot.edge ? ' strip' : ''}${now ? ' now' : ''}${this.fixed ? ' fixed' : ''}`;
    mark.dataset.spot = index;
    mark.style.left = `${(100 * box.left) / width}%`;
    mark.style.top = `${(100 * box.top) / height}%`;
    mark.style.width = `${(100 * box.width) / width}%`;
    mark.style.height = `${(100 * box.height) / height}%`;
    mark.setAttribute('role', 'group');
    mark.setAttribute('aria-roledescription', '印章');
    mark.setAttribute('aria-label', spot.edge
      ? `第 ${index + 1} 处，骑缝章，第 ${box.page.dataset.page} 页上的一条`
      : `第 ${index + 1} 处，${this.seal.name}，第 ${spot.page} 页，离左 ${spot.x} 毫米，离上 ${spot.y} 毫米，方向键移动`);
    const picture = document.createElement('img');
    picture.src = this.seal.picture;
    picture.alt = '';
    picture.draggable = false;
    picture.style.left = `${(-100 * box.across) / box.width}%`;
    picture.style.top = `${(-100 * box.down) / box.height}%`;
    picture.style.width = `${(100 * this.seal.width) / box.width}%`;
    picture.style.height = `${(100 * this.seal.height) / box.height}%`;
    mark.append(picture);
    if (!this.fixed) {
      if (first) mark.tabIndex = 0;
      mark.addEventListener('pointerdown', (event) => this.grab(event, spot, index));
      mark.addEventListener('keydown', (event) => this.key(event, spot, index));
      mark.addEventListener('focus', () => this.chosen(index));
    }
    box.page.append(mark);
    this.drawn.push(mark);
  }

  /* From here to where the pointer lets go. Listeners stand on the document: marks are drawn anew under way. */
  grab(event, spot, index) {
    if (event.button) return;
    event.preventDefault();
    const start = { ...spot };
    const [fromX, fromY] = this.millimetres(pageOf(spot.page), event);
    const follow = (next) => {
      if (next.pointerId !== event.pointerId) return;
      next.preventDefault();
      this.moved(index, this.towards(start, next, fromX, fromY));
    };
    const stop = (last) => {
      if (last.pointerId !== event.pointerId) return;
      document.removeEventListener('pointermove', follow);
      document.removeEventListener('pointerup', stop);
      document.removeEventListener('pointercancel', stop);
      document.body.classList.remove('yc-dragging');
      this.dropped(index);
    };
    document.body.classList.add('yc-dragging');
    document.addEventListener('pointermove', follow, { passive: false });
    document.addEventListener('pointerup', stop);
    document.addEventListener('pointercancel', stop);
    this.chosen(index);
    const mine = this.drawn.find((mark) => Number(mark.dataset.spot) === index && mark.tabIndex === 0);
    if (mine) mine.focus({ preventScroll: true });
  }

  towards(start, event, fromX, fromY) {
    const over = start.edge ? null : document.elementsFromPoint(event.clientX, event.clientY)
      .map((element) => element.closest('[data-pages] [data-page]')).find(Boolean);
    const page = over || pageOf(start.page);
    const [x, y] = this.millimetres(page, event);
    const to = { ...start, page: start.edge ? start.page : Number(page.dataset.page), x: start.x + x - fromX, y: start.y + y - fromY };
    if (start.edge) return inside(to, this.seal);
    const near = event.altKey ? undefined : this.suggested.find((each) => each.page === to.page
      && Math.abs(each.x - to.x) <= SNAP_MM && Math.abs(each.y - to.y) <= SNAP_MM);
    return near ? { ...near } : inside(to, this.seal);
  }

  millimetres(page, event) {
    const rect = page.getBoundingClientRect();
    const [width, height] = sizeOf(page);
    return [((event.clientX - rect.left) / rect.width) * width, ((event.clientY - rect.top) / rect.height) * height];
  }

  key(event, spot, index) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    const turn = { PageUp: -1, PageDown: 1 }[event.key];
    if (!arrow && !turn && event.key !== 'Delete') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Delete') { this.moved(index, null); return; }
    const step = event.shiftKey ? STRIDE_MM : STEP_MM;
    if (arrow) this.moved(index, inside({ ...spot, x: spot.x + arrow[0] * step, y: spot.y + arrow[1] * step }, this.seal));
    else if (!spot.edge && pageOf(spot.page + turn)) this.moved(index, inside({ ...spot, page: spot.page + turn }, this.seal));
    this.dropped(index);
  }
}
