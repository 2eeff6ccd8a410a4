// Markup from answers: no state, no calls.
import { bytes, chance, count, date, decimal, duration, html, figure, percent, words } from './format.js';

const STATUS = {
  serving: ['good', 'Serving'],
  not_serving: ['warn', 'Not ready'],
  unreachable: ['bad', 'Not reachable'],
};
const TITLES = { 'feature-store': 'Feature store', training: 'Training and registry', inference: 'Inference' };

export function services(cluster) {
  return html`${cluster.services.map((s) => {
    const [tone, word] = STATUS[s.status] ?? ['warn', s.status];
    return html`<div class="tile"><span class="tile-name"><span class="dot ${tone}" aria-hidden="true"></span>${TITLES[s.name] ?? s.name}</span>
      <span class="tile-big">${word}</span><small>${s.target} · ${latency(s.latency_millis)}</small>${detail(s, cluster)}</div>`;
  })}`;
}

// Rounded, so that a refresh does not make numbers dance.
const latency = (millis) => (millis == null ? 'no answer' : millis < 10 ? 'answers in under 10 ms' : `answers in ${Math.round(millis / 10) * 10} ms`);

function detail(service, cluster) {
  if (service.name !== 'inference' || !cluster.loaded) return '';
  const models = cluster.loaded.models;
  const failed = models.filter((m) => m.state === 'failed');
  return html`<small>${models.length === 0 ? 'no model loaded' : models.map((m) => `${words(m.model)}: version ${m.version} ${m.state}`).join(', ')}</small>
    ${!cluster.loaded.is_registry_connected && html`<small><span class="badge warn">registry away, serving from disk</span></small>`}
    ${models.filter((m) => m.fallback_reason).map((m) => html`<small><span class="badge plain">ONNX Runtime</span> ${words(m.model)} version ${m.version}: ${m.fallback_reason}</small>`)}
    ${failed.map((m) => html`<small><span class="badge bad">failed</span> ${m.failure}</small>`)}`;
}

export function store(views) {
  if (views.length === 0) {
    return html`<div class="empty"><strong>No data yet.</strong><span>Start with a demo company: <code>./foresell up --demo</code></span>
      <span>or bring your own: <code>./foresell define --from FILE.csv --name VIEW --key COLUMN --label COLUMN</code>, then <code>./foresell ingest VIEW,VIEW_LABEL FILE.csv</code></span></div>`;
  }
  return html`<div class="scroll"><table><thead><tr><th scope="col">View</th><th scope="col" class="num">Entities</th><th scope="col" class="num">Rows</th>
    <th scope="col" class="num">Quarantine</th><th scope="col" class="num wide">Newest event</th></tr></thead><tbody>${views.map((v) => html`<tr><td>${words(v.view)}</td>
    <td class="num">${count(v.entity_count)}</td><td class="num">${count(v.row_count)}</td>
    <td class="num">${v.quarantined_count > 0 ? html`<span class="badge warn">${count(v.quarantined_count)}</span>` : '0'}</td>
    <td class="num wide nowrap">${date(v.newest_event_millis)}</td></tr>`)}</tbody></table></div>`;
}

export const storeSum = (views) =>
  views.length === 0 ? '' : `${count(views.reduce((n, v) => n + v.row_count, 0))} rows, ${count(views.reduce((n, v) => n + v.quarantined_count, 0))} in quarantine`;

export function models(list, selected) {
  if (list.length === 0) {
    return html`<div class="card empty"><strong>Nothing trained yet.</strong><span>See it work with a demo company: <code>./foresell up --demo</code></span>
      <span>or train on your own data: <code>./foresell train VIEW.train.yaml</code></span></div>`;
  }
  return html`${list.map((m) => html`<button type="button" class="tile" data-key="${m.name}" aria-pressed="${m.name === selected}">
    <span class="tile-name">${words(m.name)} ${m.release ? html`<span class="badge">released</span>` : html`<span class="badge warn">not released</span>`}</span>
    <span class="tile-big">${m.release ? routes(m.release) : 'no version serves'}</span>
    <small>${m.version_count} version${m.version_count === 1 ? '' : 's'}${aliases(m)}</small>
    ${!m.release && html`<small>Run <code>./foresell release ${m.name}@${m.latest_version?.version ?? 'latest'}</code></small>`}</button>`)}`;
}

const aliases = (m) => Object.entries(m.aliases).map(([name, version]) => ` · ${name} is ${version}`).join('');
const routes = (release) =>
  release.routes.length === 1 ? `Version ${release.routes[0].version}` : release.routes.filter((r) => r.weight > 0).map((r) => `v${r.version} ${r.weight} %`).join(' · ');

/** Title, whether more is better, how it is written; in the order shown. */
const METRICS = {
  roc_auc: ['ROC-AUC', true, decimal],
  pr_auc: ['PR-AUC', true, decimal],
  log_loss: ['Log loss', false, decimal],
  accuracy: ['Accuracy', true, (x) => percent(x, 1)],
  balanced_accuracy: ['Balanced accuracy', true, (x) => percent(x, 1)],
  macro_f1: ['Macro F1', true, decimal],
  top_3_accuracy: ['Top 3', true, (x) => percent(x, 1)],
  brier: ['Brier score', false, decimal],
  expected_calibration_error: ['Calibration error', false, decimal],
  f1: ['F1', true, decimal],
  precision: ['Precision', true, (x) => percent(x, 1)],
  recall: ['Recall', true, (x) => percent(x, 1)],
  matthews: ['Matthews', true, decimal],
  kolmogorov_smirnov: ['KS distance', true, decimal],
  weighted_f1: ['Weighted F1', true, decimal],
  cohen_kappa: ["Cohen's kappa", true, decimal],
  lift_10: ['Lift, top 10 %', true, (x) => decimal(x, 2)],
  rmse: ['RMSE', false, figure],
  mae: ['Mean error', false, figure],
  median_ae: ['Median error', false, figure],
  r2: ['R²', true, decimal],
  wape: ['WAPE', false, (x) => percent(x, 1)],
  mape: ['MAPE', false, (x) => percent(x, 1)],
  spearman: ['Rank correlation', true, decimal],
  smape: ['sMAPE', false, (x) => (x == null ? '–' : `${decimal(x, 1)} %`)],
  simplified_silhouette: ['Silhouette', true, decimal],
  mean_squared_distance: ['Squared distance', false, figure],
  largest_cluster: ['Largest segment', false, (x) => percent(x, 1)],
};
// A constant forecast is perfectly calibrated and useless, a large segment neither good nor bad: no verdict there.
const UNJUDGED = new Set(['expected_calibration_error', 'largest_cluster']);

const USUAL = {
  multiclass: ['log_loss', 'accuracy'],
  regression: ['rmse', 'r2'],
  clusters: ['simplified_silhouette', 'largest_cluster'],
};
/** The metrics that say most of a task, the one that ranks candidates first. */
export const usualMetrics = (task) => USUAL[task] ?? ['roc_auc', 'log_loss'];
export const metricTitle = (key) => METRICS[key]?.[0] ?? words(key);
export const metricValue = (key, value) => (METRICS[key]?.[2] ?? figure)(value);
export const isLoss = (key) => METRICS[key]?.[1] === false;

export const reportPath = (v) => `/v1/models/${encodeURIComponent(v.model)}/versions/${v.version}/report`;
/** Imported packages have no report. */
export const hasReport = (v) => v.job_id !== '';

export function versions(list, release) {
  const weights = new Map((release?.routes ?? []).map((r) => [r.version, r.shadow_percent > 0 ? 'shadow' : `${r.weight} %`]));
  const shown = usualMetrics(list[0]?.task);
  return html`<div class="scroll"><table><thead><tr><th scope="col">Version</th><th scope="col">Algorithm</th>${shown.map((key) => html`<th scope="col" class="num">${metricTitle(key)}</th>`)}
    <th scope="col" class="num wide">Package</th><th scope="col" class="num wide">Published</th></tr></thead><tbody>${list.map((v) => html`<tr>
    <td class="nowrap"><strong>${v.version}</strong> ${weights.has(v.version) && html`<span class="badge">${weights.get(v.version)}</span>`}
    ${!v.is_eligible && html`<span class="badge bad">gates failed</span>`}
    ${hasReport(v) && html`<small><a href="${reportPath(v)}" data-key="report-${v.version}" data-report="${v.model}-${v.version}.html">report</a></small>`}</td><td>${words(v.algorithm)}
    ${v.fallback_reason && html`<small><span class="badge plain">ONNX Runtime</span> ${v.fallback_reason}</small>`}</td>
    ${shown.map((key) => html`<td class="num">${metricValue(key, v.evaluation?.metrics[key])}</td>`)}
    <td class="num wide nowrap">${bytes(v.package_bytes)}</td><td class="num wide nowrap">${date(v.created_at_millis)}</td></tr>`)}</tbody></table></div>`;
}

/** What answers when the version chosen cannot in time. */
const ladder = (rungs) => [
  rungs.fallback_version && `v${rungs.fallback_version}`,
  rungs.last_known_max_age_seconds && `the last score, up to ${figure(rungs.last_known_max_age_seconds)} s old`,
].filter(Boolean).join(', then ');

export function releases(list) {
  if (list.length === 0) {
    return html`<div class="empty"><strong>Nothing released yet.</strong><span>A release says which versions serve: <code>./foresell release MODEL@VERSION</code></span></div>`;
  }
  return html`<ol class="history">${list.slice(0, 8).map((r, i) => html`<li><p>Release ${r.revision} ${i === 0 && html`<span class="badge">current</span>`}
    ${r.routes.filter((route) => route.weight > 0 || route.shadow_percent > 0).map((route) => html`<span class="badge plain">v${route.version} · ${route.shadow_percent > 0 ? `shadow of ${route.shadow_percent}` : route.weight} %</span>`)}
    ${r.hold_out && html`<span class="badge plain">v${r.hold_out.version} holds ${r.hold_out.percent} % out</span>`}
    ${r.ladder && html`<small>in a hurry: ${ladder(r.ladder)}</small>`}</p>
    <p>${r.reason}</p><p class="muted">${r.actor} · ${date(r.created_at_millis)}</p></li>`)}</ol>`;
}

const JOB_BADGE = { queued: 'plain', running: '', succeeded: '', failed: 'bad', cancelled: 'plain' };

export function jobs(list) {
  return html`<div class="scroll"><table><thead><tr><th scope="col">Job</th><th scope="col">State</th><th scope="col">What happens</th><th scope="col" class="num wide">Asked for</th></tr></thead>
    <tbody>${list.slice(0, 6).map((j) => html`<tr><td class="nowrap">${words(j.model)} <small class="wide">${j.id}</small></td><td><span class="badge ${JOB_BADGE[j.state] ?? 'plain'}">${j.state}</span></td>
    <td>${jobWords(j)}</td><td class="num wide nowrap">${date(j.created_at_millis)}</td></tr>`)}</tbody></table></div>`;
}

function jobWords(job) {
  if (job.state === 'failed') return job.failure;
  const best = job.results.find((r) => r.is_best);
  if (job.state === 'succeeded') return best ? `${words(best.candidate)} is best of ${job.results.length}` : 'done';
  if (!job.progress) return 'waits for its turn';
  const left = job.progress.seconds_left == null ? '' : `, about ${duration(job.progress.seconds_left)} left`;
  return html`${job.progress.stage} <small>${percent(job.progress.fraction)}${left}</small>
    <svg class="progress" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="4" fill="var(--line)"/><rect width="${100 * job.progress.fraction}" height="4" fill="var(--accent)"/></svg>`;
}

export function metrics(evaluation) {
  return html`${Object.keys(METRICS).filter((key) => evaluation.metrics[key] != null).map((key) => {
    const value = evaluation.metrics[key];
    const baseline = evaluation.baseline_metrics[key];
    const deviation = evaluation.metric_standard_deviations[key];
    const isJudged = baseline != null && !UNJUDGED.has(key);
    const isBetter = isLoss(key) ? value < baseline : value > baseline;
    return html`<div class="metric"><small>${metricTitle(key)}</small><b>${metricValue(key, value)}</b>
      <small>${deviation != null && html`± ${metricValue(key, deviation)}`}${deviation != null && baseline != null && ' · '}${isJudged && html`<span class="${isBetter ? 'better' : 'worse'}">${isBetter ? 'beats' : 'loses to'}</span> `}${baseline != null && html`baseline ${metricValue(key, baseline)}`}</small></div>`;
  })}`;
}

function split(text) {
  const folds = /^k_fold\(k=(\d+), by=(\w+)\)$/.exec(text);
  if (folds) return `${folds[1]} folds, each judged by a model fitted on the others${folds[2] === 'ENTITY' ? '; no entity is on both sides' : ''}.`;
  const byTime = /^time\(test_fraction=([\d.]+), gap_days=([\d.]+)\)$/.exec(text);
  if (!byTime) return `Split: ${text}.`;
  const days = Number(byTime[2]);
  return `Judged on the newest ${percent(Number(byTime[1]))} of the time${days > 0 ? `, ${duration(days * 86400)} after the last row learnt from` : ''}.`;
}

export const evaluationSum = (e) =>
  `${count(e.evaluation_row_count)} rows judged${e.base_rate == null ? '' : `, ${percent(e.base_rate, 1)} positive`}. ${split(e.split)}`;

export const warnings = (e) => html`${e.warnings.map((w) => html`<p class="notice">${w}</p>`)}`;

/** What a version had to reach to be released; nothing when its training declared no gates. */
export function gates(list) {
  if (list.length === 0) return '';
  const failed = list.filter((gate) => !gate.is_held).length;
  return html`<section class="card" aria-labelledby="gates-title"><div class="card-head"><h3 id="gates-title">Gates</h3>
    <p class="muted">${failed === 0 ? `all ${list.length} hold: this version may be released` : `${failed} of ${list.length} failed: this version is not released unless forced`}</p></div>
    <div class="scroll"><table><thead><tr><th scope="col">Gate</th><th scope="col">Outcome</th><th scope="col">Measured</th><th scope="col">Asked for</th></tr></thead>
    <tbody>${list.map((gate) => html`<tr><td>${metricTitle(gate.gate)}</td><td><span class="badge ${gate.is_held ? '' : 'bad'}">${gate.is_held ? 'holds' : 'failed'}</span></td>
    <td>${gate.value}</td><td>${gate.expectation}</td></tr>`)}</tbody></table></div></section>`;
}

const LENGTH = 219.9; // Of the gauge's arc: 0.7 of a circle of radius 50.

// A band only goes with the probability of a binary model; labels and plain values are shown as what they are.
const shape = (answer) => (answer.labels?.length > 0 ? labelled(answer) : html`<p class="tile-big">${number(answer.score)}</p>`);
const number = (value) => (value == null ? 'no number' : Number(value.toPrecision(6)).toLocaleString('en'));

function labelled(answer) {
  const most = Math.max(...answer.labels.map((l) => Math.abs(l.score ?? 0)), 1e-9);
  return html`<div class="scroll"><table><thead><tr><th scope="col">Answer</th><th scope="col" class="num">Score</th><th scope="col" class="wide"></th></tr></thead><tbody>${answer.labels.map((l) => html`<tr>
    <td>${l.label === answer.label ? html`<strong>${l.label}</strong>` : l.label}</td><td class="num">${number(l.score)}</td><td class="wide"><svg class="progress" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="4" fill="var(--line)"/><rect width="${(100 * Math.max(0, l.score ?? 0)) / most}" height="4" fill="var(--accent)"/></svg></td></tr>`)}</tbody></table></div>`;
}

function gauge(answer, isChurn) {
  if (!answer.band) return shape(answer);
  const tone = ['low', 'medium', 'high'].includes(answer.band) ? answer.band : 'medium';
  const shown = answer.score ?? 0;
  return html`<svg class="gauge" viewBox="0 0 120 114" role="img" aria-label="${chance(shown)}, ${answer.band}">
      <path class="gauge-track" d="${ARC}"/><path class="gauge-value band-${tone}" d="${ARC}" stroke-dasharray="${LENGTH}" stroke-dashoffset="${LENGTH * (1 - shown)}"/>
      <text class="gauge-number" x="60" y="69">${chance(shown)}</text><text class="gauge-label" x="60" y="110">${isChurn ? 'chance of leaving' : 'score'}</text></svg>`;
}

export function verdict(answer, isChurn) {
  return html`<div class="verdict">${gauge(answer, isChurn)}
    <div class="verdict-words"><p>${headline(answer, isChurn)}</p>
      <p class="muted">Version ${answer.version} of ${words(answer.model)}${answer.release > 0 && `, release ${answer.release}`}${answer.feature_age_seconds != null && html`. It uses values up to ${duration(answer.feature_age_seconds)} old`}.</p></div></div>
    <ul class="reasons">${reasons(answer.reasons)}</ul>
    ${(answer.missing_features.length > 0 || answer.stale_features.length > 0) && html`<p class="muted gaps">
      ${gaps('No value for', answer.missing_features)} ${gaps('Too old:', answer.stale_features)}</p>`}`;
}

const gaps = (what, features) => (features.length === 0 ? '' : `${what} ${features.map(words).join(', ')}.`);

const ARC = arc(60, 60, 50, 0.7);

function arc(x, y, r, share) {
  const half = Math.PI * share;
  const at = (angle) => `${(x + r * Math.sin(angle)).toFixed(2)} ${(y - r * Math.cos(angle)).toFixed(2)}`;
  return `M ${at(-half)} A ${r} ${r} 0 1 1 ${at(half)}`;
}

function headline(answer, isChurn) {
  const name = answer.entity ?? answer.customer;
  if (!isChurn) return `${name}: ${answer.band || answer.label || 'value'}`;
  return { high: `${name} is likely to leave.`, medium: `${name} may leave.`, low: `${name} is likely to stay.` }[answer.band] ?? name;
}

function reasons(list) {
  const most = Math.max(...list.map((r) => Math.abs(r.contribution ?? 0)), 1e-9);
  return list.map((r) => {
    const size = (48 * Math.abs(r.contribution ?? 0)) / most;
    const isUp = (r.contribution ?? 0) > 0;
    const [, said, effect] = /^(.*): (.*)$/.exec(r.sentence) ?? [null, r.sentence, ''];
    return html`<li><span>${said} ${effect !== '' && html`<small>· ${effect}</small>`}</span><svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="${isUp ? 'raises' : 'lowers'} the score">
      <rect class="${isUp ? 'up' : 'down'}" x="${isUp ? 50 : 50 - size}" width="${size}" height="8"/><line class="bar-mid" x1="50" x2="50" y1="0" y2="8"/></svg></li>`;
  });
}

export const invitation = () => html`<p class="muted">The answer appears here: how likely it is, and what speaks for and against it.</p>`;

export const registryAway = () => html`<div class="card empty"><strong>The registry does not answer at the moment.</strong><span>Models appear here as soon as it does. Inference keeps scoring with what it has loaded.</span></div>`;

const KIND = {
  404: 'Not found. Is the key spelled as in your data?',
  409: 'Not possible yet.',
  429: 'Many questions at once. Please try again in a moment.',
  503: 'Not ready right now. Please ask again in a moment.',
  504: 'The answer took too long.',
};

export function refusal(error, isTrained) {
  if (error.status === 404 && !isTrained) {
    return html`<div class="error calm"><p><strong>No model can answer yet.</strong></p><p class="muted">See it work with a demo company: <code>./foresell up --demo</code></p></div>`;
  }
  return html`<div class="error ${error.status >= 500 || error.status === 0 ? '' : 'calm'}"><p><strong>${KIND[error.status] ?? 'This did not work.'}</strong></p><p class="muted">${error.message}</p></div>`;
}
