// Asks the gateway; every failure becomes an error with words for people.

export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail || 'The gateway cannot be reached.');
    this.status = status;
    this.reason = problem.reason || 'UNREACHABLE';
    this.domain = problem.domain || 'gateway';
  }
}

const TOKEN_KEY = 'foresell.token';

export function rememberToken(token) {
  sessionStorage.setItem(TOKEN_KEY, token);
}

export const hasToken = () => sessionStorage.getItem(TOKEN_KEY) != null;

/** Saves an answer that is not JSON as a file. */
export async function save(path, name) {
  let response;
  try {
    response = await fetch(path, { headers: { Authorization: `Bearer ${sessionStorage.getItem(TOKEN_KEY)}` }, signal: AbortSignal.timeout(30_000) });
  } catch {
    throw new ApiError(0, {});
  }
  if (!response.ok) throw new ApiError(response.status, await response.json().catch(() => ({})));
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export async function get(path) {
  const token = sessionStorage.getItem(TOKEN_KEY);
  let response;
  try {
    response = await fetch(path, {
      headers: token ? { Accept: 'application/json', Authorization: `Bearer ${token}` } : { Accept: 'application/json' },
      signal: AbortSignal.timeout(10_000),
    });
  } catch {
    throw new ApiError(0, {});
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new ApiError(response.status, body);
  }
  return body;
}
