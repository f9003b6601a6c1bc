// Layers over evaluations: every set that the search evaluated is a line across its layers, coloured by its reward. Brushing along an axis, or
// naming layers, filters; the table follows.
import { Chart } from '../chart.js';
import { get, h } from '../dom.js';
import * as figures from '../figures.js';
import { table } from '../table.js';

const mostListed = 100;

export async function show(main, number) {
  const address = `/api/runs/${number}`;
  const { title, modules, sets } = await get(`${address}/sets`);
  document.title = `Layers · ${title} · DasSearch`;
  const chart = new Chart('sets', 'Sets and their rewards', `${address}/sets/table.csv?name=sets`);
  const field = (id, value) => h('input', { id, value, size: 12, placeholder: '2,5', oninput: draw });
  const asked = new URLSearchParams(location.search);
  const [skips, keeps] = [field('skips', asked.get('skips') ?? ''), field('keeps', asked.get('keeps') ?? '')];
  const listed = h('section'), count = h('p', { class: 'soft', role: 'status' });
  main.replaceChildren(
    h('h1', {}, 'Layers over evaluations'),
    h('p', {}, h('a', { href: `/runs/${number}` }, title)),
    h('form', { class: 'filter', onsubmit: event => event.preventDefault() }, h('span', {}, h('label', { for: 'skips' }, 'Skips'), ' ', skips), h('span', {}, h('label', { for: 'keeps' }, 'Keeps'), ' ', keeps)),
    chart.element, count, listed);
  draw();

  function draw() {
    const [skipped, kept] = [skips, keeps].map(({ value }) => value.split(/[\s,]+/).filter(Boolean).map(Number));
    const address = new URLSearchParams(Object.entries({ skips: skips.value, keeps: keeps.value }).filter(([, value]) => value));
    history.replaceState(null, '', address.size ? `?${address}` : location.pathname);
    const found = sets.cells.map((set, i) => ({ ...set, texts: sets.rows[i] }))
      .filter(({ skip }) => skipped.every(module => skip.includes(module)) && !kept.some(module => skip.includes(module)));
    chart.set(
      found.length ? figures.sets(found, modules.length) : null,
      'A line for each set that was evaluated: in the upper band of a layer that it skips, in the lower one of a layer that it keeps, and in either the higher the better; the last axis is its mean reward. Drag along an axis to keep what crosses it there. Rewards rise while the search learns: sets of late rounds stand above those of early ones that are as good.', null, 420);
    chart.onbrush(chosen => list(chosen === null ? found : chosen.map(i => found[i])));
    list(found);
  }

  function list(found) {
    count.textContent = `${found.length} of ${sets.cells.length} sets${found.length > mostListed ? `, the best ${mostListed} below` : ''}`;
    listed.replaceChildren(table({ columns: sets.columns, rows: found.slice(0, mostListed).map(({ texts }) => texts) }, 'Sets', ([skip]) => `/runs/${number}/what-if?skip=${skip}`));
  }
}
