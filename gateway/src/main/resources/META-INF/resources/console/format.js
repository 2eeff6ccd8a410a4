// Numbers, times and markup for people.

const YEAR_SECONDS = 31_557_600;
const whole = new Intl.NumberFormat('en');

export const count = (n) => whole.format(n ?? 0);
export const words = (name) => (name ?? '').replaceAll('_', ' ');
export const percent = (x, digits = 0) => (x == null ? '–' : `${(100 * x).toFixed(digits)} %`);
/** A chance is never shown as certain. */
export const chance = (x) => (x == null ? '–' : x < 0.005 ? '< 1 %' : x >= 0.995 ? '> 99 %' : percent(x));
export const decimal = (x, digits = 3) => (x == null ? '–' : x.toFixed(digits));

/** Four digits that matter, whole from 1000 on. */
export const figure = (x) => (x == null ? '–' : Math.abs(x) >= 1000 ? count(Math.round(x)) : String(Number(x.toPrecision(4))));

export function bytes(n) {
  if (n < 1024) return `${n} B`;
  return n < 1 << 20 ? `${(n / 1024).toFixed(0)} kB` : `${(n / 1048576).toFixed(1)} MB`;
}

export function duration(seconds) {
  if (seconds == null) return 'unknown';
  if (seconds < 1) return 'under a second';
  if (seconds >= 2 * YEAR_SECONDS) return `${(seconds / YEAR_SECONDS).toFixed(1)} years`;
  for (const [unit, size] of [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]]) {
    if (seconds >= size) {
      const n = Math.round(seconds / size);
      return `${count(n)} ${unit}${n === 1 ? '' : 's'}`;
    }
  }
  return '';
}

export const date = (millis) =>
  millis ? new Date(millis).toLocaleString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' }) : '–';

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

class Markup {
  constructor(text) { this.text = text; }
  toString() { return this.text; }
}

function put(value) {
  if (value == null || value === false) return '';
  if (Array.isArray(value)) return value.map(put).join('');
  return value instanceof Markup ? value.text : String(value).replace(/[&<>"']/g, (c) => ESCAPES[c]);
}

/** Template tag: everything put in is escaped unless it is markup itself. */
export function html(parts, ...values) {
  return new Markup(parts.reduce((text, part, i) => text + put(values[i - 1]) + part));
}

/** Writes markup only when it differs, so that nothing flickers and the focus stays where it is. */
export function show(id, markup) {
  const element = document.getElementById(id);
  const text = markup.toString();
  if (element.shown === text) return;
  const key = element.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  element.innerHTML = text;
  element.shown = text;
  if (key) element.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

export function text(id, value) {
  const element = document.getElementById(id);
  if (element.textContent !== value) element.textContent = value;
}
