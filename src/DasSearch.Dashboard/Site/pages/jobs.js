// What was begun from these pages: commands that go on whether or not anybody looks.
import { get, h, post, time } from '../dom.js';

const refreshed = 2000;

export async function show(main) {
  document.title = 'Jobs · DasSearch';
  const asked = new URLSearchParams(location.search);
  const settings = h('input', { id: 'settings', size: 40, required: true, value: asked.get('settings') ?? '', placeholder: 'experiments/fashionvl/vqa-das4.yaml', onchange: read });
  const form = h('div', { class: 'settings' }), begin = h('button', { disabled: true }, 'Start');
  const problem = h('p', { class: 'warning', role: 'alert', hidden: true }), list = h('section');
  const open = new Set();
  const plan = h('select', { id: 'plan' }), target = h('select', { id: 'target', onchange: ask }), options = h('div'), exporting = h('details', { hidden: true });
  let shown = '';
  main.replaceChildren(
    h('h1', {}, 'Jobs'),
    problem,
    h('details', { open: asked.has('settings') || asked.has('run') }, h('summary', {}, 'Start a search'),
      h('form', { class: 'start', onsubmit: start },
        h('label', { for: 'settings' }, 'Settings (a YAML file of the machine that das runs on)'), settings,
        h('p', {}, h('button', { type: 'button', onclick: read }, 'Read'), ' ', begin), form)),
    exporting,
    list);
  const targets = await get('/api/targets');
  target.append(...targets.map(({ name, summary }) => h('option', { value: name }, `${name}: ${summary}`)));
  exporting.append(h('summary', {}, 'Export a plan'), h('form', { class: 'start', onsubmit: exported },
    h('label', { for: 'plan' }, 'The plan of'), plan, h('label', { for: 'target' }, 'As'), target, options, h('button', {}, 'Export')));
  ask();
  await refresh();
  if (!list.querySelector('.job')) main.querySelector('details').open = true;
  if (asked.has('run')) await tell(() => repeat(asked.get('run')));
  else if (settings.value) await read();
  setInterval(() => refresh().catch(() => {}), refreshed); // a failure is told above the page

  // A field for each setting, as the file has it; what is changed goes before the file.
  async function read() {
    form.replaceChildren();
    begin.disabled = true;
    if (settings.value) await tell(async () => {
      const sections = Map.groupBy(await check([]), ({ name }) => name.includes('.') ? name.split('.')[0] : 'search of');
      form.replaceChildren(...[...sections].map(([section, its]) => h('details', { open: section === 'search of' }, h('summary', {}, section),
        h('dl', {}, its.map(({ name, expected, value }) => [
          h('dt', {}, h('label', { for: `set ${name}` }, name)),
          h('dd', {}, h('input', { id: `set ${name}`, 'data-name': name, 'data-file': value ?? '', value: value ?? '', onchange: () => tell(() => check(changes())) }), h('span', { class: 'soft' }, ` ${expected}`))])))));
      begin.disabled = false;
    });
  }

  // The settings of a run that there is: those of its file, and what differed from it.
  async function repeat(run) {
    const { file, set } = await get(`/api/runs/${encodeURIComponent(run)}/settings`);
    settings.value = file;
    await read();
    for (const entry of set) {
      const name = entry.slice(0, entry.indexOf('=')), input = form.querySelector(`[data-name="${CSS.escape(name)}"]`);
      input.value = entry.slice(name.length + 1);
      input.closest('details').open = true;
    }
  }

  function check(set) {
    return get(`/api/settings?${new URLSearchParams([['file', settings.value], ...set.map(entry => ['set', entry])])}`);
  }

  function changes() {
    return [...form.querySelectorAll('input')].filter(({ value, dataset }) => value !== dataset.file).map(({ value, dataset }) => `${dataset.name}=${value}`);
  }

  async function start(event) {
    event.preventDefault();
    await tell(async () => {
      await check(changes());
      await post('/api/jobs', { command: 'search', settings: settings.value, set: changes() });
      main.querySelector('details').open = false; // what it began is below
    });
  }

  // What can be chosen about a target.
  function ask() {
    options.replaceChildren(...targets.find(({ name }) => name === target.value).options.map(({ key, summary }) => h('p', {},
      h('label', { for: `option ${key}` }, key), ' ', h('input', { id: `option ${key}`, 'data-key': key }), h('span', { class: 'soft' }, ` ${summary}`))));
  }

  async function exported(event) {
    event.preventDefault();
    const option = [...options.querySelectorAll('input')].filter(({ value }) => value).map(({ value, dataset }) => `${dataset.key}=${value}`);
    await tell(() => post('/api/jobs', { command: 'export', job: Number(plan.value), to: target.value, option }));
  }

  // It takes the search until the end of its batch.
  function stop(number, button) {
    [button.disabled, button.textContent] = [true, 'Stopping …'];
    return tell(() => post(`/api/jobs/${number}/stop`, {}));
  }

  function goOn(number, button) {
    button.disabled = true;
    return tell(() => post(`/api/jobs/${number}/go-on`, {}));
  }

  async function tell(action) {
    problem.hidden = true;
    try {
      await action();
      await refresh();
    } catch (failure) {
      problem.hidden = false;
      problem.textContent = failure.message;
    }
  }

  async function refresh() {
    const jobs = await get('/api/jobs');
    const logs = new Map(await Promise.all(jobs.filter(({ number }) => open.has(number)).map(async ({ number }) => [number, (await get(`/api/jobs/${number}/log`)).text])));

    // What has not changed stays, and with it what is focused or selected.
    const told = JSON.stringify([jobs, ...logs]);
    if (told === shown) return;
    shown = told;
    const chosen = plan.value, done = jobs.filter(({ hasPlan }) => hasPlan);
    plan.replaceChildren(...done.map(({ number, command }) => h('option', { value: number, selected: `${number}` === chosen }, `job ${number}: ${command}`)));
    exporting.hidden = !done.length;
    list.replaceChildren(...jobs.length ? jobs.map(job => line(job, logs.get(job.number))) : [h('p', { class: 'soft' }, 'None yet: a search is started here, resumed on its page, and a plan is trained on What if.')]);
  }

  function line({ number, command, kind, state, begun, run, last, canGoOn, problem: reason }, log) {
    return h('div', { class: 'job' },
      h('p', {}, h('span', { class: `status ${state}` }, state), ` job ${number}: ${kind}`, run === null ? '' : [', ', h('a', { href: `/runs/${run}` }, `run ${run}`)], `, begun ${time(begun)} `,
        canGoOn ? h('button', { type: 'button', onclick: event => goOn(number, event.target) }, state === 'failed' ? 'Try again' : 'Resume') : '',
        state === 'done' ? h('a', { class: 'button', href: `/api/jobs/${number}/files.zip`, download: `job-${number}.zip` }, 'Files') : '',
        state === 'running' ? h('button', { type: 'button', onclick: event => stop(number, event.target) }, 'Stop') : ''),
      last ? h('p', { class: 'last' }, last) : '',
      h('p', {}, h('code', {}, command)),
      reason ? h('p', { class: 'warning' }, reason) : '',
      h('details', { open: open.has(number), ontoggle: event => { if (event.target.open !== open.has(number)) { open[event.target.open ? 'add' : 'delete'](number); refresh(); } } },
        h('summary', {}, 'Log'), h('pre', { tabindex: 0 }, log ?? '')));
  }
}
