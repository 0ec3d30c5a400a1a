/**
 * The whole scenario once: a daemon with a certificate gets a token and calls an API, told step by step. Without arguments it
 * runs against the mock; with `--real` against the tenant that the AZURE_* variables name.
 */
import { parseArgs } from 'node:util';
import { createApiCaller } from '@client-credentials/api-caller';
import { createTokenSource } from '@client-credentials/token-source';
import { createPrinter } from './story/printer.ts';
import { openStage, type Stage } from './story/stage.ts';
import { tellAnswer, tellCalls, tellCredential, tellRequest, tellSecondRound } from './story/steps.ts';

const USAGE = `npm start                      runs against a mock on this machine
npm start -- --real            runs against the tenant of AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or
                               AZURE_CLIENT_CERTIFICATE_PATH (with AZURE_CLIENT_CERTIFICATE_PASSWORD), and Microsoft Graph
  --scope "<resource>/.default" --url https://…    another API`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { real: { type: 'boolean' }, scope: { type: 'string' }, url: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) return console.log(USAGE);

  const out = createPrinter(process.stdout);
  const opening = openStage(values);
  closeOnSignals(opening);
  const stage = await opening;
  const tokens = createTokenSource({ ...stage.sourceOptions, dispatcher: stage.dispatcher });
  const api = createApiCaller({ baseUrl: stage.baseUrl, scope: stage.scope, tokens, dispatcher: stage.dispatcher });
  try {
    out.title('A daemon gets a token and calls an API', stage.where);
    tellCredential(out, stage);
    const token = await tokens.getToken(stage.scope);
    tellRequest(out, stage.tap);
    tellAnswer(out, stage.tap, token);
    await tellCalls(out, stage, api);
    await tellSecondRound(out, stage, api, tokens);
  } finally {
    await Promise.all([tokens.close(), api.close()]);
    await stage.close();
  }
}

/** The mock's files go with it, also when the reader has seen enough: Ctrl-C, or a pipe such as `| head` that closes. */
function closeOnSignals(opening: Promise<Stage>): void {
  const leave = (code: number) => () => void opening.then((stage) => stage.close()).finally(() => process.exit(code));
  process.once('SIGINT', leave(130));
  process.once('SIGTERM', leave(143));
  process.stdout.on('error', leave(0));
}

main().catch((error: unknown) => {
  console.error(`\nIt failed: ${error instanceof Error ? error.message : String(error)}\nHow to run it: npm start -- --help`);
  process.exitCode = 1;
});
