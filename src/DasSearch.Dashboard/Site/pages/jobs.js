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
  main.replaceChildren(
    h('h1', {}, 'Jobs'),
    problem,
    h('details', { open: asked.has('settings') }, h('summary', {}, 'Start a search'),
      h('form', { class: 'start', onsubmit: start },
        h('label', { for: 'settings' }, 'Settings (a YAML file of the machine that das runs on)'), settings,
        h('p', {}, h('button', { type: 'button', onclick: read }, 'Read'), ' ', begin), form)),
    list);
  await refresh();
  if (settings.value) await read();
  setInterval(refresh, refreshed);

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
    });
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
    list.replaceChildren(...jobs.length ? jobs.map(job => line(job, logs.get(job.number))) : [h('p', { class: 'soft' }, 'None yet: a search is started here, resumed on its page, and a plan is trained on What if.')]);
  }

  function line({ number, command, state, begun, problem: reason }, log) {
    return h('div', { class: 'job' },
      h('p', {}, h('span', { class: `status ${state}` }, state), ` job ${number}, begun ${time(begun)} `,
        state === 'running' ? h('button', { type: 'button', onclick: () => tell(() => post(`/api/jobs/${number}/stop`, {})) }, 'Stop') : ''),
      h('p', {}, h('code', {}, command)),
      reason ? h('p', { class: 'warning' }, reason) : '',
      h('details', { open: open.has(number), ontoggle: event => { if (event.target.open !== open.has(number)) { open[event.target.open ? 'add' : 'delete'](number); refresh(); } } },
        h('summary', {}, 'Log'), h('pre', { tabindex: 0 }, log ?? '')));
  }
}
