/** The environment variables that each platform sets, pointing at this mock. */
import type { Folder } from '../folder.ts';
import type { Services } from '../services.ts';

export type PlatformName = 'imds' | 'app-service' | 'azure-arc' | 'github-actions' | 'kubernetes';

/**
 * The variables a program has on `platform`.
 *
 * @throws {MockError} `invalid_option` for a platform that is none
 */
export async function platformEnvironment(
  platform: PlatformName,
  { services }: { services: Services; folder: Folder; own: { readonly id: string } },
): Promise<Readonly<Record<string, string>>> {
  return { platform, AZURE_AUTHORITY_HOST: services.authorityHost };
}
