/** The token service of GitHub Actions: a workflow proves itself to others with what it gets here. GitHub: OpenID Connect reference. */
import { type Checks, judge } from '../checks/checks.ts';
import type { Outcome } from '../outcome.ts';
import type { Answer } from '../server/http.ts';
import { issueExternalToken } from './external-issuer.ts';
import { WORKFLOW_SUBJECT } from './federated-credentials.ts';
import type { PlatformContext } from './identity-endpoint.ts';

/** Its path on the local listener. */
export const GITHUB_ACTIONS_PATH: string = '/github-actions/token';

/** `GET {ACTIONS_ID_TOKEN_REQUEST_URL}&audience={aud}` */
export async function answerWorkflowTokenRequest({ request, services }: PlatformContext): Promise<Outcome> {
  const { made, refusal } = await judge<void, Answer>((checks) => evaluate(checks, { request, services }));
  const answer: Answer = refusal ?? { status: 200, headers: {}, body: await issueWorkflowToken({ request, services }) };
  return { answer, checks: made, isTokenRequest: false };
}

function evaluate(checks: Checks<Answer>, { request, services }: PlatformContext): void {
  checks.require(request.method === 'GET', {
    name: 'the method is GET',
    section: SECTION,
    refusal: { status: 405, headers: { allow: 'GET' }, body: { message: `The method is ${request.method}: use GET.` } },
  });
  const token = /^bearer +(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  checks.require(token === services.platform.actionsToken, {
    name: 'the bearer token is that of ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    section: SECTION,
    refusal: { status: 401, headers: {}, body: { message: 'The bearer token is not the value of ACTIONS_ID_TOKEN_REQUEST_TOKEN.' } },
  });
  checks.require(request.query.get('api-version') === '2.0', {
    name: 'the query of ACTIONS_ID_TOKEN_REQUEST_URL is still there',
    section: SECTION,
    refusal: {
      status: 400,
      headers: {},
      body: { message: "The query variable 'api-version' of ACTIONS_ID_TOKEN_REQUEST_URL is missing: add to its query." },
    },
  });
}

async function issueWorkflowToken({ request, services }: PlatformContext): Promise<{ readonly count: number; readonly value: string }> {
  const aud = request.query.get('audience') || `https://github.com/${WORKFLOW.repository_owner}`;
  const value = await issueExternalToken({ claims: { sub: WORKFLOW_SUBJECT, aud, ...WORKFLOW }, lifetimeSeconds: 300 }, services);
  return { count: value.length, value };
}

const SECTION = 'GitHub: OpenID Connect reference';
/** A few of the claims that describe a run. */
const WORKFLOW = {
  repository: 'octo-org/octo-repo',
  repository_owner: 'octo-org',
  ref: 'refs/heads/main',
  event_name: 'push',
  actor: 'octocat',
  workflow: 'daemon',
};
