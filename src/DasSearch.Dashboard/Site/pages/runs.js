// The runs of the database: found, sorted, and watched. What is looked for stands in the address, so that a link shows the same.
import { get, h, listen, progress, seldom, standing, time } from '../dom.js';
import { tag } from '../notes.js';

const columns = [
  { name: 'run', text: 'run', isNumber: true, value: ({ line }) => line.run },
  { name: 'name', text: 'name', value: ({ line }) => line.name },
  { name: 'status', text: 'status', value: ({ line }) => line.status },
  { name: 'rounds', text: 'rounds', isNumber: true, value: ({ line }) => line.rounds },
  { name: 'skips', text: 'would skip', value: row => row.skipped ?? '–' },
  { name: 'reward', text: 'last reward', isNumber: true, value: row => row.reward ?? '–' },
  { name: 'best', text: 'best reward', isNumber: true, value: ({ line }) => line.best },
  { name: 'accuracy', text: 'test accuracy', isNumber: true, value: row => row.accuracy ?? '–' },
  { name: 'task', text: 'task', value: ({ line }) => line.task },
  { name: 'backbone', text: 'backbone', value: ({ line }) => line.backbone },
  { name: 'controller', text: 'controller', value: ({ line }) => line.controller },
  { name: 'skip', text: 'm', isNumber: true, value: ({ line }) => line.skip },
  { name: 'seed', text: 'seed', isNumber: true, value: ({ line }) => line.seed },
  { name: 'stored', text: 'last stored', value: ({ line }) => line.updatedAt },
  { name: 'took', text: 'took', isNumber: true, value: ({ line }) => line.took },
];

const mostCompared = 12;

export async function show(main) {
  document.title = 'Runs · DasSearch';
  let runs = await get('/api/runs');
  const asked = new URLSearchParams(location.search);
  const search = h('input', { type: 'search', id: 'search', placeholder: 'name, notes, task, controller …', value: asked.get('q') ?? '', oninput: update });
  const status = h('select', { id: 'status', onchange: update }, ['', 'running', 'done', 'interrupted', 'failed', 'stopped'].map(name => h('option', { value: name, selected: name === asked.get('status') }, name || 'any')));
  const tags = h('select', { id: 'tag', onchange: update });
  const order = { by: columns.find(({ name }) => name === asked.get('sort')) ?? columns[0], isUp: asked.get('order') === 'up' };
  const chosen = new Set(), compare = h('a', { class: 'button', hidden: true }, 'Compare');

  // What several runs say together takes the server a moment, which it has while somebody is still choosing.
  const prepare = seldom(async () => {
    const backbones = new Set(runs.filter(({ line }) => chosen.has(line.run)).map(({ line }) => line.backbone));
    if (chosen.size > 1 && chosen.size <= mostCompared && backbones.size === 1) await get(compare.getAttribute('href').replace('/', '/api/')).catch(() => {}); // the page itself says what is wrong
  }, 300);

  const headings = new Map(columns.map(column => {
    const button = h('button', { type: 'button', class: 'sort', onclick: () => { order.isUp = column === order.by ? !order.isUp : !column.isNumber; order.by = column; update(); } });
    return [column, { button, heading: h('th', { scope: 'col', class: column.isNumber ? 'number' : null }, button) }];
  }));
  const lines = new Map();
  const head = h('tr', {}, h('th', { scope: 'col' }, h('span', { class: 'soft' }, 'pick')), [...headings.values()].map(({ heading }) => heading));
  const body = h('tbody'), count = h('span', { class: 'soft', role: 'status' });
  main.replaceChildren(
    h('h1', {}, 'Runs'),
    h('form', { class: 'filter', role: 'search', onsubmit: event => event.preventDefault() },
      h('label', { for: 'search' }, 'Search'), search, h('label', { for: 'status' }, 'Status'), status, h('label', { for: 'tag' }, 'Tag'), tags),
    h('p', {}, count, ' ', compare),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Runs' }, h('table', { class: 'runs' }, h('thead', {}, head), body)));
  offer(asked.get('tag') ?? '');
  update();
  listen('/api/stored', { stored: seldom(async () => { runs = await get('/api/runs'); offer(tags.value); draw(); }, 1000) });

  // The tags that there are, and the one that is asked for.
  function offer(chosen) {
    const all = [...new Set(['', chosen, ...runs.flatMap(({ line }) => line.tags)])].sort();
    if (JSON.stringify(all) !== JSON.stringify([...tags.options].map(({ value }) => value))) tags.replaceChildren(...all.map(name => h('option', { value: name, selected: name === chosen }, name || 'any')));
  }

  function update() {
    const address = new URLSearchParams();
    if (search.value) address.set('q', search.value);
    if (status.value) address.set('status', status.value);
    if (tags.value) address.set('tag', tags.value);
    if (order.by !== columns[0] || order.isUp) {
      address.set('sort', order.by.name);
      address.set('order', order.isUp ? 'up' : 'down');
    }
    history.replaceState(null, '', address.size ? `?${address}` : location.pathname);
    draw();
  }

  function draw() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const text = ({ line }) => `${line.run} ${line.name} ${line.task} ${line.backbone} ${line.controller} ${line.tags.join(' ')} ${line.notes}`.toLowerCase();
    const found = runs.filter(row => (!status.value || row.line.status === status.value) && (!tags.value || row.line.tags.includes(tags.value)) && words.every(word => text(row).includes(word)));
    const compare = (one, other) => {
      const [a, b] = [order.by.value(one), order.by.value(other)];
      return typeof a === 'number' ? a - b : String(a).localeCompare(String(b), undefined, { numeric: true });
    };
    found.sort((one, other) => (order.isUp ? 1 : -1) * compare(one, other) || other.line.run - one.line.run);
    count.textContent = runs.length === 0
      ? 'No runs yet: das search CONFIG makes one, and it appears here.'
      : found.length === runs.length ? `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}` : `${found.length} of ${runs.length} runs`;
    for (const column of columns) {
      const isBy = column === order.by, { heading, button } = headings.get(column);
      heading.ariaSort = isBy ? (order.isUp ? 'ascending' : 'descending') : 'none';
      button.textContent = `${column.text}${isBy ? (order.isUp ? ' ↑' : ' ↓') : ''}`;
    }
    const shown = found.map(line);
    for (const gone of [...body.children].filter(its => !shown.includes(its))) gone.remove();
    shown.forEach((its, i) => { if (its !== body.children[i]) body.insertBefore(its, body.children[i] ?? null); });
  }

  // A run's row, of which only those cells are made again that have changed: whatever is focused or pressed in the others stays.
  function line(row) {
    const known = lines.get(row.line.run) ?? { texts: [], cells: columns.map(column => h('td', { class: column.isNumber ? 'number' : null })) };
    known.element ??= h('tr', {}, h('td', {}, pick(row.line)), known.cells);
    lines.set(row.line.run, known);
    columns.forEach((column, i) => {
      const text = JSON.stringify([column.value(row), ...{ name: [row.line.tags, row.line.notes], status: [row.line.problem], rounds: [row.line.share, row.progress] }[column.name] ?? []]);
      if (text !== known.texts[i]) known.cells[i].replaceChildren(...[cell(row, column)].flat(Infinity));
      known.texts[i] = text;
    });
    return known.element;
  }

  // Several to be compared.
  function pick({ run, name }) {
    return h('input', { type: 'checkbox', 'aria-label': `Compare run ${run} ${name}`, checked: chosen.has(run), onchange: event => {
      chosen[event.target.checked ? 'add' : 'delete'](run);
      compare.hidden = chosen.size < 2;
      compare.textContent = `Compare ${chosen.size} runs`;
      compare.href = `/compare?runs=${[...chosen].sort((a, b) => a - b).join(',')}`;
      prepare();
    } });
  }
}

function cell(row, column) {
  const value = column.value(row);
  switch (column.name) {
    case 'name': return [h('a', { href: `/runs/${row.line.run}` }, value), row.line.tags.map(name => [' ', tag(name)]), row.line.notes ? h('div', { class: 'soft said' }, row.line.notes.split('\n').find(line => line.trim()).slice(0, 80)) : ''];
    case 'status': return h('span', { class: `status ${value}`, title: row.line.problem }, value);
    case 'stored': return time(value);
    case 'rounds': return [
      row.line.share === null ? value.toLocaleString() : [progress(row.line), ` ${value.toLocaleString()} of ${row.line.plannedRounds.toLocaleString()}`],
      row.progress ? h('div', { class: 'soft said' }, standing(row.progress)) : ''];
    default: return `${value}`;
  }
}
