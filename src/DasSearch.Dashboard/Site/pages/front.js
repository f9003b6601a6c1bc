// What trained plans reach against what they compute: of each task and backbone a chart, over all runs of the database.
import { Chart } from '../chart.js';
import { get, h } from '../dom.js';
import * as figures from '../figures.js';

export async function show(main) {
  document.title = 'Front · DasSearch';
  const { groups, rewards } = await get('/api/front');
  const charts = h('section', { class: 'figures' }), agreements = h('section', { class: 'figures' });
  main.replaceChildren(
    h('h1', {}, 'Accuracy against cost'),
    h('p', { class: 'soft' }, groups.length ? 'Plans of all runs that were trained and tested; the line joins those that no other one beats in both.' : 'No plan was trained and tested yet: das train PLAN does.'),
    charts,
    rewards.length ? h('h2', {}, 'Reward against accuracy') : '',
    agreements);
  for (const { name, figure } of groups) {
    const chart = new Chart(name, name, `/api/front/table.csv?name=${encodeURIComponent(name)}`);
    charts.append(chart.element);
    chart.set(figures.cost(figure.table, true), figure.caption, figure.shown, 420);
  }
  for (const figure of rewards) {
    const chart = new Chart(figure.name, figure.title, `/api/front/table.csv?name=${encodeURIComponent(figure.name)}`);
    agreements.append(chart.element);
    chart.set(figures.rewarded(figure.table), figure.caption, figure.shown);
  }
}
