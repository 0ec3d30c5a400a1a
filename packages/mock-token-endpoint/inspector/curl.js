// @ts-check
/** An exchange's request as a command for a POSIX shell: safe to paste, whatever a client sent. */
import { MASK, mask, maskTarget } from './mask.js';

/** @import { JournalEntry } from '../src/journal-entry.ts' */

/**
 * The command. A credential that is not revealed is masked; a token, of which the journal has a digest only, is `$ACCESS_TOKEN`.
 *
 * @param {JournalEntry} entry
 * @param {{ origins: Readonly<Record<string, string>>, isRevealed: (part: 'query' | 'header' | 'form', name: string) => boolean }} options
 */
export function curlCommand(entry, { origins, isRevealed }) {
  const { method, path, headers, form = {}, listener } = entry;
  const target = maskTarget(path, (name) => isRevealed('query', name));
  const url = `${origins[listener]}${withReadableMask(target.toWellFormed().replace(/[^\x21-\x7e]/gu, encodeURIComponent))}`;
  const options = [
    ...(origins[listener]?.startsWith('https:') ? ['--cacert "$NODE_EXTRA_CA_CERTS"'] : []),
    ...(listener === 'mtls' ? ['--cert "$CLIENT_CERTIFICATE_FILE"', '--key "$CLIENT_KEY_FILE"'] : []),
    ...(method === 'HEAD' ? ['--head'] : [`--request ${quote(method)}`]),
    ...Object.entries(headers)
      .filter(([name]) => !SET_BY_CURL.has(name))
      .map(([name, value]) => `--header ${headerArgument(name, isRevealed('header', name) ? value : mask(name, value))}`),
    ...Object.entries(form).map(
      ([name, value]) => `--data-raw ${fieldArgument(name, isRevealed('form', name) ? value : mask(name, value))}`,
    ),
  ];
  return [`curl --include --globoff --path-as-is ${quote(url)}`, ...options].join(' \\\n  ');
}

/**
 * The command that asks the mock for a token, on one line. The secret is `$CLIENT_SECRET`.
 *
 * @param {{ tokenEndpoint: string, clientId: string, scope: string }} target
 */
export function tokenCommand({ tokenEndpoint, clientId, scope }) {
  return [
    'curl',
    ...(tokenEndpoint.startsWith('https:') ? ['--cacert "$NODE_EXTRA_CA_CERTS"'] : []),
    quote(tokenEndpoint),
    `--data-raw ${fieldArgument('grant_type', 'client_credentials')}`,
    `--data-raw ${fieldArgument('client_id', clientId)}`,
    '--data-urlencode "client_secret=$CLIENT_SECRET"',
    `--data-raw ${fieldArgument('scope', scope)}`,
  ].join(' ');
}

/**
 * @param {string} name
 * @param {string} value
 */
function headerArgument(name, value) {
  const scheme = /^([\w-]+) sha256:/.exec(value)?.[1];
  if (name === 'authorization' && scheme) return `${quote(`authorization: ${scheme} `)}"$ACCESS_TOKEN"`;
  // curl sends an empty header only when a semicolon ends its name.
  return quote(value === '' ? `${name};` : `${name}: ${value}`);
}

/**
 * A pair of a form, encoded, so that no octet of it means anything to a terminal.
 *
 * @param {string} name
 * @param {string} value
 */
function fieldArgument(name, value) {
  return quote(withReadableMask(new URLSearchParams([[name, value]]).toString()));
}

/**
 * Whoever pastes the command is to see what is missing.
 *
 * @param {string} encoded
 */
function withReadableMask(encoded) {
  return encoded.replaceAll(encodeURIComponent(MASK), MASK);
}

/**
 * One word of a command line; what is not printable, and could steer a terminal, becomes a question mark.
 *
 * @param {string} text
 */
function quote(text) {
  return `'${text.replace(/[^\x20-\x7e•]/g, '?').replaceAll("'", "'\\''")}'`;
}

const SET_BY_CURL = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'expect', 'keep-alive', 'te']);
