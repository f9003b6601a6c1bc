// Tables as the server rounds them, and columns of exact numbers for charts.
import { h } from './dom.js';

/** A table of rounded values: { columns: [{ text, isNumber }], rows: [[text]] }; the first of each row may lead somewhere. */
export function table({ columns, rows }, label, address = null) {
  const number = column => column.isNumber ? 'number' : null;
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label },
    h('table', {},
      h('thead', {}, h('tr', {}, columns.map(column => h('th', { class: number(column), scope: 'col' }, column.text)))),
      h('tbody', {}, rows.map(row => h('tr', {}, row.map((cell, i) => h('td', { class: number(columns[i]) }, address && i === 0 ? h('a', { href: address(row) }, cell) : cell)))))));
}

/** Names and values. */
export const facts = entries => h('dl', {}, entries.map(({ name, value }) => [h('dt', {}, name), h('dd', {}, value)]));

/** Rows as objects by column: { columns: [name], rows: [[value]] }. */
export const records = ({ columns, rows }) => rows.map(row => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
