/* The tree beside a picker: groups, the units in them, the offices under the units, each with a box to tick.
 *
 * <details data-tree="#main"> with a .yc-tree-body; #main is the picker's select. What is ticked here is chosen there,
 * and the other way round. A branch is drawn when it is opened; of a large centre it is asked for, some units at a time.
 */
import { covered, dataOf, learn, unitOption } from './picker.js';

const drawn = new Set();

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function choose(select, option, wanted) {
  const picker = select.tomselect;
  if (!wanted) { picker.removeItem(option.value); return; }
  if (!picker.options[option.value]) picker.addOption(option.size === undefined ? unitOption(option) : option);
  picker.addItem(option.value);
}

/* One line: the box, the name, and for a group how many. */
function line(tree, option) {
  const label = element('label', 'yc-tree-line');
  const box = element('input', 'form-check-input');
  box.type = 'checkbox';
  box.dataset.value = option.value;
  box.addEventListener('change', () => choose(tree.select, option, box.checked));
  label.append(box, element('span', '', option.text));
  if (option.size !== undefined) label.append(element('span', 'meta num', `${option.size} 家`));
  return label;
}

/* Units one under the other, each with its offices below it; an office whose unit is not among them stands alone. */
function put(tree, list, units) {
  const items = new Map();
  units.forEach((unit) => {
    const item = element('li');
    item.append(line(tree, unit));
    const home = items.get(unit.of);
    if (home && !home.querySelector('ul')) home.append(element('ul'));
    (home ? home.querySelector('ul') : list).append(item);
    items.set(unit.value, item);
  });
}

/* A group with what is in it. Its line stands beside the mark that opens it, so that opening ticks nothing. */
function branch(tree, group) {
  const item = element('li', 'yc-tree-branch');
  const open = element('details');
  const mark = element('summary', '', '展开');
  mark.setAttribute('aria-label', `展开${group.text}`);
  open.append(mark);
  open.addEventListener('toggle', () => {
    if (open.open && !open.querySelector('ul')) fill(tree, group, open);
    mark.textContent = open.open ? '收起' : '展开';
    mark.setAttribute('aria-label', `${mark.textContent}${group.text}`);
  });
  item.append(line(tree, group), open);
  return item;
}

function fill(tree, group, open) {
  const list = element('ul');
  open.append(list);
  if (!tree.data.search || group.value.startsWith('own:')) {
    const inside = new Set(tree.data.units.filter((unit) => (unit.in || []).includes(group.value)).map((unit) => unit.value));
    put(tree, list, tree.data.units.filter((unit) => inside.has(unit.value) || inside.has(unit.of)));
    follow(tree);
    return;
  }
  more(tree, group, open, list, 0);
}

function more(tree, group, open, list, start) {
  const wait = element('p', 'meta', '正在读取名单…');
  open.append(wait);
  fetch(`${tree.data.search}?in=${encodeURIComponent(group.value)}&from=${start}`, { headers: { 'HX-Request': 'true' } })
    .then((answer) => { if (!answer.ok) throw new Error(String(answer.status)); return answer.json(); })
    .then((found) => {
      wait.remove();
      learn(tree.data, found.units);
      put(tree, list, found.units);
      if (found.more) {
        const next = element('button', 'btn btn-sm btn-plain', `还有 ${found.more} 家，接着列`);
        next.type = 'button';
        next.addEventListener('click', () => {
          next.remove();
          more(tree, group, open, list, start + found.units.filter((unit) => !unit.of).length);
        });
        open.append(next);
      }
      follow(tree);
    })
    .catch(() => { wait.textContent = '名单没有读到，请收起再展开一次。'; list.remove(); });
}

/* The boxes say what is chosen; what comes with a group, or stands in the other field, is ticked and fixed. */
function follow(tree) {
  const own = tree.select.tomselect.items;
  const pickers = Array.from(tree.select.form.querySelectorAll('select[data-picker]')).map((each) => each.tomselect);
  const all = [].concat(...pickers.filter(Boolean).map((each) => each.items));
  tree.body.querySelectorAll('input[data-value]').forEach((box) => {
    const alone = own.includes(box.dataset.value);
    const fixed = !alone && covered(tree.data, all, box.dataset.value);
    box.checked = alone || fixed;
    box.disabled = fixed;
  });
}

function draw(details) {
  const select = document.querySelector(details.dataset.tree);
  if (!select || !select.tomselect) return;
  const tree = { select, data: dataOf(select), body: details.querySelector('.yc-tree-body') };
  const kinds = Array.from(new Set(tree.data.groups.map((group) => group.kind)));
  kinds.forEach((kind) => {
    const list = element('ul');
    list.setAttribute('aria-label', kind);
    tree.data.groups.filter((group) => group.kind === kind).forEach((group) => list.append(branch(tree, group)));
    tree.body.append(element('p', 'meta', kind), list);
  });
  drawn.add(tree);
  follow(tree);
}

document.querySelectorAll('[data-tree]').forEach((details) => {
  details.hidden = false;
  details.addEventListener('toggle', () => {
    if (details.open && !details.querySelector('ul')) draw(details);
  });
});
document.addEventListener('yichuan:chosen', () => drawn.forEach(follow));
