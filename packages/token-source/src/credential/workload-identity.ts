/** A federated credential on Kubernetes: the token of a service account, in a file that the cluster renews. Azure Workload Identity. */
import { type Environment, readVariable } from '../environment.ts';
import { TokenSourceError } from '../errors.ts';
import type { Credential, CredentialContext, LoadedCredential } from './credential.ts';
import { createTokenLoader, MOST_TOKEN_CHARACTERS } from './external-token.ts';
import { type OptionTypes, requireKnownOptions } from './known-options.ts';
import { readSmallFile } from './small-file.ts';

export interface WorkloadIdentityOptions {
  /** Default: what `AZURE_FEDERATED_TOKEN_FILE` names, else where Azure Workload Identity puts it. */
  tokenFile?: string | undefined;
  /** Default: `process.env`. */
  environment?: Environment | undefined;
}

/**
 * The token in a file, which is read before every attempt. While the file is gone or half written, the token that was in it before goes
 * on serving until it expires, and a `credential-skipped` event tells so.
 *
 * @throws {TokenSourceError} `invalid_configuration`; from `getToken` `credential_unavailable`
 * @throws {ProtocolError} `invalid_credential`, from `getToken`, if the file holds no signed JWT or an expired one
 * @see Azure Workload Identity, Mutating Admission Webhook
 *   https://azure.github.io/azure-workload-identity/docs/installation/mutating-admission-webhook.html
 */
export function workloadIdentity(options: WorkloadIdentityOptions = {}): Credential {
  requireKnownOptions(options, { of: KIND, types: OPTION_TYPES });
  const { environment = process.env, tokenFile = readVariable(environment, VARIABLE) ?? USUAL_FILE } = options;
  if (typeof tokenFile !== 'string' || tokenFile === '') {
    throw new TokenSourceError('invalid_configuration', `The tokenFile is no path; give one, or leave it out for that of ${VARIABLE}`);
  }
  const loadToken = createTokenLoader(KIND);
  let last: LoadedCredential | undefined;
  return {
    kind: KIND,
    async load(context) {
      try {
        last = loadToken(await readTokenFile(tokenFile));
      } catch (error) {
        if (!isInForce(last, context)) throw error;
        context.onSkipped(KIND, error);
      }
      return last;
    },
  };
}

function readTokenFile(path: string): Promise<string> {
  return readSmallFile({
    path,
    name: 'The token file',
    advice: `is the pod labelled azure.workload.identity/use: "true", and its service account the right one? Else set ${VARIABLE}`,
    mostBytes: MOST_TOKEN_CHARACTERS,
    followLinks: true,
  });
}

function isInForce(loaded: LoadedCredential | undefined, { now }: CredentialContext): loaded is LoadedCredential {
  return loaded?.expiresAtMs !== undefined && now() < loaded.expiresAtMs;
}

const KIND = 'workloadIdentity';
const OPTION_TYPES: OptionTypes<WorkloadIdentityOptions> = { tokenFile: ['string'], environment: ['object'] };
const VARIABLE = 'AZURE_FEDERATED_TOKEN_FILE';
const USUAL_FILE = '/var/run/secrets/azure/tokens/azure-identity-token';
