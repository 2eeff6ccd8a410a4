// What a model does in service: who answers, how a new version is brought in, and what came true. Markup and pictures, no state, no calls.
import { axis, diagonal, draw, tooltip, upTo } from './charts.js';
import { count, date, decimal, figure, html, percent, words } from './format.js';

/** Versions in the order of their shares, each with a colour; subjects held out come first in the bar. */
function shares(release) {
  const held = release.hold_out?.percent ?? 0;
  return [...release.routes]
    .filter((r) => r.shadow_percent === 0)
    .sort((a, b) => b.weight - a.weight)
    .map((r, i) => ({ version: r.version, weight: r.weight, percent: (r.weight * (100 - held)) / 100, tone: Math.min(i, 3) }));
}

export function share(release) {
  const all = shares(release);
  const held = release.hold_out;
  const shadows = release.routes.filter((r) => r.shadow_percent > 0);
  let x = held?.percent ?? 0;
  const label = [held && `held out ${held.percent} %`, ...all.map((s) => `version ${s.version} ${figure(s.percent)} %`)].filter(Boolean).join(', ');
  return html`<svg class="shares" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${label}">
    ${held && html`<rect class="share-held" width="${held.percent}" height="10"/>`}
    ${all.map((s) => { const at = x; x += s.percent; return html`<rect class="share-${s.tone}" x="${at}" width="${s.percent}" height="10"/>`; })}</svg>
    <ul class="legend">
    ${all.map((s) => html`<li><i class="share-${s.tone}"></i><span>Version ${s.version} ${s.weight === 0 && html`<small>loaded, answers who names it</small>`}</span><b>${figure(s.percent)} %</b></li>`)}
    ${held && html`<li><i class="share-held"></i><span>Held out <small>version ${held.version} answers, whatever the weights are</small></span><b>${held.percent} %</b></li>`}
    ${shadows.map((s) => html`<li><i class="share-copy"></i><span>Version ${s.version} <small>shadow: scores copies, answers nobody</small></span><b>${s.shadow_percent} %</b></li>`)}</ul>`;
}

const PHASES = {
  ROLLOUT_PHASE_PLANNED: ['plain', 'planned'],
  ROLLOUT_PHASE_SHADOW: ['', 'shadow'],
  ROLLOUT_PHASE_STEP: ['', 'under way'],
  ROLLOUT_PHASE_PROMOTING: ['', 'promoting'],
  ROLLOUT_PHASE_PROMOTED: ['', 'promoted'],
  ROLLOUT_PHASE_ROLLED_BACK: ['bad', 'rolled back'],
  ROLLOUT_PHASE_SUPERSEDED: ['plain', 'superseded'],
};

const isUnderWay = (r) => ['ROLLOUT_PHASE_PLANNED', 'ROLLOUT_PHASE_SHADOW', 'ROLLOUT_PHASE_STEP', 'ROLLOUT_PHASE_PROMOTING'].includes(r.phase);

export const rolloutSum = (r) => `${r.id}: version ${r.champion} to ${r.plan.candidate}, ${isUnderWay(r) ? `since ${date(r.started_at_millis)}` : `ended ${date(r.ended_at_millis)}`}`;

/** Stages by their names in the history, and which of them is now. */
function stages(r, events) {
  const names = [...(r.plan.shadow ? ['shadow'] : []), ...r.plan.steps.map((s) => `step ${s.weight} %`), 'promotion']; // as in the history
  const reached = events.filter((e) => e.rollout_id === r.id).map((e) => (e.action === 'promoting' ? 'promotion' : e.action));
  const last = Math.max(-1, ...names.map((name, i) => (reached.includes(name) ? i : -1)));
  const now = {
    ROLLOUT_PHASE_SHADOW: 0,
    ROLLOUT_PHASE_STEP: r.step + (r.plan.shadow ? 1 : 0),
    ROLLOUT_PHASE_PROMOTING: names.length - 1,
  }[r.phase];
  return names.map((name, i) => {
    if (r.phase === 'ROLLOUT_PHASE_PROMOTED') return [name, 'done'];
    if (now != null) return [name, i < now ? 'done' : i === now ? 'now' : ''];
    return [name, i < last ? 'done' : i === last ? 'stopped' : ''];
  });
}

const VERDICTS = { GATE_VERDICT_PASS: ['', 'passes'], GATE_VERDICT_WAIT: ['warn', 'waits'], GATE_VERDICT_FAIL: ['bad', 'fails'] };

export function rollout(r, events) {
  const [tone, word] = PHASES[r.phase] ?? ['plain', words(r.phase)];
  return html`<ol class="stages" aria-label="Stages">${stages(r, events).map(([name, state]) => html`<li class="${state}" ${state === 'now' && html`aria-current="step"`}>${name === 'promotion' ? 'all' : name.replace('step ', '')}</li>`)}</ol>
    <p class="why"><span class="badge ${tone}">${word}</span> ${r.is_held && html`<span class="badge warn">held</span>`} ${r.why}${r.reason !== '' && html` <small class="muted">Asked for by ${r.actor}: ${r.reason}</small>`}</p>
    ${r.look_failure !== '' && html`<p class="notice">${r.look_failure}</p>`}
    ${gates(r.gates)}${standings(r.versions)}${replicas(r)}`;
}

function gates(list) {
  if (list.length === 0) return '';
  return html`<div class="scroll"><table><thead><tr><th scope="col">Gate</th><th scope="col">Verdict</th><th scope="col">Why</th></tr></thead><tbody>${list.map((gate) => {
    const [tone, word] = VERDICTS[gate.verdict] ?? ['plain', words(gate.verdict)];
    return html`<tr><td>${gate.gate}</td><td><span class="badge ${tone}">${word}</span></td><td>${gate.sentence}</td></tr>`;
  })}</tbody></table></div>`;
}

const millis = (x) => (x == null ? '–' : `${x < 10 ? x.toFixed(2) : Math.round(x)} ms`);

function standings(list) {
  if (list.length === 0) return '';
  const hasOutcomes = list.some((v) => v.outcome_count > 0);
  return html`<h4>Versions in this stage</h4><div class="scroll"><table><thead><tr><th scope="col">Version</th><th scope="col" class="num">Rows</th><th scope="col" class="num">Failed</th><th scope="col" class="num">Median</th>
    <th scope="col" class="num">p95</th>${hasOutcomes && html`<th scope="col" class="num">Outcomes</th><th scope="col" class="num">Mean</th>`}</tr></thead><tbody>${list.map((v) => html`<tr><td class="nowrap"><strong>${v.version}</strong> <span class="badge plain">${v.is_shadow ? 'shadow' : `${v.weight} %`}</span></td>
    <td class="num">${count(v.row_count)}</td><td class="num">${count(v.error_count)}</td><td class="num nowrap">${millis(v.median_millis)}</td><td class="num nowrap">${millis(v.p95_millis)}</td>
    ${hasOutcomes && html`<td class="num">${count(v.outcome_count)}</td><td class="num">${decimal(v.outcome_mean)}</td>`}</tr>`)}</tbody></table></div>`;
}

function replicas(r) {
  if (r.replicas.length === 0) return '';
  const serving = r.replicas.filter((one) => one.is_serving).length;
  const wrong = r.replicas.filter((one) => one.remark !== '');
  return html`<p class="muted replicas">${serving} of ${r.replicas.length} replica${r.replicas.length === 1 ? '' : 's'} serve${r.replicas.length === 1 ? 's' : ''} the candidate's package${wrong.map((one) => `; ${one.address}: ${one.remark}`)}.</p>`;
}

/** What rollouts did by themselves or by people, newest first. */
export function history(events) {
  return html`<ol class="history">${events.slice(0, 8).map((e) => html`<li><p>${e.action} <span class="badge plain">${e.rollout_id}</span></p><p>${e.reason}</p><p class="muted">${e.actor} · ${date(e.at_millis)}</p></li>`)}</ol>`;
}

export const noRollout = (model) => html`<div class="empty"><strong>No rollout yet.</strong><span>A new version comes in by stages, and is taken back when a gate fails: <code>./foresell release plan ${model.name}.yaml</code></span></div>`;

/** Versions that answered and versions that scored copies, those with the largest share first. */
export function measured(answered, copied, release) {
  const weight = new Map((release?.routes ?? []).map((r) => [r.version, r.weight]));
  const all = [
    ...answered.versions.map((v) => ({ ...v, key: `${v.version}`, title: `${v.version}` })),
    ...copied.versions.map((v) => ({ ...v, key: `${v.version}-shadow`, title: `${v.version} shadow` })),
  ].filter((v) => v.metrics.prediction_count > 0);
  const order = (v) => (v.key.endsWith('shadow') ? -1 : weight.get(v.version) ?? -2);
  return all.sort((a, b) => order(b) - order(a) || b.version - a.version).slice(0, 8);
}

export function liveSum(answered, versions) {
  const predictions = versions.reduce((n, v) => n + v.metrics.prediction_count, 0);
  const labelled = versions.reduce((n, v) => n + v.metrics.labelled_count, 0);
  return `${count(predictions)} logged predictions${answered.is_truncated ? ', the newest of more' : ''}; of ${count(labelled)} it is known what came true.`;
}

/** Title, value; of the figures that a task has. */
const FIGURES = [
  ['ROC-AUC', (m) => m.roc_auc, decimal],
  ['Log loss', (m) => m.log_loss, decimal],
  ['Calibration error', (m) => m.calibration_error, decimal],
  ['Accuracy', (m) => m.accuracy, (x) => percent(x, 1)],
  ['Mean absolute error', (m) => m.mean_absolute_error, figure],
  ['RMSE', (m) => m.root_mean_squared_error, figure],
];

export function liveVersions(versions) {
  const shown = FIGURES.filter(([, value]) => versions.some((v) => value(v.metrics) != null));
  return html`<div class="scroll"><table><thead><tr><th scope="col">Version</th><th scope="col" class="num">Predictions</th><th scope="col" class="num">Known outcomes</th>${shown.map(([title]) => html`<th scope="col" class="num">${title}</th>`)}
    <th scope="col" class="num">Score drift</th><th scope="col">Furthest input</th></tr></thead><tbody>${versions.map((v) => html`<tr><td class="nowrap"><strong>${v.version}</strong> ${v.key.endsWith('shadow') && html`<span class="badge plain">shadow</span>`}</td>
    <td class="num">${count(v.metrics.prediction_count)}</td><td class="num">${count(v.metrics.labelled_count)}</td>${shown.map(([, value, format]) => html`<td class="num">${format(value(v.metrics))}</td>`)}
    <td class="num">${index(v.score_drift)}</td><td>${v.input_drifts.length > 0 ? html`${words(v.input_drifts[0].input)} ${index(v.input_drifts[0])}` : '–'}</td></tr>`)}</tbody></table></div>`;
}

const MODERATE = 0.1;
const LARGE = 0.25;
const tone = (drift) => (drift.stability_index >= LARGE ? 'bad' : drift.stability_index >= MODERATE ? 'warn' : '');
const index = (drift) => (drift == null ? '–' : html`<span class="badge ${tone(drift)}">${decimal(drift.stability_index, 2)}</span>`);

export const drifts = (v) => v.input_drifts.slice(0, 10);

const REFERENCES = { package: 'its training data', window: 'the time before', first: 'its own first predictions' };

export function driftSum(v) {
  if (v.input_drifts.length === 0) return `Too few predictions of version ${v.title} with features to tell.`;
  const references = [...new Set(v.input_drifts.map((d) => REFERENCES[d.reference] ?? d.reference))];
  return `How far the inputs of version ${v.title} moved from ${references.join(' or ')}: from ${MODERATE} on a little, from ${LARGE} on much.`;
}

const colour = (p, i) => p.versions[i % p.versions.length];

const legend = (p, names) => (names.length < 2 ? undefined : { data: names, top: 0, right: 0, icon: 'circle', itemWidth: 10, itemHeight: 10, textStyle: { color: p.text, fontSize: 12 } });

export function calibrationChart(versions) {
  const curves = versions.map((v) => ({ name: `v${v.title}`, bins: v.metrics.calibration }));
  draw('chart-live-calibration', curves, (data, p) => {
    const max = upTo(Math.max(0.1, ...data.flatMap((c) => c.bins.flatMap((b) => [b.mean_score, b.observed_rate]))));
    return {
      legend: legend(p, data.map((c) => c.name)),
      grid: { left: 60, right: 26, top: data.length > 1 ? 34 : 12, bottom: 46 },
      xAxis: axis(p, 'predicted', { max }),
      yAxis: axis(p, 'came true', { max, nameGap: 44 }),
      tooltip: tooltip(p),
      series: [
        diagonal(p),
        ...data.map((c, i) => ({
          name: c.name, type: 'line', symbol: 'circle', symbolSize: 8, itemStyle: { color: colour(p, i) }, lineStyle: { color: colour(p, i), width: 2.5 },
          data: c.bins.map((b) => ({ value: [b.mean_score, b.observed_rate], rows: b.row_count })),
          tooltip: { formatter: ({ data: d }) => `${c.name}\npredicted ${percent(d.value[0], 1)}\ncame true ${percent(d.value[1], 1)}\n${count(d.rows)} predictions` },
        })),
      ],
    };
  });
}

const categories = (p, names) => ({
  type: 'category', inverse: true, data: names, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: p.text, fontSize: 13 },
});

const numbers = (p, more) => ({
  type: 'value', axisLabel: { color: p.muted, fontSize: 12, hideOverlap: true }, axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: p.line } }, ...more,
});

export function areaChart(versions) {
  const areas = versions.map((v) => {
    const range = v.metrics.roc_auc_range ?? { low: v.metrics.roc_auc, high: v.metrics.roc_auc };
    return { name: `v${v.title}`, value: v.metrics.roc_auc, low: range.low, high: range.high, rows: v.metrics.labelled_count };
  });
  draw('chart-live-auc', areas, (data, p) => {
    const low = Math.min(0.5, ...data.map((a) => Math.floor(a.low * 10) / 10));
    const words = (a) => `${a.name}\n${decimal(a.value)} (${decimal(a.low)} to ${decimal(a.high)})\n${count(a.rows)} outcomes`;
    return {
      grid: { left: 84, right: 30, top: 12, bottom: 34 },
      xAxis: numbers(p, { min: low, max: 1, axisLabel: { color: p.muted, fontSize: 12, formatter: (x) => x.toFixed(1) } }),
      yAxis: categories(p, data.map((a) => a.name)),
      tooltip: { ...tooltip(p), formatter: ({ dataIndex }) => words(data[dataIndex]) },
      series: [
        { type: 'bar', stack: 'range', silent: true, itemStyle: { color: 'transparent' }, barWidth: 10, data: data.map((a) => a.low) },
        {
          type: 'bar', stack: 'range', barWidth: 10, data: data.map((a, i) => ({ value: a.high - a.low, itemStyle: { color: colour(p, i), opacity: 0.35, borderRadius: 5 } })),
        },
        {
          type: 'scatter', symbolSize: 13, z: 5, data: data.map((a, i) => ({ value: [a.value, i], itemStyle: { color: colour(p, i) } })),
          label: { show: true, position: 'top', color: p.text, fontSize: 12, formatter: ({ dataIndex }) => decimal(data[dataIndex].value) },
        },
      ],
    };
  });
}

export function driftChart(version) {
  draw('chart-live-drift', { title: version.title, drifts: drifts(version) }, ({ drifts: data }, p) => {
    const narrow = document.documentElement.clientWidth < 460;
    const paint = { bad: p.bad, warn: p.warn, '': p.accent };
    const marks = [MODERATE, LARGE].filter((x) => x <= 1.5 * Math.max(...data.map((d) => d.stability_index)));
    return {
      grid: { left: narrow ? 128 : 178, right: 46, top: marks.length ? 24 : 4, bottom: 8 },
      xAxis: { type: 'value', show: false, min: 0 },
      yAxis: { ...categories(p, data.map((d) => words(d.input))), axisLabel: { color: p.text, fontSize: 13, width: narrow ? 118 : 166, overflow: 'truncate' } },
      tooltip: {
        ...tooltip(p),
        formatter: ({ dataIndex }) => {
          const d = data[dataIndex];
          return `${words(d.input)}\nindex ${decimal(d.stability_index)}, by chance ${decimal(d.chance_index)}\nagainst ${REFERENCES[d.reference] ?? d.reference}${d.reference_count > 0 ? `, ${count(d.reference_count)} rows` : ''}\nmissing ${percent(d.missing_share, 1)}, before ${percent(d.reference_missing_share, 1)}`;
        },
      },
      series: [{
        type: 'bar', barMaxWidth: data.length < 5 ? 32 : 18, barCategoryGap: '38%',
        data: data.map((d) => ({ value: d.stability_index, itemStyle: { color: paint[tone(d)], borderRadius: [0, 4, 4, 0] } })),
        label: { show: true, position: 'right', color: p.muted, fontSize: 12, formatter: ({ value }) => decimal(value, 2) },
        markLine: marks.length === 0 ? undefined : {
          symbol: 'none', silent: true, lineStyle: { color: p.muted, type: 'dashed', width: 1.25 },
          label: { color: p.muted, fontSize: 12, formatter: '{b}', position: 'start', distance: 6 },
          data: marks.map((x) => [{ name: String(x), xAxis: x, y: 20 }, { xAxis: x, y: '98%' }]),
        },
      }],
    };
  });
}

export function scoreChart(versions) {
  const boxes = versions.map((v) => ({ name: `v${v.title}`, scores: v.metrics.scores }));
  draw('chart-live-scores', boxes, (data, p) => ({
    grid: { left: 84, right: 30, top: 12, bottom: 34 },
    xAxis: numbers(p, { scale: true }),
    yAxis: categories(p, data.map((b) => b.name)),
    tooltip: {
      ...tooltip(p),
      formatter: ({ dataIndex }) => {
        const s = data[dataIndex].scores;
        return `${data[dataIndex].name}\nmedian ${figure(s.q50)}, mean ${figure(s.mean)}\nhalf between ${figure(s.q25)} and ${figure(s.q75)}\nnine of ten between ${figure(s.q05)} and ${figure(s.q95)}`;
      },
    },
    series: [{
      type: 'boxplot', boxWidth: [10, 30],
      data: data.map((b, i) => ({
        value: [b.scores.q05, b.scores.q25, b.scores.q50, b.scores.q75, b.scores.q95],
        itemStyle: { color: p.soft, borderColor: colour(p, i), borderWidth: 2 },
      })),
    }],
  }));
}
