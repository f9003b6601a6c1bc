// Runs side by side: what they say together, and how far they agree.
import { Chart } from '../chart.js';
import { get, h } from '../dom.js';
import * as figures from '../figures.js';
import { table } from '../table.js';
import { strip, verdict } from '../verdict.js';

export async function show(main) {
  const runs = new URLSearchParams(location.search).get('runs') ?? '';
  const asked = `runs=${encodeURIComponent(runs)}`;
  const told = await get(`/api/compare?${asked}`);
  document.title = `${told.title} · DasSearch`;
  const charts = h('section', { class: 'figures' }), tables = h('section');
  main.replaceChildren(
    h('h1', {}, told.title),
    h('section', { class: 'verdict' }, verdict(told.verdict, told.modules)),
    h('section', {}, h('h2', {}, 'Each of them'), told.runs.map(run => h('div', {},
      h('h3', {}, h('a', { href: `/runs/${run.run}` }, run.title)),
      h('p', { class: 'soft' }, run.searched),
      run.verdict.skipped ? strip(run.verdict, told.modules) : h('p', {}, run.verdict.answer),
      run.verdict.warning ? h('p', { class: 'warning' }, run.verdict.warning) : ''))),
    tables, h('h2', {}, 'Together'), charts);
  const drawings = { consensus: [figures.consensus], streams: [figures.streams], agreement: [figures.agreement], cost: [figures.cost] };
  for (const figure of told.figures) {
    const drawing = drawings[figure.name];
    if (drawing) {
      const chart = new Chart(figure.name, figure.title, `/api/compare/table.csv?${asked}&name=${figure.name}`);
      charts.append(chart.element);
      chart.set(figure.isDrawn ? drawing[0](figure.table) : null, figure.caption, figure.shown);
    } else {
      tables.append(h('h2', {}, figure.title), h('p', { class: 'soft' }, figure.caption), figure.shown.rows.length ? table(figure.shown, figure.title) : '');
    }
  }
}
