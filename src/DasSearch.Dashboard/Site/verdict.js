// What runs come to: the answer, the layers in a row, how sure it is, what it saves.
import { h } from './dom.js';

/** A verdict as the server tells it, over the modules that it is of. */
export function verdict(found, modules) {
  return [
    h('p', { class: 'answer' }, found.answer),
    found.skipped ? strip(found, modules) : '',
    h('p', {}, found.confidence),
    found.warning ? h('p', { class: 'warning' }, found.warning) : '',
    found.savings.length ? h('div', { class: 'cards' }, found.savings.map(({ name, value }) => h('div', {}, name, h('b', {}, value)))) : '',
  ];
}

/** The layers in a row: which are skipped, and which are coin tosses. */
export function strip({ skipped, coinTosses }, modules) {
  return h('ul', { class: 'layers' }, modules.map(({ index, name }) => {
    const isSkipped = skipped.includes(index), isToss = coinTosses.includes(index);
    const label = `${name}: ${isSkipped ? 'skipped' : 'kept'}${isToss ? ', a coin toss' : ''}`;
    return h('li', { class: `${isSkipped ? 'skipped' : 'kept'}${isToss ? ' toss' : ''}`, title: label, 'aria-label': label }, `${index}`);
  }));
}
