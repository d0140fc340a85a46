/* Choosing units: <select multiple data-picker data-picker-units="#id"> on Tom Select.
 *
 * #id is a <script type="application/json"> with
 *   {"groups": [{"value": "batch:1", "text": "第一批", "kind": "批次", "size": 31}],
 *    "units":  [{"value": "12", "text": "市环保局", "full": "江门市环境保护局", "pinyin": "shihuanbaoju shbj",
 *                "group": "第一批", "batch": "batch:1", "of": "", "in": ["batch:1", "names:departments"]}]}
 * A group is one chip and stands for its members, the units that are `in` it; the server resolves it. `of` is the unit
 * that an office belongs to. data-picker-count="#id" names the place for 共 92 家。 Without the script the select works
 * as it is.
 * With "search", the address of a large centre's units, they are asked for while somebody types. "cells" then say how
 * many units each batch and each collective name have in common: [["batch:1", "names:departments", 9000]].
 */
'use strict';

const known = new WeakMap();

export function dataOf(select) {
  const holder = document.querySelector(select.dataset.pickerUnits);
  if (!holder) return { groups: [], units: [], home: new Map() };
  if (!known.has(holder)) {
    const data = { home: new Map(), ...JSON.parse(holder.textContent) };
    data.units.forEach((unit) => data.home.set(unit.value, unit.in || []));
    known.set(holder, data);
  }
  return known.get(holder);
}

/* What the server found: known from now on. */
export function learn(data, units) {
  for (const unit of units) {
    data.home.set(unit.value, unit.in || []);
    if (!data.units.some((each) => each.value === unit.value)) data.units.push(unit);
  }
}

function optionsOf(data) {
  return [...data.groups.map((group) => ({ ...group, note: `${group.size} 家` })), ...data.units.map(unitOption)];
}

export function unitOption(unit) { return { ...unit, kind: unit.group || '单位' }; }

/* Whether it is chosen, by itself or with one of its groups; a group also when all its members are. */
export function covered(data, chosen, value) {
  if (chosen.includes(value) || (data.home.get(value) || []).some((group) => chosen.includes(group))) return true;
  if (data.search || !data.groups.some((group) => group.value === value)) return false;
  const members = data.units.filter((unit) => (unit.in || []).includes(value));
  return members.length > 0 && members.every((unit) => covered(data, chosen, unit.value));
}

/* How many places are chosen: of a large centre the whole groups by their cells, then what stands beside them. */
function sizeOf(data, chosen) {
  const counted = (groups) => groups.some((group) => chosen.includes(group));
  const whole = (data.cells || []).filter(([batch, name]) => counted([batch, name]));
  const inCells = (unit) => data.cells && counted((unit.in || []).filter((group) => !group.startsWith('own:')));
  const alone = data.units.filter((unit) => covered(data, chosen, unit.value) && !inCells(unit));
  return whole.reduce((sum, cell) => sum + cell[2], alone.length);
}

function countWords(data, chosen) {
  const all = sizeOf(data, chosen);
  return all ? `共 ${all} 家。` : '';
}

/* The one question before sending says how many: data-confirm-count="… {n} … {copies} …" on the form. */
function question(form, data) {
  if (!form || !form.dataset.confirmCount) return;
  const pickers = Array.from(form.querySelectorAll('select[data-picker]'));
  const chosen = [].concat(...pickers.map((each) => Array.from(each.selectedOptions, (option) => option.value)));
  const all = sizeOf(data, chosen);
  const copies = form.querySelector('[data-copies]');
  if (!all) { delete form.dataset.confirm; return; }
  const own = Array.from(form.querySelectorAll('[data-own-list] li'))
    .filter((row) => covered(data, chosen, row.querySelector('input').name.replace('allowance-', '')))
    .map((row) => `${row.querySelector('span').textContent} ${row.querySelector('input').value} 份`);
  const usual = copies ? copies.value : '';
  const rest = all === own.length ? own.join('，') : `每个单位可打印 ${usual} 份原件${own.length ? `，其中${own.join('，')}` : ''}`;
  form.dataset.confirm = form.dataset.confirmCount.replace('{n}', all).replace('{copies}', rest);
}

function start(select) {
  if (select.tomselect || !window.TomSelect) return;
  const data = dataOf(select);
  const kinds = Array.from(new Set(optionsOf(data).map((option) => option.kind)));
  const place = select.dataset.pickerCount ? document.querySelector(select.dataset.pickerCount) : null;
  const count = (chosen) => {
    if (place) place.textContent = countWords(data, chosen);
    question(select.form, data);
  };
  const chosen = Array.from(select.selectedOptions).map((option) => option.value);
  const picker = new window.TomSelect(select, {
    plugins: { remove_button: { title: '移除', label: '×' } },
    options: optionsOf(data),
    items: chosen,
    optgroups: kinds.map((kind) => ({ value: kind, label: kind })),
    optgroupField: 'kind',
    searchField: ['text', 'full', 'pinyin'],
    ...asking(data),
    placeholder: select.dataset.pickerPlaceholder || '名称、拼音',
    maxOptions: 300,
    refreshThrottle: 0, /* Enter right after the last letter must not take what an earlier letter found */
    hideSelected: true,
    closeAfterSelect: true,
    render: {
      option: (item, escape) => `<div><span>${escape(item.text)}</span><span class="meta">${escape(item.disabled ? '已选' : item.note || '')}</span></div>`,
      item: (item, escape) => `<div title="${escape(item.full || item.text)}">${escape(item.text)}${item.size === undefined ? '' : ` <span class="num">${item.size}</span>`}</div>`,
      no_results: () => '<div class="no-results">没有这个单位</div>',
    },
    onChange: (values) => {
      count(Array.isArray(values) ? values : [values]);
      picker.setTextboxValue('');
      offerTheRest(select.form, data);
      select.dispatchEvent(new Event('input', { bubbles: true }));
      document.dispatchEvent(new CustomEvent('yichuan:chosen'));
    },
  });
  select.setAttribute('aria-hidden', 'true'); /* its label names the field that Tom Select puts in its place */
  count(chosen);
  offerTheRest(select.form, data);
}

/* A large centre: what matches comes from the server, and nothing else is offered while somebody types. */
function asking(data) {
  if (!data.search) return {};
  return {
    loadThrottle: 200,
    score: () => () => 1,
    load(text, done) {
      this.loadedSearches = {};
      fetch(`${data.search}?q=${encodeURIComponent(text)}`, { headers: { 'HX-Request': 'true' } })
        .then((answer) => (answer.ok ? answer.json() : { units: [] }))
        .then(({ units }) => {
          learn(data, units);
          const groups = optionsOf({ groups: data.groups.filter((group) => group.text.includes(text)), units: [] });
          const found = [...groups, ...units.map(unitOption)];
          this.clearOptions();
          found.forEach((option) => this.addOptionGroup(option.kind, { value: option.kind, label: option.kind }));
          done(found);
        })
        .catch(() => done());
    },
  };
}

/* A unit that is chosen, by itself or with its batch, here or in the other field, is not offered a second time. */
function offerTheRest(form, data) {
  if (!form) return;
  const pickers = Array.from(form.querySelectorAll('select[data-picker]')).map((each) => each.tomselect).filter(Boolean);
  const taken = [].concat(...pickers.map((each) => each.items));
  const gone = (value) => covered(data, taken, value);
  pickers.forEach((each) => Object.values(each.options).forEach((option) => {
    const disabled = gone(option.value) && !each.items.includes(option.value);
    if (Boolean(option.disabled) !== disabled) each.updateOption(option.value, { ...option, disabled });
  }));
}

/* Units with an allowance of their own: a row each, sent as allowance-UNIT. */
function ownAllowances(holder) {
  const [unit, number] = [holder.querySelector('[data-own-unit]'), holder.querySelector('[data-own-number]')];
  const list = holder.querySelector('[data-own-list]');
  const data = dataOf(unit);
  if (data.search && window.TomSelect) {
    new window.TomSelect(unit, { options: data.units.map(unitOption), optgroupField: 'kind', ...asking(data) });
  }
  holder.addEventListener('click', (event) => {
    const remove = event.target.closest('[data-own-remove]');
    if (remove) remove.closest('li').remove();
    if (!event.target.closest('[data-own-add]') || !unit.value || !number.value) return;
    const name = `allowance-${unit.value}`;
    const there = list.querySelector(`input[name="${CSS.escape(name)}"]`);
    if (there) { there.value = number.value; return; }
    const row = document.createElement('li');
    row.className = 'row-x';
    const words = document.createElement('span');
    words.textContent = unit.selectedOptions[0].textContent;
    const field = document.createElement('input');
    Object.assign(field, { name, value: number.value, className: 'form-control num' });
    field.setAttribute('aria-label', `${words.textContent} 的打印份数`);
    Object.assign(field.dataset, { from: '0', to: number.dataset.most || '99999', label: field.getAttribute('aria-label') });
    const off = document.createElement('button');
    Object.assign(off, { type: 'button', className: 'btn btn-sm btn-text', textContent: '去掉' });
    off.dataset.ownRemove = '';
    row.append(words, field, '份', off);
    list.append(row);
    if (unit.tomselect) unit.tomselect.clear(); else unit.value = '';
    number.value = '';
  });
}
document.querySelectorAll('[data-own-allowances]').forEach(ownAllowances);

/* The question follows whatever is typed, added or taken away in its form. */
for (const name of ['input', 'click']) {
  document.addEventListener(name, (event) => {
    const form = event.target.closest && event.target.closest('form[data-confirm-count]');
    const select = form && form.querySelector('select[data-picker]');
    if (select) question(form, dataOf(select));
  });
}

function startAll() { document.querySelectorAll('select[data-picker]').forEach(start); }
document.addEventListener('htmx:afterSettle', startAll);
startAll();
