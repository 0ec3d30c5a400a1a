/** Where Azure Arc's agent has its files, as its installer puts them. */
import { join } from 'node:path';
import type { Environment } from '../environment.ts';

export interface ArcInstallation {
  /** The program that answers; where it is, so is the agent. */
  readonly program: string;
  /** Where the agent puts what its callers must be able to read. */
  readonly tokensFolder: string;
}

/** On this operating system. */
export function usualArcInstallation(environment: Environment): ArcInstallation {
  if (process.platform !== 'win32') return { program: '/opt/azcmagent/bin/himds', tokensFolder: '/var/opt/azcmagent/tokens' };
  const { ProgramFiles = 'C:\\Program Files', ProgramData = 'C:\\ProgramData' } = environment;
  return {
    program: join(ProgramFiles, 'AzureConnectedMachineAgent', 'himds.exe'),
    tokensFolder: join(ProgramData, 'AzureConnectedMachineAgent', 'Tokens'),
  };
}
