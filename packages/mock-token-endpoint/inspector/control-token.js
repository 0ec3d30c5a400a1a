// @ts-check
/** The control token: it comes in the fragment of the page's address, which no server sees, and is taken out of it at once. */

const KEY = 'control token';

/** The token of this tab, or `undefined`. A reload finds it again; a new tab and the browser's history do not. */
export function takeToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token) {
    sessionStorage.setItem(KEY, token);
    history.replaceState(null, '', location.pathname + location.search);
  }
  return sessionStorage.getItem(KEY) ?? undefined;
}

/** A token that was refused is not kept. */
export function forgetToken() {
  sessionStorage.removeItem(KEY);
}
