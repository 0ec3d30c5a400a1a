/** What a token request over TLS costs its client: time of the processor, beside bare requests and other libraries. */
import { hasPeers } from './peers.mjs';
import { startClient, withEndpoint } from './processes.mjs';
import { mediansInTurns } from './turns.mjs';

const ROUNDS = 15;
const REQUESTS_PER_ROUND = 320;
const WAYS = { 'one after the other': 1, '16 at once': 16 };
const TITLES = {
  bareRequest: 'undici.request',
  oursSecret: 'client-credentials, secret',
  msalSecret: 'MSAL, secret',
  ...(hasPeers && { oauth4webapiSecret: 'oauth4webapi, secret' }),
  bareRequestAndSignature: 'undici.request and crypto.sign',
  oursCertificate: 'client-credentials, certificate',
  // It sends the assertion of its first request again and again.
  msalCertificate: 'MSAL, certificate, signed once',
};
/** What is compared with what, and how many times as much it may cost. */
const BUDGETS = [
  { name: 'oursSecret', bare: 'bareRequest', most: 1.4 },
  { name: 'oursCertificate', bare: 'bareRequestAndSignature', most: 1.4 },
];

export function measureRequests() {
  return withEndpoint(async (origin) => {
    const clients = {};
    try {
      for (const name of Object.keys(TITLES)) clients[name] = await startClient(name, origin);
      const figures = {};
      for (const [way, atOnce] of Object.entries(WAYS)) {
        const task = { requests: REQUESTS_PER_ROUND, atOnce };
        const candidates = Object.fromEntries(Object.entries(clients).map(([name, client]) => [name, () => client.ask(task)]));
        figures[way] = await mediansInTurns(candidates, { rounds: ROUNDS, warmUpRounds: 3 });
      }
      return figures;
    } finally {
      for (const client of Object.values(clients)) client.end();
    }
  });
}

export function describeRequests(figures) {
  return [
    'a token request over TLS, in microseconds of the client’s processor, beside undici.request: medians of rounds in turns',
    ...Object.entries(figures).flatMap(([way, micros]) => [
      `  ${way}`,
      ...Object.entries(TITLES).map(([name, title]) => `    ${title.padEnd(36)}${row(micros, name)}`),
      ...BUDGETS.map((budget) => `    ${budgetLine(micros, budget)}`),
    ]),
  ].join('\n');
}

function row(micros, name) {
  return `${Math.round(micros[name]).toString().padStart(6)}${(micros[name] / micros.bareRequest).toFixed(2).padStart(8)} ×`;
}

function budgetLine(micros, { name, bare, most }) {
  const ratio = micros[name] / micros[bare];
  return `${TITLES[name]}: ${ratio.toFixed(2)} × ${TITLES[bare]}, budget ${most} ×: ${ratio <= most ? 'ok' : 'over'}`;
}
