// A run: its verdict first, then what the verdict comes from, and where that comes from. While it goes on, the page follows.
import { Chart } from '../chart.js';
import { get, h, listen, post, progress, seldom, standing, time } from '../dom.js';
import * as figures from '../figures.js';
import { Notes } from '../notes.js';
import { facts, table } from '../table.js';
import { verdict } from '../verdict.js';

// So often at most the whole page is brought up to date; rewards are as they come.
const refreshed = 5000;

export async function show(main, number) {
  const address = `/api/runs/${number}`;
  const charts = new Map();
  const parts = Object.fromEntries(['title', 'state', 'todo', 'verdict', 'said', 'figures', 'curves', 'plans', 'source'].map(name => [name, h('section', { class: name })]));
  const notes = new Notes(number, line => { run.summary = line; });
  let run = await get(address), live = [], worked = run.summary.rounds;
  main.replaceChildren(...Object.values(parts));

  // Made once, so that whoever has one of them focused or pressed keeps it while the rest follows the run.
  const again = h('button', { type: 'button', onclick: resume }, 'Resume'), failed = h('p', { class: 'warning', role: 'alert', hidden: true });
  parts.todo.replaceChildren(
    h('p', { class: 'buttons' },
      h('a', { class: 'button', href: `/runs/${number}/what-if` }, 'What if …'),
      h('a', { class: 'button', href: `/runs/${number}/layers` }, 'Layers over evaluations'),
      again,
      run.settingsFile ? h('a', { class: 'button', href: `/jobs?run=${number}` }, 'Search with these settings …') : '',
      h('a', { class: 'button', href: `${address}/report.zip`, download: `report-${number}.zip` }, 'Report as files')),
    failed);
  parts.said.replaceChildren(notes.element);
  draw();
  follow();

  function follow() {
    const refresh = seldom(async () => {
      const answer = await get(address), told = run.summary;
      live = live.filter(({ round }) => round >= answer.summary.rounds);

      // What is told as it happens may be later than what is worked out now and then, or the other way round.
      const isBehind = told.rounds > answer.summary.rounds || told.status !== answer.summary.status;
      worked = answer.summary.rounds;
      run = { ...answer, progress: isBehind ? run.progress : answer.progress, summary: { ...isBehind ? told : answer.summary, tags: told.tags, notes: told.notes } };
      draw();
      if (isBehind) refresh();
    }, refreshed);
    listen(`${address}/rounds?since=${run.summary.rounds}`, {
      rounds: ({ summary, progress: stands, rounds }) => {
        const changed = summary.status !== run.summary.status || rounds.length > 0;
        [run.summary, run.progress] = [summary, stands];
        live.push(...rounds.filter(({ round }) => round >= worked));
        head();
        if (rounds.length) drawRewards();
        if (changed) refresh();
      },
      reset: () => location.reload(),
      end: (_, source) => source.close(),
    });
  }

  function draw() {
    document.title = `${run.title} · DasSearch`;
    head();
    parts.verdict.replaceChildren(...verdict(run.verdict, run.modules), h('p', { class: 'soft' }, run.reliability));
    const skipped = run.verdict.skipped ?? [], count = run.modules.length, tall = 110 + 20 * count;
    for (const figure of run.figures) {
      const drawing = {
        importance: [figures.importance], gates: [figures.gates, skipped], skips: [figures.skips, skipped], streams: [figures.streams],
        interactions: [figures.interactions, count], cost: [figures.cost],
      }[figure.name];
      if (figure.name === 'rewards') continue;
      chart(parts.figures, figure.name, figure.title).set(
        figure.isDrawn && drawing ? drawing[0](figure.table, ...drawing.slice(1)) : null,
        figure.caption, figure.shown, ['skips', 'interactions'].includes(figure.name) ? Math.max(tall, 360) : 360);
      if (figure.name === 'gates') afterGates(figure, tall);
    }
    for (const { name, lines } of run.curves) {
      chart(parts.curves, name, name.replaceAll('.', ' ')).set(figures.curves(lines), '', numbers(lines), 280);
    }
    parts.plans.replaceChildren(
      h('h2', {}, 'Plans'),
      run.plans.rows.length ? table(run.plans, 'Plans', ([skip]) => `/runs/${number}/what-if?skip=${skip}`) : h('p', {}, 'None yet.'),
      run.metrics.length ? h('details', {}, h('summary', {}, 'Last value of each metric'), facts(run.metrics)) : '');
    const open = parts.source.querySelector('details')?.open ?? false;
    parts.source.replaceChildren(
      h('h2', {}, 'Where this comes from'),
      facts(run.provenance),
      h('details', { open }, h('summary', {}, 'Settings in full'), h('pre', { tabindex: 0 }, run.settings)),
      h('h3', {}, 'Events'),
      h('ul', {}, run.events.map(event => h('li', {}, `${time(event.at)}: ${event.what}`))));
  }

  function afterGates(figure, tall) {
    chart(parts.figures, 'heat-map', 'Layers by rounds').set(figure.isDrawn ? figures.heatMap(figure.table) : null, 'The same probabilities, a row for each layer.', figure.shown, tall + 60);
    chart(parts.figures, 'choices', 'What the search would choose').set(
      run.choices.rows.length ? figures.choices(run.choices, run.modules.length) : null,
      run.choices.rows.length ? 'What the controller would have chosen after each round: a layer has a bar while it would be skipped. Bars that end and begin again tell that the search has not settled.' : 'No choice was recorded yet.',
      texts(run.choices), tall);
    drawRewards();
  }

  function drawRewards() {
    const figure = run.figures.find(({ name }) => name === 'rewards');
    chart(parts.figures, 'rewards', figure.title).set(figure.isDrawn || live.length > 1 ? figures.rewards(figure.table, live) : null, figure.caption, figure.shown);
  }

  function head() {
    const { summary, progress: stands } = run;
    notes.set(summary);
    parts.title.replaceChildren(h('h1', {}, run.title), h('p', { class: 'soft' }, run.searched));
    parts.state.replaceChildren(
      h('p', { role: 'status' },
        h('span', { class: `status ${summary.status}` }, summary.status), ' ', progress(summary), ` ${summary.rounds.toLocaleString()}${summary.share === null ? '' : ` of ${summary.plannedRounds.toLocaleString()}`} rounds, ${summary.evaluations.toLocaleString()} evaluations, took ${summary.took}, best reward ${summary.best}`,
        live.length ? `, last reward ${live.at(-1).meanReward?.toPrecision(4) ?? '–'}` : '', `, last stored ${time(summary.updatedAt)}`),
      stands ? h('p', { class: 'stands' }, standing(stands)) : '',
      summary.problem ? h('p', { class: 'warning' }, summary.problem) : '');
    again.hidden = !['interrupted', 'stopped', 'failed'].includes(summary.status);
    if (again.hidden) again.disabled = false;
  }

  async function resume({ target }) {
    target.disabled = true;
    try {
      await post('/api/jobs', { command: 'resume', run: Number(number) });
    } catch (problem) {
      failed.hidden = false;
      failed.textContent = problem.message;
      target.disabled = false;
    }
  }

  function chart(part, name, title) {
    if (!charts.has(name)) {
      const its = name === 'heat-map' ? 'gates' : name;
      const made = new Chart(name, title, `${address}/table.csv?name=${encodeURIComponent(its)}`);
      charts.set(name, made);
      part.append(made.element);
    }
    return charts.get(name);
  }
}

// All points of a few curves; of many, where they are at their ends.
function numbers(lines) {
  const rows = lines.flatMap(({ of, points }) => points.rows.map(row => [of, ...row]));
  return texts({ columns: ['of', 'batches', 'value'], rows: rows.length <= 1000 ? rows : lines.map(({ of, points }) => [of, ...points.rows.at(-1)]) });
}

// Exact values as they are, for tables that no reader looks over.
const texts = ({ columns, rows }) => ({
  columns: columns.map(name => ({ text: name.replaceAll('_', ' '), isNumber: !['skip', 'of'].includes(name) })),
  rows: rows.map(row => row.map(cell => cell === null ? '–' : typeof cell === 'number' && !Number.isInteger(cell) ? cell.toPrecision(6) : `${cell}`)),
});
