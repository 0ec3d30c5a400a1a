/** All that can be printed or heard of a source's objects, and the search in it for what is secret. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { onTestFinished } from 'vitest';

/** A value in every form in which programs print values; of an error, what it was caused by too. */
export function printed(value: unknown): string {
  const shown = inspect(value, {
    depth: Number.POSITIVE_INFINITY,
    showHidden: true,
    getters: true,
    maxStringLength: null,
    maxArrayLength: null,
  });
  const parts = [shown, JSON.stringify(value), String(value)];
  if (value instanceof Error) parts.push(value.message, value.stack ?? '', printed(value.cause));
  if (value instanceof AggregateError) parts.push(...value.errors.map(printed));
  return parts.join('\n');
}

/** Which of the secrets are there: as they are, or as they travel in a form, in HTTP Basic, in a JWT or in hexadecimal. */
export function found(secrets: readonly string[], text: string): readonly string[] {
  return secrets.filter((secret) => formsOf(secret).some((form) => text.includes(form)));
}

function formsOf(secret: string): readonly string[] {
  const octets = Buffer.from(secret);
  // Base64 of the same text differs by what stands before it; the characters at its ends hold bits of its neighbours.
  const inBase64 = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), octets])
      .toString('base64')
      .replace(/=+$/, '')
      .slice(before === 0 ? 0 : before + 1, -1),
  );
  const forms = [...inBase64, ...inBase64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
  return [secret, encodeURIComponent(secret), new URLSearchParams({ s: secret }).toString().slice(2), octets.toString('hex'), ...forms];
}

/** Every event of ours until the test is finished. */
export function hear(): readonly unknown[] {
  const heard: unknown[] = [];
  const listener = (event: unknown, name: string | symbol): void => void heard.push([name, event]);
  for (const channel of CHANNELS) subscribe(channel, listener);
  onTestFinished(() => {
    for (const channel of CHANNELS) unsubscribe(channel, listener);
  });
  return heard;
}

const CHANNELS = [
  ...['token', 'token-request', 'credential-expiring', 'credential-skipped', 'throttled', 'clock-offset', 'warning'].map(
    (name) => `client-credentials:token-source:${name}`,
  ),
  ...['hit', 'due', 'miss', 'flight-start', 'flight-end', 'lease', 'eviction', 'store-failure', 'circuit'].map(
    (name) => `client-credentials:token-cache:${name}`,
  ),
];
