// Notes as Markdown: headings, lists, quotes, code, emphasis and links. It makes elements and never markup, so that HTML in notes stays text;
// a link leads to a page of the web or nowhere, and a picture is a link, since nothing is fetched from elsewhere.
import { h } from './dom.js';

// All lengths are bounded, so that no text takes long.
const inline = /`([^`\n]{1,400})`|\*\*([^*\n]{1,400})\*\*|\*([^*\s][^*\n]{0,400})\*|!?\[([^\]\n]{0,400})\]\(([^()\s]{1,400})\)|https?:\/\/[^\s<>()]{1,400}/g;

/** Elements for a text. */
export function markdown(text) {
  const lines = text.split('\n'), blocks = [];
  while (lines.length) blocks.push(block(lines));
  return blocks.filter(Boolean);
}

// Takes the lines of the first block off.
function block(lines) {
  const first = lines.shift(), take = pattern => { const its = []; while (lines.length && pattern.test(lines[0])) its.push(lines.shift()); return its; };
  if (!first.trim()) return null;
  if (/^\s*```/.test(first)) {
    const code = take(/^(?!\s*```)/);
    lines.shift();
    return h('pre', { tabindex: 0 }, code.join('\n'));
  }
  const heading = /^(#{1,6})\s+(.*)$/.exec(first);
  if (heading) return h(`h${Math.min(heading[1].length + 2, 6)}`, {}, spans(heading[2]));
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(first)) return h('hr');
  for (const [tag, item] of [['ul', /^\s*[-*+]\s+/], ['ol', /^\s*\d{1,9}[.)]\s+/]]) {
    if (item.test(first)) return h(tag, {}, [first, ...take(item)].map(line => h('li', {}, spans(line.replace(item, '')))));
  }
  if (/^\s*>/.test(first)) return h('blockquote', {}, markdown([first, ...take(/^\s*>/)].map(line => line.replace(/^\s*> ?/, '').replace(/^\s*>+/, '')).join('\n')));
  return h('p', {}, [first, ...take(/^(?!\s*(```|#{1,6}\s|[-*+]\s|\d{1,9}[.)]\s|>|$))/)].map((line, i) => [i ? h('br') : null, spans(line)]));
}

function spans(text) {
  const made = [];
  let at = 0;
  for (const match of text.matchAll(inline)) {
    const [whole, code, strong, weak, label, address] = match;
    made.push(text.slice(at, match.index));
    at = match.index + whole.length;
    made.push(code !== undefined ? h('code', {}, code) : strong !== undefined ? h('strong', {}, spans(strong)) : weak !== undefined ? h('em', {}, spans(weak))
      : address !== undefined ? link(address, label || address) : link(whole, whole));
  }
  return [...made, text.slice(at)];
}

function link(address, label) {
  return /^(https?:\/\/|\/(?![\/\\]))/i.test(address) ? h('a', { href: address, rel: 'noopener noreferrer' }, label) : `${label} (${address})`;
}
