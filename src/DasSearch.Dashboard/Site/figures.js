// How each table of a report is drawn: a function from its rows to an option of ECharts, for given colours.
import { records } from './table.js';

const percent = value => value === null ? '–' : `${(100 * value).toFixed(1)} %`;
const short = value => value === null || value === undefined ? '–' : typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(4) : `${value}`;

/** Vertical lines from lower to upper at each point: rows of [x, lower, upper]. */
const whiskers = (data, color) => ({
  type: 'custom', data, silent: true, z: 1, tooltip: { show: false }, legendHoverLink: false, encode: { x: 0, y: [1, 2] },
  renderItem: (_, api) => {
    const [x, top] = api.coord([api.value(0), api.value(2)]), bottom = api.coord([api.value(0), api.value(1)])[1];
    const line = (x1, y1, x2, y2) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: color, lineWidth: 1.4 } });
    return { type: 'group', children: [line(x, top, x, bottom), line(x - 4, top, x + 4, top), line(x - 4, bottom, x + 4, bottom)] };
  },
});

const zeroLine = colors => ({ silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: colors.faint, type: 'dashed' }, data: [{ yAxis: 0 }] });

/** Importance of layers with intervals; layers that the plan skips have another colour and another shape. */
export function importance(table) {
  const rows = records(table).filter(row => row.importance !== null);
  return colors => {
    const part = (name, of, color, symbol) => {
      const its = rows.filter(row => row.skipped === of);
      return [
        { name, type: 'scatter', symbol, symbolSize: 10, itemStyle: { color }, data: its.map(row => [row.module, row.importance, row]), markLine: zeroLine(colors) },
        { name, ...whiskers(its.map(row => [row.module, row.lower, row.upper]), color) },
      ];
    };
    return {
      xAxis: { type: 'value', name: 'layer', min: -0.5, max: table.rows.length - 0.5, minInterval: 1, splitLine: { show: false }, axisLabel: { formatter: value => Number.isInteger(value) ? `${value}` : '' } },
      yAxis: { type: 'value', name: 'importance, in reward', scale: true },
      tooltip: {
        trigger: 'item',
        formatter: ({ data: [, , row] }) => `layer ${row.module}  ${row.name}\nimportance ${short(row.importance)} (${short(row.lower)} to ${short(row.upper)})`
          + (row.probability_among_least === null ? '' : `\nP(among the least important) ${percent(row.probability_among_least)}`),
      },
      series: [...part('kept', 'keep', colors.keep, 'circle'), ...part('skipped', 'skip', colors.skip, 'diamond')],
    };
  };
}

/** Probabilities over rounds, a line for each module; coloured where the plan skips it. */
export function gates(table, skipped) {
  return colors => ({
    xAxis: { type: 'value', name: 'round', minInterval: 1, splitLine: { show: false } },
    yAxis: { type: 'value', name: 'probability', scale: true },
    legend: { data: skipped.map(module => `layer ${module}`) },
    tooltip: { trigger: 'item', formatter: ({ seriesName, data }) => `${seriesName}\nround ${data[0]}: ${short(data[1])}` },
    series: table.columns.slice(1).map((_, module) => {
      const place = skipped.indexOf(module);
      return {
        // Of many points none is drawn, and each is there to be pointed at.
        name: `layer ${module}`, type: 'line', symbolSize: 6, itemStyle: { opacity: table.rows.length < 60 ? 1 : 0 }, emphasis: { itemStyle: { opacity: 1 } }, z: place < 0 ? 2 : 3,
        lineStyle: { width: place < 0 ? 1.1 : 2.2 }, color: place < 0 ? colors.faint : colors.distinct[place % colors.distinct.length],
        data: table.rows.map(row => [row[0], row[module + 1]]),
      };
    }),
  });
}

/** The same as a map of layers by rounds. */
export function heatMap(table) {
  const modules = table.columns.length - 1, mean = values => values.reduce((a, b) => a + b, 0) / values.length;

  // Without a colour is where all began, so that a colour means the same in every round and whatever comes after.
  const middle = mean(table.rows[0].slice(1)), span = table.rows.flatMap(row => row.slice(1)).reduce((most, value) => Math.max(most, Math.abs(value - middle)), 1e-3);
  return colors => ({
    legend: false,
    grid: { left: 30, right: 20, top: 12, bottom: 78, containLabel: true },
    xAxis: { type: 'category', name: 'round', data: table.rows.map(row => row[0]), splitLine: { show: false } },
    yAxis: { type: 'category', name: 'layer', inverse: true, data: Array.from({ length: modules }, (_, i) => i), splitLine: { show: false } },
    visualMap: { dimension: 2, min: middle - span, max: middle + span, calculable: true, precision: 3, orient: 'horizontal', left: 'center', bottom: 0, textStyle: { color: colors.soft }, inRange: { color: [colors.keep, colors.paper, colors.skip] } },
    tooltip: { formatter: ({ data }) => `layer ${data[1]}, round ${table.rows[data[0]][0]}\nprobability ${short(data[2])}` },
    series: [{ type: 'heatmap', progressive: 0, data: table.rows.flatMap((row, x) => row.slice(1).map((value, y) => [x, y, value])) }],
  });
}

/** What the search would have chosen after each round: a bar for each layer while it was skipped. */
export function choices(table, modules) {
  const bars = records(table).flatMap(span => (span.skip === '' || span.skip === '-' ? [] : span.skip.split(',')).map(module => [Number(module), span.first_round, span.last_round + 1]));
  return colors => ({
    legend: false,
    xAxis: { type: 'value', name: 'round', minInterval: 1, splitLine: { show: false }, min: table.rows[0]?.[0] ?? 0, max: (table.rows.at(-1)?.[1] ?? 0) + 1 },
    yAxis: { type: 'category', name: 'layer', inverse: true, data: Array.from({ length: modules }, (_, i) => i), splitLine: { show: true, lineStyle: { color: colors.line } } },
    tooltip: { formatter: ({ data }) => `layer ${data[0]}\nwould be skipped, rounds ${data[1]} to ${data[2] - 1}` },
    series: [{
      type: 'custom', encode: { y: 0, x: [1, 2] }, data: bars, itemStyle: { color: colors.skip },
      renderItem: (_, api) => {
        const [left, y] = api.coord([api.value(1), api.value(0)]), right = api.coord([api.value(2), api.value(0)])[0], height = api.size([0, 1])[1] * 0.7;
        return { type: 'rect', shape: { x: left, y: y - height / 2, width: Math.max(right - left, 1), height }, style: { fill: colors.skip } };
      },
    }],
  });
}

/** Mean reward of rounds with the span from the worst to the best; `live` are rounds that came since. */
export function rewards(table, live = []) {
  const blocks = records(table).map(row => [(row.first_round + row.last_round) / 2, row.mean_reward, row.lowest_reward, row.highest_reward]);
  const points = [...blocks, ...live.map(round => [round.round, round.meanReward, round.meanReward, round.bestReward])].filter(point => point[1] !== null);
  return colors => ({
    xAxis: { type: 'value', name: 'round', minInterval: 1, splitLine: { show: false } },
    yAxis: { type: 'value', name: 'reward', scale: true },
    tooltip: { trigger: 'axis', formatter: ([{ data }]) => `round ${data[0]}\nmean reward ${short(data[1])}\nfrom ${short(data[2])} to ${short(data[3])}` },
    series: [
      { name: 'mean', type: 'line', symbolSize: 4, showSymbol: points.length < 60, color: colors.keep, data: points },
      {
        name: 'worst to best', type: 'custom', silent: true, color: colors.keep, encode: { x: 0, y: [2, 3] }, data: points, tooltip: { show: false },
        renderItem: ({ dataIndex }, api) => {
          const [from, to] = [points[Math.max(dataIndex - 1, 0)], points[dataIndex]];
          const corners = [[from[0], from[2]], [from[0], from[3]], [to[0], to[3]], [to[0], to[2]]].map(point => api.coord(point));
          return { type: 'polygon', shape: { points: corners }, style: { fill: colors.keep, opacity: 0.18 } };
        },
      },
    ],
  });
}

/** A metric over batches, a line for the search and for each training. */
export function curves(lines) {
  return colors => ({
    xAxis: { type: 'value', name: 'batches', splitLine: { show: false } },
    yAxis: { type: 'value', scale: true },
    legend: lines.length > 1 ? {} : false,
    tooltip: { trigger: 'item', formatter: ({ seriesName, data }) => `${seriesName}\n${data[0]} batches: ${short(data[1])}` },
    series: lines.map(({ of, points }, i) => ({
      name: of, type: 'line', triggerLineEvent: true, showSymbol: points.rows.length < 60, symbolSize: 4, lineStyle: { width: 1.6 },
      color: colors.distinct[i % colors.distinct.length], data: points.rows,
    })),
  });
}

/** How often each layer was skipped. */
export function skips(table, skipped) {
  const rows = records(table);
  return colors => ({
    legend: false,
    xAxis: { type: 'value', name: 'evaluations', minInterval: 1 },
    yAxis: { type: 'category', name: 'layer', inverse: true, data: rows.map(row => row.module), splitLine: { show: false } },
    tooltip: { formatter: ({ dataIndex }) => `layer ${rows[dataIndex].module}  ${rows[dataIndex].name}\nskipped ${rows[dataIndex].n_skipped}, kept ${rows[dataIndex].n_kept}` },
    series: [{ type: 'bar', data: rows.map(row => ({ value: row.n_skipped, itemStyle: { color: skipped.includes(row.module) ? colors.skip : colors.keep } })) }],
  });
}

/** What pairs of layers do together. */
export function interactions(table, modules) {
  const known = records(table).filter(row => row.interaction !== null);
  const most = Math.max(...known.map(row => Math.abs(row.interaction)), 1e-12), names = Array.from({ length: modules }, (_, i) => i);
  return colors => ({
    legend: false,
    grid: { left: 30, right: 20, top: 12, bottom: 78, containLabel: true },
    xAxis: { type: 'category', name: 'layer', data: names, splitLine: { show: false } },
    yAxis: { type: 'category', name: 'layer', data: names, splitLine: { show: false } },
    visualMap: { dimension: 2, min: -most, max: most, calculable: true, precision: 4, orient: 'horizontal', left: 'center', bottom: 0, textStyle: { color: colors.soft }, inRange: { color: [colors.keep, colors.paper, colors.skip] } },
    tooltip: { formatter: ({ data: [, , , row] }) => `layers ${row.first} and ${row.second}, together ${row.together} times\ninteraction ${short(row.interaction)}, adjusted p ${short(row.adjusted_p_value)}` },
    series: [{ type: 'heatmap', encode: { x: 0, y: 1, value: 2 }, data: known.flatMap(row => [[row.first, row.second, row.interaction, row], [row.second, row.first, row.interaction, row]]) }],
  });
}

/** Importance by depth, a curve for each group of layers. */
export function streams(table) {
  const rows = records(table).filter(row => row.layer !== 'mean' && row.importance !== null);
  return colors => ({
    xAxis: { type: 'value', name: 'layer', minInterval: 1, splitLine: { show: false } },
    yAxis: { type: 'value', name: 'importance, in reward', scale: true },
    tooltip: { trigger: 'item', formatter: ({ seriesName, data: [depth, value, row] }) => `${seriesName}, layer ${depth}\n${short(value)} (${short(row.lower)} to ${short(row.upper)})` },
    series: [...new Set(rows.map(row => row.stream))].flatMap((stream, i) => {
      const [its, color] = [rows.filter(row => row.stream === stream), colors.distinct[i % colors.distinct.length]];
      return [
        { name: stream, type: 'line', color, symbol: i % 2 ? 'diamond' : 'circle', symbolSize: 9, markLine: zeroLine(colors), data: its.map(row => [Number(row.layer), row.importance, row]) },
        { name: stream, ...whiskers(its.map(row => [Number(row.layer), row.lower, row.upper]), color) },
      ];
    }),
  });
}

// With some room around a single point, and never beyond what can be.
const shares = { type: 'value', name: 'test accuracy, %', min: ({ min }) => Math.max(0, Math.floor(min - 1)), max: ({ max }) => Math.min(100, Math.ceil(max + 1)) };

/** Accuracy of trained plans against what they compute; with a front, a line joins those that no other one beats in both. */
export function cost(table, hasFront = false) {
  const rows = records(table), point = row => [row.multiply_accumulates / 1e6, 100 * row.test_accuracy, row];
  const best = rows.toSorted((a, b) => a.multiply_accumulates - b.multiply_accumulates || b.test_accuracy - a.test_accuracy)
    .filter((row, i, sorted) => sorted.slice(0, i).every(other => other.test_accuracy < row.test_accuracy));
  return colors => ({
    xAxis: { type: 'value', name: 'multiply-accumulates, millions', scale: true },
    yAxis: shares,
    tooltip: { trigger: 'item', formatter: ({ data: [, , row] }) => `run ${row.run}, without ${row.skip}\n${row.method}: ${percent(row.test_accuracy)}, ${short(row.change_percent)} % of multiply-accumulates` },
    series: [
      ...[...new Set(rows.map(row => row.method))].flatMap((method, i) => {
        const [its, color] = [rows.filter(row => row.method === method), colors.distinct[i % colors.distinct.length]];
        const several = its.filter(row => row.standard_deviation !== null);
        return [
          { name: method, type: 'scatter', symbolSize: 11, color, data: its.map(point) },
          { name: method, ...whiskers(several.map(row => [row.multiply_accumulates / 1e6, 100 * (row.test_accuracy - row.standard_deviation), 100 * (row.test_accuracy + row.standard_deviation)]), color) },
        ];
      }),
      ...hasFront ? [{ name: 'front', type: 'line', step: 'end', showSymbol: false, color: colors.soft, lineStyle: { type: 'dashed', width: 1.2 }, data: best.map(point) }] : [],
    ],
  });
}

/** Accuracy of trained sets against the reward that the search expected of them. */
export function rewarded(table) {
  const rows = records(table);
  return colors => ({
    legend: false,
    xAxis: { type: 'value', name: 'predicted reward', scale: true },
    yAxis: shares,
    tooltip: { trigger: 'item', formatter: ({ data: [, , row] }) => `skips ${row.skip}\npredicted reward ${short(row.reward)} (${short(row.lower)} to ${short(row.upper)})\ntest accuracy ${percent(row.test_accuracy)}` },
    series: [{ type: 'scatter', symbolSize: 11, color: colors.keep, data: rows.map(row => [row.reward, 100 * row.test_accuracy, row]) }],
  });
}

/** Importance over several runs, with the single runs as faint points. */
export function consensus(table) {
  const singles = table.columns.filter(name => name.startsWith('importance_run_'));
  const together = importance(table);
  return colors => {
    const drawn = together(colors);
    return {
      ...drawn,
      tooltip: { trigger: 'item', formatter: ({ data: [module, value, row] }) => row ? drawn.tooltip.formatter({ data: [module, value, row] }) : `layer ${module}\none run: ${short(value)}` },
      series: [
        { name: 'one run', type: 'scatter', symbolSize: 5, color: colors.faint, data: records(table).flatMap(row => singles.map(run => [row.module, row[run]]).filter(([, value]) => value !== null)) },
        ...drawn.series,
      ],
    };
  };
}

/** How far each two runs agree: Jaccard of plans above the diagonal, Kendall's τ of importance below. */
export function agreement(table) {
  const rows = records(table), runs = [...new Set(rows.flatMap(row => [row.first_run, row.second_run]))];
  const cells = rows.flatMap(row => {
    const [first, second] = [runs.indexOf(row.first_run), runs.indexOf(row.second_run)];
    return [[first, second, row.jaccard], [second, first, row.kendall_tau]].filter(cell => cell[2] !== null);
  });
  return colors => ({
    legend: false,
    grid: { left: 30, right: 20, top: 12, bottom: 78, containLabel: true },
    xAxis: { type: 'category', name: 'run', data: runs, splitLine: { show: false } },
    yAxis: { type: 'category', name: 'run', data: runs, splitLine: { show: false } },
    visualMap: { dimension: 2, min: -1, max: 1, calculable: true, precision: 2, orient: 'horizontal', left: 'center', bottom: 0, textStyle: { color: colors.soft }, inRange: { color: [colors.keep, colors.paper, colors.skip] } },
    tooltip: { formatter: ({ data: [x, y, value] }) => `runs ${runs[Math.min(x, y)]} and ${runs[Math.max(x, y)]}\n${y > x ? 'Jaccard of plans' : 'Kendall\u2019s \u03c4 of importance'} ${short(value)}` },
    series: [{ type: 'heatmap', data: cells, label: { show: true, color: colors.ink, formatter: ({ data }) => data[2].toFixed(2) } }],
  });
}

/** Sets as lines across their layers, coloured by reward: in one band where they keep a layer, in another where they skip it, and in each the better ones higher. */
export function sets(found, modules) {
  const [least, most] = [found.reduce((a, { reward }) => Math.min(a, reward), Infinity), found.reduce((a, { reward }) => Math.max(a, reward), -Infinity)];
  const band = 0.6, height = reward => band * (most > least ? (reward - least) / (most - least) : 0.5);
  return colors => {
    const line = { lineStyle: { color: colors.line } };
    return {
      legend: false,
      parallel: { left: 64, right: 64, top: 40, bottom: 70 },
      parallelAxis: [
        ...Array.from({ length: modules }, (_, i) => ({
          dim: i, name: `${i}`, type: 'value', min: -0.05, max: 1.05 + band, nameTextStyle: { color: colors.soft }, axisLine: line, axisTick: { show: false },
          axisLabel: { margin: -8, align: 'right', color: colors.soft, customValues: [band / 2, 1 + band / 2], formatter: value => i > 0 ? '' : value > band ? 'skipped' : 'kept' },
        })),
        { dim: modules, name: 'reward', nameTruncate: { maxWidth: 100 }, type: 'value', scale: true, nameTextStyle: { color: colors.soft, align: 'left' }, axisLine: line, axisLabel: { color: colors.soft } },
      ],
      visualMap: { dimension: modules, min: least, max: most, calculable: true, precision: 4, orient: 'horizontal', left: 'center', bottom: 0, textStyle: { color: colors.soft }, inRange: { color: [colors.keep, colors.distinct[4], colors.skip] } },
      tooltip: { formatter: ({ dataIndex }) => `skips ${found[dataIndex].skip.join(',') || 'nothing'}\nmean reward ${short(found[dataIndex].reward)}` },
      series: [{
        type: 'parallel', progressive: 0, lineStyle: { width: 1.2, opacity: 0.4 }, activeOpacity: 0.9, inactiveOpacity: 0.04,
        data: found.map(({ skip, reward }) => [...Array.from({ length: modules }, (_, i) => (skip.includes(i) ? 1 : 0) + height(reward)), reward]),
      }],
    };
  };
}
