// The way in: the address says which page is shown. A page is a module that fills <main> and keeps it up to date.
import { h } from './dom.js';

const pages = [
  { path: /^\/$/, load: () => import('./pages/runs.js') },
  { path: /^\/compare$/, load: () => import('./pages/compare.js') },
  { path: /^\/jobs$/, load: () => import('./pages/jobs.js') },
  { path: /^\/front$/, load: () => import('./pages/front.js') },
  { path: /^\/runs\/(\d+)\/layers$/, load: () => import('./pages/layers.js') },
  { path: /^\/runs\/(\d+)$/, load: () => import('./pages/run.js') },
  { path: /^\/runs\/(\d+)\/what-if$/, load: () => import('./pages/what-if.js') },
];

const main = document.querySelector('main');
const page = pages.find(({ path }) => path.test(location.pathname));
try {
  if (!page) throw new Error('There is no such page here; runs have their numbers for addresses.');
  const { show } = await page.load();
  await show(main, ...location.pathname.match(page.path).slice(1));
} catch (problem) {
  main.replaceChildren(h('p', { class: 'warning', role: 'alert' }, problem.message));
}
