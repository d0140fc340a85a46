/* Choosing units: <select multiple data-picker data-picker-units="#id"> on Tom Select.
 *
 * #id is a <script type="application/json"> with
 *   {"groups": [{"value": "batch:1", "text": "第一批", "members": ["12", "13"]}],
 *    "units":  [{"value": "12", "text": "市环保局", "full": "江门市环境保护局", "pinyin": "shihuanbaoju shbj",
 *                "group": "第一批", "paper": false}]}
 * A group is one chip and stands for its members; the server resolves it. data-picker-count="#id" names the place for
 * 共 92 家：86 家走电子，6 家走纸质。 Without the script the select works as it is.
 */
'use strict';

function dataOf(select) {
  const holder = document.querySelector(select.dataset.pickerUnits);
  return holder ? JSON.parse(holder.textContent) : { groups: [], units: [] };
}

function optionsOf(data) {
  const groups = data.groups.map((group) => ({ ...group, kind: '成组选择', note: `${group.members.length} 家` }));
  const units = data.units.map((unit) => ({ ...unit, kind: unit.group || '单位', note: unit.paper ? '走纸质' : '' }));
  return [...groups, ...units];
}

function countWords(data, chosen) {
  const members = new Map(data.groups.map((group) => [group.value, group.members]));
  const paper = new Set(data.units.filter((unit) => unit.paper).map((unit) => unit.value));
  const all = new Set();
  chosen.forEach((value) => (members.get(value) || [value]).forEach((unit) => all.add(unit)));
  if (!all.size) return '';
  const onPaper = Array.from(all).filter((unit) => paper.has(unit)).length;
  return onPaper ? `共 ${all.size} 家：${all.size - onPaper} 家走电子，${onPaper} 家走纸质。` : `共 ${all.size} 家，都走电子。`;
}

function start(select) {
  if (select.tomselect || !window.TomSelect) return;
  const data = dataOf(select);
  const kinds = Array.from(new Set(optionsOf(data).map((option) => option.kind)));
  const place = select.dataset.pickerCount ? document.querySelector(select.dataset.pickerCount) : null;
  const count = (chosen) => { if (place) place.textContent = countWords(data, chosen); };
  const chosen = Array.from(select.selectedOptions).map((option) => option.value);
  const picker = new window.TomSelect(select, {
    plugins: { remove_button: { title: '移除', label: '×' } },
    options: optionsOf(data),
    items: chosen,
    optgroups: kinds.map((kind) => ({ value: kind, label: kind })),
    optgroupField: 'kind',
    searchField: ['text', 'full', 'pinyin'],
    placeholder: select.dataset.pickerPlaceholder || '名称、拼音',
    maxOptions: 300,
    hideSelected: true,
    closeAfterSelect: false,
    render: {
      option: (item, escape) => `<div><span>${escape(item.text)}</span><span class="meta">${escape(item.note || '')}</span></div>`,
      item: (item, escape) => `<div title="${escape(item.full || item.text)}">${escape(item.text)}${item.members ? ` <span class="num">${item.members.length}</span>` : ''}</div>`,
      no_results: () => '<div class="no-results">没有这个单位</div>',
    },
    onChange: (values) => {
      count(Array.isArray(values) ? values : [values]);
      picker.setTextboxValue('');
      select.dispatchEvent(new Event('input', { bubbles: true }));
    },
  });
  count(chosen);
}

function startAll() { document.querySelectorAll('select[data-picker]').forEach(start); }
document.addEventListener('htmx:afterSettle', startAll);
startAll();
