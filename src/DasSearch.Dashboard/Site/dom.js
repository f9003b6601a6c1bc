// Elements and requests. Whatever comes from a run is set as text: nothing is ever parsed as markup.

/** An element: attributes by name, handlers as onclick and so on, children as elements or text. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
  return element;
}

/** What an address answers; a failure is the sentence that the server gives. */
export const get = async address => answered(await reach(address));

/** Tells the server to do something; likewise. */
export const post = async (address, body) => answered(await reach(address, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }));

async function reach(address, request) {
  try {
    const answer = await fetch(address, request);
    tell(true);
    return answer;
  } catch {
    tell(false);
    throw new Error('The dashboard does not answer: das dashboard has ended, or this browser cannot reach it.');
  }
}

// Over every page, for as long as it shows what may no longer be so.
const lost = h('p', { class: 'warning lost', role: 'status', hidden: true }, 'The dashboard does not answer. This page shows what it said last, and goes on once it answers again.');
document.querySelector('header').after(lost);
const tell = isThere => { lost.hidden = isThere; };

async function answered(answer) {
  if (!answer.ok) {
    const failed = await answer.json().catch(() => ({}));
    throw new Error(failed.problem ?? `The dashboard answered ${answer.status}.`);
  }
  return answer.json();
}

/** Calls on each event by its name, for as long as the page is open; the browser connects again by itself. */
export function listen(address, handlers) {
  const source = new EventSource(address);
  for (const [name, handle] of Object.entries(handlers)) source.addEventListener(name, event => handle(JSON.parse(event.data), source));
  source.onopen = () => tell(true);
  source.onerror = () => { if (source.readyState === EventSource.CONNECTING) tell(false); }; // else it answered, that there is nothing to follow
  addEventListener('pagehide', () => source.close());
  return source;
}

/** Calls an action at most once in so many milliseconds, and one more time after the last call. */
export function seldom(action, milliseconds) {
  let next = 0, waiting = null;
  return () => {
    if (waiting !== null) return;
    waiting = setTimeout(async () => {
      waiting = null;
      next = Date.now() + milliseconds;
      await action();
    }, Math.max(0, next - Date.now()));
  };
}

/** How far a run is that goes on; nothing where that is not known. */
export const progress = ({ share }) => share === null ? '' : h('progress', { value: share, 'aria-label': 'Share of its rounds' }, `${(100 * share).toFixed(0)} %`);

/** Where a running search stands, in a line. */
export const standing = ({ phase, batches, loss, left }) => [phase, batches && `batch ${batches}`, loss && `loss ${loss}`, left && `about ${left} left`].filter(Boolean).join(' · ');

/** A moment in this reader's time. */
export const time = moment => new Date(moment).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** Saves something as a file. */
export function save(blob, name) {
  const link = h('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
