// @ts-check
/** Asks the control interface, of this page's own origin and no other. */

/** What the control interface refused; its message says what to do. */
export class ControlError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * @typedef {object} Api
 * @property {(path: string) => Promise<any>} get
 * @property {(path: string, value?: unknown) => Promise<any>} post
 * @property {(path: string) => Promise<any>} remove
 */

/**
 * Requests below `/__control/`; each rejects with a `ControlError` when it is refused, and with another error when nobody answers.
 *
 * @param {string} token
 * @returns {Api}
 */
export function createApi(token) {
  /**
   * @param {string} path
   * @param {{ method: string, value?: unknown }} options
   */
  async function ask(path, { method, value }) {
    const answer = await fetch(`/__control/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(value === undefined ? {} : { 'content-type': 'application/json' }) },
      body: value === undefined ? null : JSON.stringify(value),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
    });
    const text = await answer.text();
    if (!answer.ok) throw new ControlError(answer.status, messageOf(text) ?? `The control interface answered ${answer.status}.`);
    return text === '' ? undefined : JSON.parse(text);
  }
  return {
    get: (path) => ask(path, { method: 'GET' }),
    post: (path, value) => ask(path, { method: 'POST', value }),
    remove: (path) => ask(path, { method: 'DELETE' }),
  };
}

/**
 * The message in the interface's own form of an error.
 *
 * @param {string} text
 * @returns {string | undefined}
 */
function messageOf(text) {
  try {
    return JSON.parse(text).error.message;
  } catch {
    return undefined;
  }
}
