/** The other processes of a benchmark: the endpoint, and clients that stay, so that each is warm and none meets another's heap. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ENDPOINT = fileURLToPath(new URL('./endpoint.mjs', import.meta.url));
const CLIENT = fileURLToPath(new URL('./token-requests.mjs', import.meta.url));

/** How a process is started that trusts the endpoint and finds the libraries of others. */
export const CLIENT_SETTINGS = {
  execArgv: ['--no-warnings', '--experimental-import-meta-resolve'],
  env: { ...process.env, NODE_EXTRA_CA_CERTS: fileURLToPath(new URL('../../fixtures/certificates/loopback.crt.pem', import.meta.url)) },
};

/** Calls `work` with the endpoint's origin, and ends the endpoint. */
export async function withEndpoint(work) {
  const endpoint = fork(ENDPOINT);
  try {
    return await work(await messageOf(endpoint));
  } finally {
    endpoint.disconnect();
  }
}

/** A client that answers `ask(task)` with what the task took. */
export async function startClient(name, origin) {
  const child = fork(CLIENT, [name, origin], CLIENT_SETTINGS);
  await messageOf(child);
  return {
    ask(task) {
      child.send(task);
      return messageOf(child);
    },
    end() {
      if (child.connected) child.disconnect();
    },
  };
}

/** Its next message; rejects when it ends in place of one. */
async function messageOf(child) {
  const stop = new AbortController();
  const { signal } = stop;
  const ended = once(child, 'exit', { signal }).then(() => Promise.reject(new Error(`${child.spawnargs.slice(1).join(' ')} has ended`)));
  try {
    const [message] = await Promise.race([once(child, 'message', { signal }), ended]);
    return message;
  } finally {
    ended.catch(() => {});
    stop.abort();
  }
}
