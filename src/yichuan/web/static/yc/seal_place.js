/* Placing a seal on a document: a list of spots beside the pages, the imprints over them, the numbers of the chosen one.
 *
 * form[data-seal-place] holds #seal-placing (JSON: places, suggested, fixed, width, height, name, picture), the list
 * [data-spots] made of template[data-spot], the fields page, x, y, those of a seam seal ([data-edge] and the like), and
 * the hidden field `places`, which is what the server takes and checks again.
 */
import { Marks, inside, pageOf, sizeOf, upright } from './seal_marks.js';

const ON_IT_MM = 1;
const CLOSE_MM = 25;

const form = document.querySelector('form[data-seal-place]');
const told = document.getElementById('seal-placing');

class Placement {
  constructor(seal) {
    this.seal = seal;
    this.pages = document.querySelectorAll('[data-pages] [data-page]').length;
    this.spots = seal.places.length ? seal.places : [this.first()];
    this.now = 0;
    this.find = (name) => form.querySelector(`[${name}]`);
    this.marks = new Marks({
      seal,
      fixed: seal.fixed,
      suggested: seal.suggested,
      moved: (index, spot) => this.move(index, spot),
      chosen: (index) => this.choose(index),
      dropped: () => this.tell(),
    });
    this.wire();
    this.draw();
    this.show();
  }

  first() {
    const [page, x, y] = ['page', 'x', 'y'].map((name) => Number(form.elements[name].value));
    return [page, x, y].every(Number.isFinite) && pageOf(page) ? { page, x, y } : { page: this.pages, x: 140, y: 220 };
  }

  wire() {
    ['data-spots', 'data-spot-acts'].forEach((name) => { if (this.find(name)) this.find(name).hidden = false; });
    form.addEventListener('change', (event) => {
      if (event.target.name === 'seal') globalThis.location.assign(`?seal=${event.target.value}`);
    });
    form.addEventListener('input', (event) => this.typed(event));
    if (this.seal.fixed) return;
    this.find('data-snap').addEventListener('click', () => this.snap());
    this.find('data-add').addEventListener('click', () => this.addWhole());
    this.find('data-add-seam').addEventListener('click', () => this.addSeam());
    this.find('data-snap').disabled = !this.seal.suggested.length;
    this.find('data-add-seam').disabled = this.pages < 2;
  }

  get spot() { return this.spots[this.now]; }

  move(index, spot) {
    if (spot) this.spots[index] = spot;
    else if (this.spots.length > 1) this.spots.splice(index, 1);
    this.now = Math.min(spot ? index : this.now, this.spots.length - 1);
    this.draw();
  }

  choose(index) {
    if (index === this.now) return;
    this.now = index;
    this.draw();
  }

  snap() {
    const [to] = this.seal.suggested;
    if (!to) return;
    if (this.spot.edge) this.now = Math.max(this.spots.findIndex((spot) => !spot.edge), 0);
    if (!this.spot.edge) this.move(this.now, { ...to });
    this.show();
    this.tell();
  }

  addWhole() {
    const page = Math.min((this.spot ? this.spot.page : 0) + 1, this.pages);
    this.add(inside({ page, x: 140, y: page === this.spot.page ? this.spot.y - this.seal.height - 5 : 220 }, this.seal));
  }

  addSeam() {
    const [, height] = sizeOf(pageOf(1));
    this.add(inside({ page: 1, x: 105, y: height / 2, edge: 'right', to: this.pages }, this.seal));
  }

  add(spot) {
    this.spots.push(spot);
    this.now = this.spots.length - 1;
    this.draw();
    this.show();
    this.tell();
  }

  /* Numbers typed by hand move the chosen spot; what is no number waits. */
  typed(event) {
    const number = (field) => (field && field.value.trim() !== '' ? Number(field.value) : NaN);
    if (!form.contains(event.target) || this.seal.fixed) return;
    if (event.target.closest('[data-whole]')) {
      const [page, x, y] = ['page', 'x', 'y'].map((name) => number(form.elements[name]));
      if (![page, x, y].every(Number.isFinite) || !pageOf(page)) return;
      this.spots[this.now] = { page, x, y };
      this.draw(event.target);
    } else if (event.target.closest('[data-seam]')) {
      const edge = this.find('data-edge').value;
      const [page, to, middle] = ['data-seam-from', 'data-seam-to', 'data-seam-middle'].map((name) => number(this.find(name)));
      if (![page, to, middle].every(Number.isFinite) || !pageOf(page) || !pageOf(to)) return;
      const [width, height] = sizeOf(pageOf(page));
      const turned = upright(edge) !== upright(this.spot.edge);
      const at = turned ? (upright(edge) ? height : width) / 2 : middle;
      this.spots[this.now] = { page, to, edge, x: upright(edge) ? width / 2 : at, y: upright(edge) ? at : height / 2 };
      this.draw(turned ? undefined : event.target);
    }
  }

  draw(typing) {
    this.marks.draw(this.spots, this.now);
    this.list();
    this.numbers(typing);
    form.elements.places.value = JSON.stringify(this.spots);
    const faults = this.spots.map((spot) => this.fault(spot)).filter(Boolean);
    const said = this.find('data-spot-fault');
    const words = faults[0] || this.touching();
    said.hidden = !words;
    said.className = 'yc-bad';
    said.textContent = words;
  }

  list() {
    const list = this.find('data-spots');
    const kept = list.contains(document.activeElement) ? this.now : -1;
    list.textContent = '';
    this.spots.forEach((spot, index) => {
      const row = this.find('data-spot').content.cloneNode(true).firstElementChild;
      const part = (name) => row.querySelector(`[${name}]`);
      const [note, kind] = this.note(spot);
      row.classList.toggle('now', index === this.now);
      part('data-spot-number').textContent = index + 1;
      part('data-spot-words').textContent = spot.edge ? `骑缝章，第 ${spot.page} 至 ${spot.to} 页` : `第 ${spot.page} 页`;
      part('data-spot-note').textContent = note;
      part('data-spot-note').classList.add(kind);
      part('data-spot-go').setAttribute('aria-pressed', String(index === this.now));
      part('data-spot-go').addEventListener('click', () => { this.choose(index); this.show(); });
      part('data-spot-off').hidden = this.seal.fixed || this.spots.length < 2;
      part('data-spot-off').addEventListener('click', () => this.move(index, null));
      list.append(row);
    });
    if (kept >= 0) list.children[kept].querySelector('[data-spot-go]').focus();
  }

  numbers(typing) {
    const { spot } = this;
    const set = (field, value) => { if (field && field !== typing) field.value = value; };
    this.find('data-whole').hidden = Boolean(spot.edge);
    this.find('data-seam').hidden = !spot.edge;
    if (!spot.edge) ['page', 'x', 'y'].forEach((name) => set(form.elements[name], spot[name]));
    else {
      set(this.find('data-edge'), spot.edge);
      set(this.find('data-seam-from'), spot.page);
      set(this.find('data-seam-to'), spot.to);
      set(this.find('data-seam-middle'), upright(spot.edge) ? spot.y : spot.x);
    }
  }

  /* What is against the rules; the server says the same. */
  fault(spot) {
    if (spot.edge) return spot.to > spot.page ? '' : '骑缝章至少要跨两页，页码从小到大。';
    const kept = inside(spot, this.seal);
    const out = Math.abs(kept.x - spot.x) > 0.06 || Math.abs(kept.y - spot.y) > 0.06;
    return out ? `第 ${spot.page} 页的印章有一部分不在这一页纸上，请往里挪。` : '';
  }

  touching() {
    const whole = this.spots.filter((spot) => !spot.edge);
    const meet = (one, other) => one.page === other.page
      && ((one.x - other.x) / this.seal.width) ** 2 + ((one.y - other.y) / this.seal.height) ** 2 <= 1;
    const found = whole.find((one, index) => whole.slice(index + 1).some((other) => meet(one, other)));
    return found ? `第 ${found.page} 页有两处印章碰在一起，请分开。` : '';
  }

  note(spot) {
    if (this.fault(spot)) return ['超出页面', 't-danger'];
    if (spot.edge) return [{ right: '右边', left: '左边', top: '上边', bottom: '下边' }[spot.edge], 'sub'];
    const off = this.seal.suggested.filter((each) => each.page === spot.page)
      .map((each) => Math.hypot(each.x - spot.x, each.y - spot.y)).sort((one, other) => one - other)[0];
    if (off <= ON_IT_MM) return ['压住署名和成文日期', 't-green'];
    if (off <= CLOSE_MM) return [`没有居中，差 ${Math.round(off)} 毫米`, 't-amber'];
    return [this.seal.suggested.length ? '没有压住成文日期' : `离左 ${spot.x}，离上 ${spot.y} 毫米`, this.seal.suggested.length ? 't-amber' : 'sub'];
  }

  show() {
    const mark = this.marks.drawn.find((each) => Number(each.dataset.spot) === this.now);
    if (mark) mark.scrollIntoView({ block: 'center' });
  }

  /* For who does not see the page. */
  tell() {
    const { spot } = this;
    const said = this.find('data-spots');
    said.setAttribute('aria-label', `盖章位置，所选：第 ${spot.page} 页，离左 ${spot.x} 毫米，离上 ${spot.y} 毫米，${this.note(spot)[0]}`);
  }
}

if (form && told && told.textContent.trim() !== '""') new Placement(JSON.parse(told.textContent));
