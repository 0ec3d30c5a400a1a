/** Which of Azure's platforms this process runs on, by what they put into the environment. */
import { appService } from './app-service.ts';
import { azureArc } from './azure-arc.ts';
import { cloudShell } from './cloud-shell.ts';
import { imds } from './imds.ts';
import { machineLearning } from './machine-learning.ts';
import type { Host, Platform } from './platform.ts';
import { serviceFabric } from './service-fabric.ts';

/**
 * The first that is recognised, from the one with the most signs to the one with none: IMDS is asked where nothing speaks of another.
 *
 * @throws {TokenSourceError} `invalid_configuration` for a way of naming an identity that the platform has not, or an endpoint that is none
 */
export function detectPlatform(host: Host): Platform {
  return serviceFabric(host) ?? appService(host) ?? machineLearning(host) ?? cloudShell(host) ?? azureArc(host) ?? imds(host);
}
