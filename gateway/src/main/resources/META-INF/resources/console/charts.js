// Pictures of an evaluation. Drawn on canvas, in the colours of the page, redrawn only when their data change.
import { count, decimal, figure, percent, words } from './format.js';

const drawn = new Map();

function palette() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  return {
    text: colour('--text'), muted: colour('--muted'), line: colour('--line'), accent: colour('--accent'), card: colour('--card'), soft: colour('--accent-soft'),
    warn: colour('--warn'), bad: colour('--bad'), versions: [colour('--accent'), colour('--second'), colour('--third'), colour('--warn')],
  };
}

export function draw(id, data, options) {
  const element = document.getElementById(id);
  const key = JSON.stringify(data);
  const before = drawn.get(id);
  if (before?.key === key) {
    if (before.chart.getWidth() !== element.clientWidth) before.chart.resize(); // what is beside it may have grown
    return;
  }
  const chart = before?.chart ?? window.echarts.init(element, null, { renderer: 'canvas' });
  drawn.set(id, { key, chart, data, options });
  const p = palette();
  const font = getComputedStyle(document.body).fontFamily;
  chart.setOption(
    {
      textStyle: { fontFamily: font, color: p.text },
      animationDuration: 350,
      aria: { enabled: true },
      tooltip: {
        renderMode: 'richText', confine: true, backgroundColor: p.card, borderColor: p.line,
        textStyle: { color: p.text, fontFamily: font, fontSize: 13 },
      },
      ...options(data, p),
    },
    { notMerge: true },
  );
}

new ResizeObserver(() => drawn.forEach(({ chart }) => chart.resize())).observe(document.documentElement);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const [id, { data, options }] of [...drawn]) {
    drawn.get(id).key = '';
    draw(id, data, options);
  }
});

export function axis(p, name, more = {}) {
  return {
    type: 'value', min: 0, max: 1, name, nameLocation: 'middle', nameGap: 30,
    nameTextStyle: { color: p.muted, fontSize: 12 },
    axisLabel: { color: p.muted, fontSize: 12, formatter: (x) => `${Math.round(100 * x)} %`, hideOverlap: true },
    axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: p.line } },
    ...more,
  };
}

export const diagonal = (p) => ({
  type: 'line', data: [[0, 0], [1, 1]], symbol: 'none', silent: true, animation: false,
  lineStyle: { color: p.muted, type: 'dashed', width: 1.25 }, tooltip: { show: false },
});

export const upTo = (x) => Math.min(1, Math.ceil(x * 5) / 5);

export function calibration(bins) {
  draw('chart-calibration', bins.filter((b) => b.mean_predicted != null && b.observed_rate != null), (data, p) => {
    const max = upTo(Math.max(0.1, ...data.flatMap((b) => [b.mean_predicted, b.observed_rate])));
    return {
      grid: { left: 60, right: 26, top: 12, bottom: 46 },
      xAxis: axis(p, 'predicted', { max }),
      yAxis: axis(p, 'observed', { max, nameGap: 44 }),
      series: [
        diagonal(p),
        {
          type: 'line', symbol: 'circle', symbolSize: 9, itemStyle: { color: p.accent }, lineStyle: { color: p.accent, width: 2.5 },
          data: data.map((b) => ({ value: [b.mean_predicted, b.observed_rate], rows: b.row_count })),
          tooltip: { formatter: ({ data: d }) => `predicted ${percent(d.value[0], 1)}\nobserved ${percent(d.value[1], 1)}\n${count(d.rows)} rows` },
        },
      ],
      tooltip: tooltip(p),
    };
  });
}

export const tooltip = (p) => ({
  trigger: 'item', renderMode: 'richText', confine: true, backgroundColor: p.card, borderColor: p.line, textStyle: { color: p.text, fontSize: 13 },
});

export function gain(lift, isChurn) {
  const rows = lift.filter((r) => r.recall != null);
  draw('chart-gain', { rows, isChurn }, ({ rows: data }, p) => ({
    grid: { left: 60, right: 26, top: 12, bottom: 46 },
    xAxis: axis(p, isChurn ? 'customers contacted, riskiest first' : 'rows taken, highest score first'),
    yAxis: axis(p, isChurn ? 'leavers reached' : 'positives found', { nameGap: 44 }),
    tooltip: tooltip(p),
    series: [
      diagonal(p),
      {
        type: 'line', symbol: 'circle', symbolSize: 8, itemStyle: { color: p.accent }, lineStyle: { color: p.accent, width: 2.5 },
        areaStyle: { color: p.accent, opacity: 0.1 },
        data: [{ value: [0, 0], symbol: 'none' }, ...data.map((r) => ({ value: [r.top_fraction, r.recall], lift: r.lift }))],
        tooltip: { formatter: ({ data: d }) => `the top ${percent(d.value[0])}\nholds ${percent(d.value[1])} of all ${isChurn ? 'leavers' : 'positives'}\nlift ${decimal(d.lift, 2)}` },
      },
    ],
  }));
}

function bars(p, data, format, marks = []) {
  const narrow = document.documentElement.clientWidth < 460;
  return {
    grid: { left: narrow ? 128 : 178, right: 58, top: marks.length ? 26 : 4, bottom: 8 },
    xAxis: { type: 'value', show: false, min: 0 },
    yAxis: {
      type: 'category', inverse: true, data: data.map((d) => words(d.name)), axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { color: p.text, fontSize: 13, width: narrow ? 118 : 166, overflow: 'truncate' },
    },
    tooltip: { ...tooltip(p), formatter: ({ name, value }) => `${name}\n${format(value)}` },
    series: [{
      type: 'bar', barMaxWidth: data.length < 5 ? 32 : 18, barCategoryGap: '38%',
      data: data.map((d) => ({ value: d.value, itemStyle: { color: d.faint ? `${p.accent}66` : p.accent, borderRadius: [0, 4, 4, 0] } })),
      label: { show: true, position: 'right', color: p.muted, fontSize: 12, formatter: ({ value }) => format(value) },
      markLine: marks.length ? {
        symbol: 'none', silent: true, lineStyle: { color: p.muted, type: 'dashed', width: 1.25 },
        label: { color: p.muted, fontSize: 12, formatter: '{b}', position: 'start', distance: 6 },
        data: marks.map((m) => [{ name: m.name, xAxis: m.value, y: 22 }, { xAxis: m.value, y: '97%' }]),
      } : undefined,
    }],
  };
}

export function importance(features) {
  const shown = features.slice(0, 10).map((f) => ({ name: f.feature, value: f.mean_absolute_contribution ?? 0 }));
  draw('chart-importance', shown, (data, p) => bars(p, data, figure));
}

export function candidates(shown, baseline) {
  draw('chart-candidates', { shown, baseline }, (data, p) =>
    bars(p, data.shown, (x) => (Math.abs(x) < 10 ? decimal(x, 3) : figure(x)), data.baseline == null ? [] : [{ name: 'baseline', value: data.baseline }]));
}
