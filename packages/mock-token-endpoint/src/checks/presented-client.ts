/** Who a token request says it comes from, and how it means to prove that; unjudged. RFC 6749 §2.3, RFC 7521 §4.2. */

import { type Assertion, isFederated, readAssertion } from '../assertion.ts';
import type { Form } from '../server/form.ts';
import type { MockRequest } from '../server/http.ts';

export interface PresentedClient {
  /** From the body, the Basic header or the `sub` of the client's own assertion, in that order. */
  readonly clientId: string | undefined;
  /** Whether the body and the Basic header, if both name a client, name the same; the assertion's `sub` has its own check. */
  readonly consistent: boolean;
  /** Every method the request uses; a proper one uses one. */
  readonly methods: readonly ('client_secret_basic' | 'client_secret_post' | 'private_key_jwt')[];
  readonly secret: string | undefined;
  readonly assertion: PresentedAssertion | undefined;
}

export interface PresentedAssertion {
  /** The value of `client_assertion_type`. */
  readonly type: string | undefined;
  /** The value of `client_assertion`, and what it says when it can be read. */
  readonly text: string;
  readonly read: Assertion | undefined;
}

export function readPresentedClient(request: MockRequest, form: Form | undefined): PresentedClient {
  const basic = readBasic(request.headers['authorization']);
  const secret = form?.get('client_secret');
  const assertion = readPresentedAssertion(form);
  const clientId = form?.get('client_id');
  return {
    clientId: clientId ?? basic?.id ?? subjectOf(assertion?.read),
    consistent: clientId === undefined || basic?.id === undefined || clientId === basic.id,
    methods: [
      ...(basic ? ['client_secret_basic' as const] : []),
      ...(secret === undefined ? [] : ['client_secret_post' as const]),
      ...(assertion ? ['private_key_jwt' as const] : []),
    ],
    secret: basic?.secret ?? secret,
    assertion,
  };
}

function readPresentedAssertion(form: Form | undefined): PresentedAssertion | undefined {
  const text = form?.get('client_assertion');
  return text === undefined ? undefined : { type: form?.get('client_assertion_type'), text, read: readAssertion(text) };
}

/** RFC 7523 §3: the client. Another issuer's token has a subject of that issuer. */
function subjectOf(assertion: Assertion | undefined): string | undefined {
  const subject = assertion?.claims['sub'];
  return typeof subject === 'string' && !(assertion && isFederated(assertion)) ? subject : undefined;
}

/** Id and secret of a Basic header, each form-decoded: RFC 6749 §2.3.1. Both are absent when the header cannot be read. */
function readBasic(header: string | undefined): { id?: string; secret?: string } | undefined {
  const credentials = /^basic +(\S+)$/i.exec(header ?? '')?.[1];
  if (credentials === undefined) return undefined;
  if (!BASE64.test(credentials)) return {};
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(credentials, 'base64').toString('utf8')) ?? [];
  if (id === undefined || secret === undefined) return {};
  try {
    return { id: formDecode(id), secret: formDecode(secret) };
  } catch {
    return {};
  }
}

function formDecode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
