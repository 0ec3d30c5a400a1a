/** Faults of an answer as a whole: it says something else than the honest one, as gateways and careless servers do. */
import type { Answer } from '../server/http.ts';
import type { Fault, Honest } from './fault.ts';

export const html502: Fault = {
  description: 'The HTML page of a gateway, with status 502.',
  apply: () => ({
    status: 502,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\r\n',
  }),
};

export const error200: Fault = {
  description: 'An error in the shape of RFC 6749 §5.2, but with status 200.',
  apply: () => ({
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: { error: 'invalid_request', error_description: 'The request was refused.' },
  }),
};

export const empty403: Fault = {
  description: 'Status 403 with an empty body.',
  apply: () => ({ status: 403, headers: {} }),
};

export const endlessNonce: Fault = {
  description: 'Every request is refused with use_dpop_nonce and a new nonce: 400 at a token endpoint, 401 elsewhere.',
  apply: (honest) => (honest.outcome.isTokenRequest ? refuseAsServer(honest) : refuseAsResource(honest)),
};

/** RFC 9449 §8: at the authorization server. */
function refuseAsServer({ services }: Honest): Answer {
  return {
    status: 400,
    headers: { 'cache-control': 'no-store', 'dpop-nonce': services.uniqueId() },
    body: { error: 'use_dpop_nonce', error_description: 'Authorization server requires nonce in DPoP proof' },
  };
}

/** RFC 9449 §9: at a resource server, which says it in a challenge. */
function refuseAsResource({ services }: Honest): Answer {
  return {
    status: 401,
    headers: {
      'dpop-nonce': services.uniqueId(),
      'www-authenticate': 'DPoP error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof"',
    },
  };
}
