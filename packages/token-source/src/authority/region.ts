/** Finds the Azure region in which this process runs. Azure: Instance Metadata Service. */
import { entraServer, type HttpResponse, ProtocolError } from '@client-credentials/protocol';
import { type Environment, readVariable } from '../environment.ts';
import type { DiscoveryContext } from './authority.ts';
import { isClosed } from './shared-answer.ts';

/**
 * The region that `REGION_NAME` names, else that of the virtual machine, in lower case; `undefined` if there is neither, or not by a
 * name that a region can have. Whatever fails is no reason to go without a token: the global host serves everybody.
 *
 * @throws {TokenSourceError} `closed` if the source that asks was closed meanwhile, which says nothing of the machine
 * @see Azure Instance Metadata Service https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service
 */
export async function detectRegion(environment: Environment, context: DiscoveryContext): Promise<string | undefined> {
  return regionOf(readVariable(environment, 'REGION_NAME')) ?? regionOf(await locationOfMachine(context));
}

/** `West Europe`, as some write it, to `westeurope`. */
function regionOf(name: unknown): string | undefined {
  const region = typeof name === 'string' ? name.replaceAll(' ', '').toLowerCase() : '';
  return isRegion(region) ? region : undefined;
}

/** The name becomes part of a host, so the rule is the one by which that is built. */
function isRegion(region: string): boolean {
  try {
    entraServer({ tenant: 'any.example', region });
    return true;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}

async function locationOfMachine(context: DiscoveryContext): Promise<unknown> {
  try {
    const answer = await askMachine({ 'api-version': USUAL_VERSION }, context);
    if (answer.status !== 400) return readMember(answer, 'location');
    // Who names no version is told, with a 400 too, which there are.
    const versions = readMember(await askMachine({}, context), 'newest-versions', 400);
    const newest = Array.isArray(versions) ? versions[0] : undefined;
    return typeof newest === 'string' ? readMember(await askMachine({ 'api-version': newest }, context), 'location') : undefined;
  } catch (error) {
    if (isClosed(error)) throw error;
    return undefined;
  }
}

function askMachine(query: Readonly<Record<string, string>>, { transport, signal, timeoutMs }: DiscoveryContext): Promise<HttpResponse> {
  return transport.send({
    url: `${COMPUTE}?${new URLSearchParams(query)}`,
    method: 'GET',
    headers: { accept: 'application/json', metadata: 'true' },
    // The address is one of this machine; a proxy would answer for its own.
    direct: true,
    signal,
    timeoutMs: Math.min(timeoutMs, MOST_MS),
  });
}

/** A member of the answer's JSON object, if it came with this status. */
function readMember({ status, body }: HttpResponse, name: string, expected = 200): unknown {
  return status === expected ? JSON.parse(Buffer.from(body).toString())[name] : undefined;
}

const COMPUTE = 'http://169.254.169.254/metadata/instance/compute';
const USUAL_VERSION = '2021-02-01';
/** Outside Azure nobody answers. */
const MOST_MS = 2_000;
