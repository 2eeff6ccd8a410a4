// The console: asks every few seconds, shows what changed, keeps what it had when something is away.
import { get, hasToken, rememberToken, save } from './api.js';
import * as charts from './charts.js';
import { html, show, text, words } from './format.js';
import * as views from './views.js';

const REFRESH_MILLIS = 4000;
const element = (id) => document.getElementById(id);
const hide = (id, isHidden) => { element(id).hidden = isHidden; };

const state = { model: null, version: null, models: [], isRegistryKnown: false, jobs: [] };

async function refresh() {
  const [cluster, models, jobs] = await Promise.allSettled([get('/v1/services'), get('/v1/models'), get('/v1/jobs')]);
  if (cluster.status === 'fulfilled') showCluster(cluster.value);
  if (models.status === 'fulfilled') {
    state.models = models.value.models;
    state.isRegistryKnown = true;
  }
  if (jobs.status === 'fulfilled') state.jobs = jobs.value.jobs;
  showState([cluster, models, jobs].filter((answer) => answer.status === 'rejected').map((answer) => answer.reason));
  if (models.status === 'fulfilled') await showModels();
  else if (!state.isRegistryKnown && models.reason.status !== 401) show('models', views.registryAway());
  showJobs();
}

function showCluster(cluster) {
  show('services', views.services(cluster));
  if (cluster.store) {
    show('store', views.store(cluster.store.views));
    text('store-sum', views.storeSum(cluster.store.views));
  } else if (!element('store').shown) {
    show('store', html`<p class="empty">The feature store does not answer at the moment.</p>`);
  }
  const away = cluster.services.filter((s) => s.status !== 'serving').length;
  pulse(away === 0 ? 'good' : 'warn', away === 0 ? 'All services serve' : `${away} of ${cluster.services.length} services away`);
}

function showState(errors) {
  const unreachable = errors.find((e) => e.status === 0);
  const wantsToken = errors.some((e) => e.status === 401);
  hide('token-form', !wantsToken);
  if (unreachable) pulse('bad', 'Gateway not reachable');
  if (wantsToken) pulse('warn', 'Token needed');
  const other = errors.find((e) => e.status !== 401);
  hide('notice', !other);
  if (other) {
    element('notice').classList.toggle('bad', other.status === 0);
    const kept = state.isRegistryKnown ? 'You see what was known last. ' : '';
    text('notice', `Not everything answers: ${other.message.replace(/\.?$/, '.')} ${kept}The console keeps trying.`);
  }
}

function pulse(tone, words) {
  element('pulse').firstElementChild.className = `dot ${tone}`;
  text('pulse-text', words);
}

async function showModels() {
  if (!state.models.some((m) => m.name === state.model)) {
    state.model = (state.models.find((m) => m.release) ?? state.models[0])?.name ?? null;
    state.version = null;
  }
  show('models', views.models(state.models, state.model));
  hide('model-details', state.model == null);
  if (state.model == null) {
    hide('evaluation', true);
    return;
  }
  const model = state.models.find((m) => m.name === state.model);
  const name = encodeURIComponent(state.model);
  try {
    const [{ versions }, { releases }] = await Promise.all([get(`/v1/models/${name}/versions`), get(`/v1/models/${name}/releases`)]);
    text('versions-model', words(state.model));
    show('versions', views.versions(versions, model.release));
    show('releases', views.releases(releases));
    showEvaluation(versions, model);
  } catch (error) {
    showState([error]);
  }
}

function showEvaluation(versions, model) {
  const judged = versions.filter((v) => v.evaluation);
  hide('evaluation', judged.length === 0);
  if (judged.length === 0) return;
  const main = [...(model.release?.routes ?? [])].sort((a, b) => b.weight - a.weight)[0]?.version;
  const chosen = judged.find((v) => v.version === state.version) ?? judged.find((v) => v.version === main) ?? judged[0];
  show('version-picker', html`${judged.map((v) => html`<option value="${v.version}">${v.version} · ${words(v.algorithm)}${v.version === main && ' (released)'}</option>`)}`);
  element('version-picker').value = chosen.version;
  text('evaluation-sum', views.evaluationSum(chosen.evaluation));
  show('warnings', views.warnings(chosen.evaluation));
  show('metrics', views.metrics(chosen.evaluation));
  show('gates', views.gates(chosen.gates));
  hide('report-link', !views.hasReport(chosen));
  element('report-link').href = views.reportPath(chosen);
  element('report-link').dataset.report = `${chosen.model}-${chosen.version}.html`;
  // Shown before they are drawn: a hidden chart has no size.
  hide('figure-calibration', chosen.evaluation.calibration.length === 0);
  hide('figure-gain', chosen.evaluation.lift.length === 0);
  if (chosen.evaluation.calibration.length > 0) charts.calibration(chosen.evaluation.calibration);
  if (chosen.evaluation.lift.length > 0) charts.gain(chosen.evaluation.lift, chosen.model.includes('churn'));
  charts.importance(chosen.evaluation.importance);
  showCandidates(chosen, judged);
}

/** Compares what the version's job tried; for an imported version, the versions themselves. */
function showCandidates(chosen, judged) {
  const job = state.jobs.find((j) => j.id === chosen.job_id && j.results.length > 0);
  const metric = job?.metric || views.usualMetrics(chosen.task)[0];
  const tried = job
    ? job.results.filter((r) => r.evaluation).map((r) => ({ name: r.candidate, value: r.evaluation.metrics[metric], faint: r.version !== chosen.version }))
    : judged.map((v) => ({ name: `${v.version} ${v.algorithm}`, value: v.evaluation.metrics[metric], faint: v !== chosen }));
  const isLoss = views.isLoss(metric);
  tried.sort((a, b) => (isLoss ? a.value - b.value : b.value - a.value));
  text('candidates-text', `By ${views.metricTitle(metric)}${isLoss ? ' (less is better)' : ''}, on rows that none of them was fitted on.`);
  charts.candidates(tried.slice(0, 10), chosen.evaluation.baseline_metrics[metric]);
}

function showJobs() {
  hide('jobs-card', state.jobs.length === 0);
  if (state.jobs.length > 0) show('jobs', views.jobs(state.jobs));
}

async function lookUp(key) {
  const isDefault = state.model == null || state.model === 'churn';
  const path = isDefault
    ? `/v1/customers/${encodeURIComponent(key)}/churn?reasons=5`
    : `/v1/models/${encodeURIComponent(state.model)}/entities/${encodeURIComponent(key)}/score?reasons=5`;
  document.title = `${key} · Foresell`;
  const button = element('lookup').querySelector('button');
  button.setAttribute('aria-busy', 'true');
  try {
    show('answer', views.verdict(await get(path), isDefault || state.model.includes('churn')));
  } catch (error) {
    show('answer', views.refusal(error, state.models.length > 0 || !state.isRegistryKnown));
  } finally {
    button.removeAttribute('aria-busy');
  }
}

element('lookup').addEventListener('submit', (event) => {
  event.preventDefault();
  const key = element('customer').value.trim();
  if (key) {
    history.replaceState(null, '', `?customer=${encodeURIComponent(key)}`);
    lookUp(key);
  }
});

element('models').addEventListener('click', (event) => {
  const tile = event.target.closest('button[data-key]');
  if (!tile) return;
  state.model = tile.dataset.key;
  state.version = null;
  showModels();
});

element('version-picker').addEventListener('change', (event) => {
  state.version = Number(event.target.value);
  showModels();
});

// A link cannot carry the token, so the report of a protected cluster is fetched and saved.
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-report]');
  if (!link || !hasToken()) return;
  event.preventDefault();
  save(link.getAttribute('href'), link.dataset.report).catch((error) => showState([error]));
});

element('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  rememberToken(element('token').value);
  run();
});

let timer;
async function run() {
  clearTimeout(timer);
  if (!document.hidden) await refresh();
  timer = setTimeout(run, REFRESH_MILLIS);
}
document.addEventListener('visibilitychange', () => { if (!document.hidden) run(); });

show('answer', views.invitation());
await run();
const asked = new URLSearchParams(location.search).get('customer');
if (asked) {
  element('customer').value = asked;
  lookUp(asked);
}
