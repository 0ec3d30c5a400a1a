/** Secrets and their versions over HTTP: `GET` and `PUT /secrets/{name}`, `GET /secrets/{name}/{version}` and `/versions`. Key Vault: secrets. */
import { VAULT_PATH } from '../api-resource.ts';
import type { Checks } from '../checks/checks.ts';
import { isRead, type MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import type { Caller } from './bearer.ts';
import type { GraphRefusal } from './graph-answer.ts';
import { requireJson } from './json-body.ts';
import { findSecret, type Secret, type SecretVersion, writeSecret } from './secrets.ts';

interface SecretCall {
  readonly request: MockRequest;
  readonly services: Services;
  readonly caller: Caller;
  /** Below `VAULT_PATH`. */
  readonly path: string;
}

export function answerSecretRequest(checks: Checks<GraphRefusal>, { request, services, caller, path }: SecretCall): object {
  const [, name, part] = /^([0-9A-Za-z-]{1,127})(?:\/([0-9a-z]+))?\/?$/.exec(path) ?? [];
  checks.require(name !== undefined, {
    name: 'the path is a secret, or a version of one',
    section: 'RFC 9110 §15.5.5',
    refusal: { status: 404, code: 'SecretNotFound', message: 'There is nothing here: a secret has letters, digits and hyphens.' },
  });
  const subject = { tenantId: caller.tenantId, name };
  const allow = part === undefined ? 'GET, HEAD, PUT' : 'GET, HEAD';
  checks.require(isRead(request) || (request.method === 'PUT' && part === undefined), {
    name: `the method is one of ${allow}`,
    section: 'RFC 9110 §15.5.6',
    refusal: { status: 405, code: 'MethodNotAllowed', message: `The method ${request.method} is not allowed here.`, headers: { allow } },
  });
  if (request.method === 'PUT') {
    const secret = writeSecret(subject, { value: requireValue(checks, request), services });
    return bundle(secret, requireVersion(checks, secret), request);
  }
  const secret = findSecret(subject, services);
  checks.require(secret !== undefined, { name: 'the secret exists', section: 'Key Vault: get secret', refusal: notFound(name) });
  if (part === 'versions') return listVersions(secret, request);
  return bundle(secret, requireVersion(checks, secret, part), request);
}

function requireValue(checks: Checks<GraphRefusal>, request: MockRequest): string {
  const { value } = requireJson(checks, request);
  checks.require(typeof value === 'string' && value.length <= LONGEST_VALUE, {
    name: `the value is a string of at most ${LONGEST_VALUE} characters`,
    section: 'Key Vault: set secret',
    refusal: { status: 400, code: 'BadParameter', message: `The property value must be a string of at most ${LONGEST_VALUE} characters.` },
  });
  return value;
}

/** That version, or the newest. */
function requireVersion(checks: Checks<GraphRefusal>, { name, versions }: Secret, id?: string): SecretVersion {
  const version = id === undefined ? versions.at(-1) : versions.find((each) => each.id === id);
  checks.require(version !== undefined, {
    name: 'the version exists',
    section: 'Key Vault: get secret',
    refusal: notFound(`${name}/${id}`),
  });
  return version;
}

/** The newest first, and never with their values. */
function listVersions(secret: Secret, request: MockRequest): object {
  const value = secret.versions.map((version) => describe(secret, version, request));
  return { value: value.reverse(), nextLink: null };
}

function bundle(secret: Secret, version: SecretVersion, request: MockRequest): object {
  return { value: version.value, ...describe(secret, version, request) };
}

function describe({ name }: Secret, { id, createdAtMs }: SecretVersion, { origin }: MockRequest): object {
  const seconds = Math.floor(createdAtMs / 1000);
  return {
    id: `${origin}${VAULT_PATH}${name}/${id}`,
    attributes: { enabled: true, created: seconds, updated: seconds, recoveryLevel: 'Recoverable+Purgeable' },
  };
}

function notFound(name: string): GraphRefusal {
  return { status: 404, code: 'SecretNotFound', message: `A secret with (name/id) ${name} was not found in this key vault.` };
}

// Key Vault's limit is in octets.
const LONGEST_VALUE = 25_600;
