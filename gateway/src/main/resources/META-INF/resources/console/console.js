// The console: asks every few seconds, shows what changed, keeps what it had when something is away.
import { get, hasToken, rememberToken, save } from './api.js';
import * as charts from './charts.js';
import { html, show, text, words } from './format.js';
import * as live from './live.js';
import * as views from './views.js';

const REFRESH_MILLIS = 4000;
const LIVE_MILLIS = 30_000; // the log computes when it is asked
const element = (id) => document.getElementById(id);
const hide = (id, isHidden) => { element(id).hidden = isHidden; };

const state = { model: null, version: null, models: [], isRegistryKnown: false, jobs: [], window: 604_800, live: null };

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
    ['evaluation', 'serving', 'live'].forEach((id) => hide(id, true));
    return;
  }
  const model = state.models.find((m) => m.name === state.model);
  const name = encodeURIComponent(state.model);
  try {
    const [{ versions }, { releases }] = await Promise.all([get(`/v1/models/${name}/versions`), get(`/v1/models/${name}/releases`)]);
    await showServing(model, name);
    text('versions-model', words(state.model));
    show('versions', views.versions(versions, model.release));
    show('releases', views.releases(releases));
    showEvaluation(versions, model);
    await showLive(model, name);
  } catch (error) {
    showState([error]);
  }
}

/** Nothing to steer here: whoever starts, promotes and rolls back does so with credentials of their own. */
async function showServing(model, name) {
  hide('serving', !model.release);
  if (!model.release) return;
  text('serving-sum', `Release ${model.release.revision} of ${words(model.name)}`);
  show('share', live.share(model.release));
  try {
    const [rollout, { events }] = await Promise.all([get(`/v1/models/${name}/rollout`), get(`/v1/models/${name}/rollout/events`)]);
    if (state.model !== model.name) return;
    text('rollout-sum', live.rolloutSum(rollout));
    show('rollout', live.rollout(rollout, events));
    hide('events-card', events.length === 0);
    show('events', live.history(events));
  } catch (error) {
    if (error.status !== 404) throw error;
    text('rollout-sum', '');
    show('rollout', live.noRollout(model));
    hide('events-card', true);
  }
}

/** Asked seldom, kept while the log is away; a model that nothing was recorded of has none. */
async function showLive(model, name) {
  const key = `${model.name} ${state.window} ${model.release?.revision}`;
  const isFresh = state.live?.key === key && Date.now() - state.live.at < LIVE_MILLIS;
  if (isFresh) return;
  const from = new Date(Date.now() - 1000 * state.window).toISOString();
  const shadows = (model.release?.routes ?? []).filter((r) => r.shadow_percent > 0);
  try {
    const [answered, copied] = await Promise.all([
      get(`/v1/models/${name}/live?from=${from}`),
      shadows.length > 0 ? get(`/v1/models/${name}/live?from=${from}&kind=shadow`) : { versions: [] },
    ]);
    if (state.model !== model.name) return;
    state.live = { key, at: Date.now(), model, answered, copied };
    drawLive();
  } catch (error) {
    if (error.status !== 404) throw error;
    state.live = { key, at: Date.now() };
    hide('live', true);
  }
}

function drawLive() {
  const { model, answered, copied } = state.live;
  const versions = live.measured(answered, copied, model.release);
  hide('live', versions.length === 0);
  if (versions.length === 0) return;
  text('live-sum', live.liveSum(answered, versions));
  show('live-versions', live.liveVersions(versions, answered.task));
  const curves = versions.filter((v) => v.metrics.calibration.length > 0);
  const areas = versions.filter((v) => v.metrics.roc_auc != null);
  const chosen = versions.find((v) => v.key === element('live-version').value) ?? versions[0];
  show('live-version', html`${versions.map((v) => html`<option value="${v.key}">${v.title}</option>`)}`);
  element('live-version').value = chosen.key;
  text('drift-text', live.driftSum(chosen));
  // Shown before they are drawn: a hidden chart has no size.
  hide('figure-live-calibration', curves.length === 0);
  hide('figure-live-auc', areas.length === 0);
  if (curves.length > 0) live.calibrationChart(curves);
  if (areas.length > 0) live.areaChart(areas);
  hide('chart-live-drift', live.drifts(chosen).length === 0);
  if (live.drifts(chosen).length > 0) live.driftChart(chosen);
  live.scoreChart(versions);
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

element('live-window').addEventListener('change', (event) => {
  state.window = Number(event.target.value);
  showModels();
});

element('live-version').addEventListener('change', drawLive);

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
