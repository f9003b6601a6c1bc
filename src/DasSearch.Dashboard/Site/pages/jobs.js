// What was begun from these pages: commands that go on whether or not anybody looks.
import { get, h, post, time } from '../dom.js';

const refreshed = 2000;

export async function show(main) {
  document.title = 'Jobs · DasSearch';
  const asked = new URLSearchParams(location.search);
  const settings = h('input', { id: 'settings', size: 40, required: true, value: asked.get('settings') ?? '', placeholder: 'experiments/fashionvl/vqa-das4.yaml' });
  const changes = h('textarea', { id: 'changes', rows: 4, cols: 40, placeholder: 'seed=5\nsearch.epochs=2' });
  const problem = h('p', { class: 'warning', role: 'alert', hidden: true }), list = h('section');
  const open = new Set();
  main.replaceChildren(
    h('h1', {}, 'Jobs'),
    h('details', { open: asked.has('settings') }, h('summary', {}, 'Start a search'),
      h('form', { class: 'start', onsubmit: start },
        h('label', { for: 'settings' }, 'Settings (a YAML file of the machine that das runs on)'), settings,
        h('label', { for: 'changes' }, 'What differs from them, KEY=VALUE in a line each'), changes,
        h('button', {}, 'Start'))),
    problem, list);
  await refresh();
  setInterval(refresh, refreshed);

  async function start(event) {
    event.preventDefault();
    await tell(() => post('/api/jobs', { command: 'search', settings: settings.value, set: changes.value.split('\n').map(line => line.trim()).filter(Boolean) }));
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
