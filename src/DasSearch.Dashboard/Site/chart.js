// A chart with what belongs to it: caption, downloads, and its numbers as a table.
import * as echarts from './echarts/echarts.esm.min.js';
import { h, save } from './dom.js';
import { table } from './table.js';

// Okabe and Ito's colours, which the colour-blind tell apart, as in the report's figures.
const light = {
  paper: '#ffffff', ink: '#1d2125', soft: '#5b646d', line: '#d9dde1', faint: '#b4b4b4', skip: '#d55e00', keep: '#0072b2',
  distinct: ['#d55e00', '#0072b2', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'],
};
const dark = {
  paper: '#15181b', ink: '#e8eaec', soft: '#a2abb3', line: '#363c42', faint: '#6d747b', skip: '#ff9447', keep: '#5bb4f0',
  distinct: ['#ff9447', '#5bb4f0', '#2fc99b', '#e6a1c7', '#f5c04a', '#9ad6f7', '#ffffff'],
};
const isDark = matchMedia('(prefers-color-scheme: dark)');
const saved = { width: 760, height: 400 };

/** Adds what all charts have in common. Tooltips are drawn, not markup: names of runs may be anything. */
function dress(option, colors) {
  const axis = own => ({
    nameTextStyle: { color: colors.soft }, axisLine: { lineStyle: { color: colors.line } }, splitLine: { lineStyle: { color: colors.line } },
    nameLocation: 'middle', nameGap: 28, ...own, axisLabel: { color: colors.soft, hideOverlap: true, ...own.axisLabel },
  });

  // Above the axis, where labels may be as wide as they like.
  const isAbove = option.yAxis?.type === 'value' && option.yAxis.name;
  const above = { nameLocation: 'end', nameGap: 12, nameTextStyle: { color: colors.soft, align: 'left' } };
  return {
    animation: false,
    textStyle: { color: colors.ink, fontFamily: 'system-ui, sans-serif' },
    grid: { left: isAbove ? 8 : 30, right: 20, top: isAbove ? 56 : 36, bottom: 30, containLabel: true },
    ...option,
    legend: option.legend === false ? undefined : { type: 'scroll', top: 0, textStyle: { color: colors.ink }, pageTextStyle: { color: colors.soft }, ...option.legend },
    tooltip: { renderMode: 'richText', confine: true, backgroundColor: colors.paper, borderColor: colors.line, textStyle: { color: colors.ink }, ...option.tooltip },
    ...option.xAxis && { xAxis: axis(option.xAxis), yAxis: axis({ ...option.yAxis, ...isAbove && above }) },
  };
}

/** A figure whose drawing follows its window and its reader's colours. */
export class Chart {
  /** @param name what its files are called; @param csv the address of its numbers. */
  constructor(name, title, csv) {
    this.name = name;
    this.box = h('div', { class: 'chart', tabindex: 0, role: 'img', 'aria-label': `${title}; the table below has its numbers`, onkeydown: event => this.step(event) });
    this.caption = h('figcaption');
    this.numbers = h('div');
    this.details = h('details', { ontoggle: () => this.showTable() }, h('summary', {}, 'Numbers'), this.numbers);
    this.buttons = h('div', { class: 'buttons' },
      h('a', { class: 'button', href: csv, download: `${name}.csv` }, 'CSV'),
      h('button', { type: 'button', onclick: () => this.saveSvg() }, 'SVG'),
      h('button', { type: 'button', onclick: () => this.savePng() }, 'PNG'));
    this.element = h('figure', { id: name }, h('h3', {}, title), this.box, this.caption, this.buttons, this.details);
    new ResizeObserver(() => this.drawing?.resize()).observe(this.box);
    isDark.addEventListener('change', () => this.draw());
  }

  /** Shows something else: a function from colours to an option of ECharts (null where there is nothing to draw), and the numbers as a table. */
  set(option, caption, shown, height = 360) {
    [this.option, this.shown] = [option, shown];
    this.caption.textContent = caption;
    this.box.hidden = option === null;
    for (const button of this.buttons.querySelectorAll('button')) button.hidden = option === null;
    this.box.style.height = `${height}px`;
    this.details.hidden = !shown;
    this.showTable();
    this.draw();
  }

  draw() {
    if (!this.option || !this.box.isConnected) return;
    const colors = isDark.matches ? dark : light;
    if (!this.drawing) {
      this.drawing = echarts.init(this.box);
      this.drawing.on('axisareaselected', () => this.brush());
    }
    this.drawing.setOption(dress(this.option(colors, this.box.clientWidth), colors), true);
  }

  /** Calls with the places of the lines that a brush along parallel axes leaves, or with null where there is none. */
  onbrush(handle) {
    this.brushed = handle;
  }

  brush() {
    const lines = this.drawing.getModel().getSeries()[0], [active, inactive] = ['active', 'inactive'].map(state => lines.getRawIndicesByActiveState(state));
    this.brushed?.(active.length || inactive.length ? active : null);
  }

  // A long table is made only once somebody looks at it.
  showTable() {
    if (this.details.open && this.shown) this.numbers.replaceChildren(table(this.shown, this.name));
  }

  // The arrow keys walk along the points of the first curve that has any.
  step(event) {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move || !this.drawing) return;
    const series = this.drawing.getOption().series, seriesIndex = series.findIndex(({ data, type }) => type !== 'custom' && data?.length);
    if (seriesIndex < 0) return;
    this.at = Math.min(Math.max((this.at ?? -1) + move, 0), series[seriesIndex].data.length - 1);
    this.drawing.dispatchAction({ type: 'showTip', seriesIndex, dataIndex: this.at });
    event.preventDefault();
  }

  // On white paper, whatever the screen shows.
  drawn(renderer, use) {
    const plot = echarts.init(renderer === 'svg' ? null : document.createElement('canvas'), null, { renderer, ssr: renderer === 'svg', ...saved });
    plot.setOption({ backgroundColor: light.paper, ...dress(this.option(light, saved.width), light) });
    use(plot);
    plot.dispose();
  }

  saveSvg() {
    this.drawn('svg', plot => save(new Blob([plot.renderToSVGString()], { type: 'image/svg+xml' }), `${this.name}.svg`));
  }

  savePng() {
    this.drawn('canvas', plot => plot.renderToCanvas({ pixelRatio: 2 }).toBlob(blob => save(blob, `${this.name}.png`)));
  }
}
