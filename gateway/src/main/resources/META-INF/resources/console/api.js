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
