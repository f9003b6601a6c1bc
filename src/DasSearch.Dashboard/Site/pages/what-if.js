// "And if I kept layer 8?": the layers as a strip to click on, and what each choice comes to. The choice stands in the address.
import { get, h, post, save } from '../dom.js';
import { table } from '../table.js';

export async function show(main, number) {
  const address = `/api/runs/${number}`;
  const parts = Object.fromEntries(['head', 'strips', 'answer-of-set', 'files'].map(name => [name, h('section', { class: name })]));
  let asked = 0, steps = 0, answer;
  main.replaceChildren(...Object.values(parts));
  addEventListener('popstate', load);
  await load();

  async function load() {
    const skip = new URLSearchParams(location.search).get('skip'), turn = ++asked;
    try {
      const told = await get(`${address}/what-if${skip === null ? '' : `?skip=${encodeURIComponent(skip)}`}`);
      if (turn === asked) draw(answer = told);
    } catch (problem) {
      parts['answer-of-set'].replaceChildren(h('p', { class: 'warning', role: 'alert' }, problem.message));
    }
  }

  async function train(text, button, failed) {
    button.disabled = true; // once is enough
    try {
      await post('/api/jobs', { command: 'train', run: Number(number), skip: text });
      location.assign('/jobs');
    } catch (problem) {
      failed.className = 'warning';
      failed.textContent = problem.message;
      button.disabled = false;
    }
  }

  function choose(text) {
    steps++;
    history.pushState(null, '', `?skip=${text}`);
    load();
  }

  const toggled = index => {
    const left = answer.skipped.filter(module => module !== index);
    const set = left.length < answer.skipped.length ? left : [...left, index].sort((a, b) => a - b);
    return set.length ? set.join(',') : '-';
  };

  function draw({ title, text, skipped, chosen, facts, confidence, isDecided, coinTosses, noPrediction, better, swap, trained, targets }) {
    document.title = `What if · ${title} · DasSearch`;
    parts.head.replaceChildren(
      h('h1', {}, 'What if'),
      h('p', {}, h('a', { href: `/runs/${number}` }, title)),
      h('p', { class: 'soft' }, 'Choose layers to skip them, or to keep them again.'));
    const focused = document.activeElement?.dataset?.what;
    parts.strips.replaceChildren(
      h('div', { class: 'streams' }, streams(answer).map(rows => h('div', {}, rows.map(([name, modules]) => h('div', { class: 'strip', role: 'group', 'aria-label': name },
        h('span', { class: 'soft' }, name),
        h('div', { class: 'layers' }, modules.map(module => {
          const isSkipped = answer.skipped.includes(module.index), isToss = coinTosses.includes(module.index), state = `${isSkipped ? 'skipped' : 'kept'}${isToss ? ', a coin toss' : ''}`;
          return h('button', {
            type: 'button', class: `${isSkipped ? 'skipped' : 'kept'}${isToss ? ' toss' : ''}`, 'data-what': module.index, title: `${module.name}, ${state}`,
            'aria-pressed': String(isSkipped), 'aria-label': `${module.name}, ${state}`, onclick: () => choose(toggled(module.index)),
          }, `${module.index}`);
        }))))))),
      h('div', { class: 'buttons' },
        h('button', { type: 'button', 'data-what': 'undo', disabled: steps === 0, onclick: () => { steps--; history.back(); } }, 'Undo'),
        h('button', { type: 'button', 'data-what': 'chosen', disabled: text === chosen, onclick: () => choose(chosen) }, 'As the search chose'),
        better ? h('button', { type: 'button', 'data-what': 'better', onclick: () => choose(better) }, `Best swap: skip ${better}`) : ''));
    if (focused !== undefined) parts.strips.querySelector(`[data-what="${focused}"]:enabled`)?.focus();

    parts['answer-of-set'].replaceChildren(
      h('p', { class: 'answer', role: 'status' }, text === '-' ? 'Skip nothing' : `Skip ${text}`),
      h('p', { class: 'soft' }, noPrediction ? `No reward is predicted: ${noPrediction}.${more(skipped.length, chosen)}` : swap),
      confidence ? h('p', { class: isDecided ? null : 'warning' }, confidence) : '',
      h('div', { class: 'cards' }, facts.map(({ name, value }) => h('div', {}, name, h('b', {}, value)))),
      trained.rows.length ? h('div', {}, h('h2', {}, 'Trained plans of this set'), table(trained, 'Trained plans')) : '');

    const skip = `skip=${encodeURIComponent(text)}`, failed = h('p', { role: 'alert' });
    parts.files.replaceChildren(
      h('h2', {}, 'Take it along'),
      h('p', {}, h('a', { class: 'button', href: `${address}/plan.json?${skip}`, download: `run-${number}.plan.json` }, 'Make this a plan'),
        h('span', { class: 'soft' }, ` as das plan ${number} --modules ${text} does`)),
      h('p', {}, h('button', { type: 'button', onclick: event => train(text, event.target, failed) }, 'Train it'), h('span', { class: 'soft' }, ' as das train does, by a job of its own, and then export it on ', h('a', { href: '/jobs' }, 'Jobs'))),
      failed,
      exports(targets, `${address}/export.zip?${skip}`, failed));
  }
}

// What to choose for a set of as many layers as the search compared.
function more(count, chosen) {
  const missing = (chosen === '-' ? 0 : chosen.split(',').length) - count;
  return missing > 0 ? ` Choose ${missing} more to skip.` : missing < 0 ? ` Keep ${-missing} of them.` : '';
}

// Every target with its options, which stay as they were typed while layers are chosen.
let typed = {}, isOpen = false;
function exports(targets, address, failed) {
  const field = (id, label, about) => h('p', {}, h('label', { for: id }, label), ' ',
    h('input', { id, size: 28, value: typed[id] ?? '', oninput: event => { typed[id] = event.target.value; } }), h('span', { class: 'soft' }, ` ${about}`));
  return h('details', { open: isOpen, ontoggle: event => { isOpen = event.target.open; } }, h('summary', {}, 'For other tools'),
    field('checkpoint', 'Checkpoint', 'a file of the machine that das runs on, for targets that need it where the plan names none'),
    h('dl', {}, targets.map(({ name, summary, options }) => [
      h('dt', {}, h('button', { type: 'button', onclick: () => take(name, options, address, failed) }, name)),
      h('dd', {}, summary, options.map(option => field(`${name} ${option.key}`, option.key, option.summary)))])));
}

// A target that cannot express the plan says why, and that is no file.
async function take(name, options, address, failed) {
  failed.textContent = '';
  failed.className = '';
  const asked = new URLSearchParams([['to', name], ['checkpoint', typed.checkpoint ?? ''],
    ...options.map(({ key }) => [key, typed[`${name} ${key}`]]).filter(([, value]) => value).map(([key, value]) => ['option', `${key}=${value}`])]);
  const answer = await fetch(`${address}&${asked}`);
  if (answer.ok) {
    save(await answer.blob(), `plan.${name}.zip`);
  } else {
    failed.className = 'warning';
    failed.scrollIntoView({ block: 'nearest' });
    failed.textContent = (await answer.json().catch(() => ({}))).problem ?? `The dashboard answered ${answer.status}.`;
  }
}

// Streams side by side, and parts of layers apart: of each stream the rows, each a name and its modules.
function streams({ modules }) {
  const found = new Map();
  for (const module of modules) {
    const rows = found.get(module.stream) ?? new Map(), isLayer = module.kind === 'whole' || module.kind === 'cross-layer';
    const name = isLayer ? module.stream : `${module.stream}, ${module.kind}`;
    found.set(module.stream, rows.set(name, [...(rows.get(name) ?? []), module]));
  }
  return [...found.values()].map(rows => [...rows]);
}
