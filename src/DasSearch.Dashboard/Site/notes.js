// What people say of a run: its tags, and its notes in Markdown, shown and edited.
import { h, post } from './dom.js';
import { markdown } from './markdown.js';

/** A tag, which leads to the runs that have it. */
export const tag = name => h('a', { class: 'tag', href: `/?tag=${encodeURIComponent(name)}` }, name);

/** The notes and tags of a run; what is being typed stays, whatever happens to the run meanwhile. */
export class Notes {
  /** @param saved told of the run's line once something was saved. */
  constructor(number, saved) {
    this.shown = h('div');
    this.tags = h('input', { id: 'tags', size: 40, autocomplete: 'off', spellcheck: 'false' });
    this.text = h('textarea', { id: 'notes', rows: 8, maxlength: 20000 });
    this.problem = h('p', { class: 'warning', role: 'alert', hidden: true });
    this.summary = h('summary');
    this.form = h('details', {}, this.summary,
      h('form', { class: 'start', onsubmit: event => this.save(event, `/api/runs/${number}/notes`, saved) },
        h('label', { for: 'tags' }, 'Tags, with spaces between them'), this.tags,
        h('label', { for: 'notes' }, 'Notes, in Markdown'), this.text,
        this.problem, h('button', {}, 'Save')));
    this.element = h('div', {}, this.shown, this.form);
  }

  set({ tags, notes }) {
    this.shown.replaceChildren(tags.length ? h('p', { class: 'tags' }, tags.map(name => [tag(name), ' '])) : '', notes ? h('div', { class: 'notes' }, markdown(notes)) : '');
    this.summary.textContent = notes || tags.length ? 'Edit notes and tags' : 'Add notes or tags';
    if (!this.form.open) [this.tags.value, this.text.value] = [tags.join(' '), notes];
  }

  async save(event, address, saved) {
    event.preventDefault();
    this.problem.hidden = true;
    try {
      const line = await post(address, { notes: this.text.value, tags: this.tags.value });
      this.form.open = false;
      this.set(line);
      saved(line);
    } catch (failure) {
      this.problem.hidden = false;
      this.problem.textContent = failure.message;
    }
  }
}
