// @ts-check
/** What the parts of an answer mean: its headers, and the members of its JSON. */

/** The headers of an answer. */
export const ANSWER_HEADERS = new Map([
  ['content-type', 'What the body is; a token response is application/json. RFC 6749 §5.1.'],
  ['content-length', 'Octets in the body. RFC 9110 §8.6.'],
  ['content-encoding', 'How the body is compressed. RFC 9110 §8.4.'],
  ['cache-control', 'no-store: an answer with a token is kept by nobody on the way. RFC 6749 §5.1.'],
  ['pragma', 'The same for caches of old. RFC 6749 §5.1.'],
  ['date', "The server's time: a client whose clock is wrong can find out. RFC 9110 §6.6.1."],
  ['www-authenticate', 'How to ask so that it would be answered: schemes, and what was wrong. RFC 9110 §11.6.1.'],
  ['retry-after', 'When to ask again: seconds, or a date. RFC 9110 §10.2.3.'],
  ['location', 'Where to go instead. With a secret or an assertion in hand, a client must not. RFC 9110 §10.2.2.'],
  ['allow', 'Which methods there are here. RFC 9110 §10.2.1.'],
  ['connection', 'What becomes of the connection afterwards. RFC 9110 §7.6.1.'],
  ['keep-alive', 'How long the server keeps the connection.'],
  ['dpop-nonce', 'The value the next DPoP proof must carry. RFC 9449 §8.'],
  ['x-ms-request-id', "Entra's id for this request: what its support asks for."],
  ['client-request-id', "The client's own id for this request, repeated on its wish."],
  ['request-id', "The API's id for this request."],
  ['vary', 'Which request headers the answer depends on. RFC 9110 §12.5.5.'],
]);

/** The members of an answer in JSON. */
export const ANSWER_MEMBERS = new Map([
  ['access_token', 'The token; the journal keeps a digest of it. Its claims stand below. RFC 6749 §5.1.'],
  ['token_type', 'How the token is to be used: Bearer, or bound to a key. In any case of letters. RFC 6749 §5.1.'],
  ['expires_in', 'Seconds until the token ends, as a number. RFC 6749 §5.1.'],
  ['ext_expires_in', 'Entra: seconds for which the token may serve while Entra itself is down.'],
  ['refresh_in', 'Entra: seconds after which a new token should be fetched, well before the end.'],
  ['expires_on', 'When the token ends, in seconds since 1970. Managed identities, and version 1 of Entra.'],
  ['not_before', 'When the token begins, in seconds since 1970. Managed identities, and version 1 of Entra.'],
  ['scope', 'What access was granted; said when it is not what was asked for. RFC 6749 §5.1.'],
  ['resource', 'The API the token is for.'],
  ['refresh_token', 'Does not belong here: the client credentials grant has none. RFC 6749 §4.4.3.'],
  ['error', 'What kind of refusal: programs decide by this. For an API its code and message. RFC 6749 §5.2.'],
  ['error_description', 'The refusal for people, never for programs. Entra puts its AADSTS number first. RFC 6749 §5.2.'],
  ['error_uri', 'A page about the refusal. RFC 6749 §5.2.'],
  ['error_codes', 'Entra: the AADSTS numbers behind the refusal.'],
  ['suberror', 'Entra: a finer kind of refusal.'],
  ['claims', 'Entra: what the next token request must pass on in its claims parameter.'],
  ['timestamp', 'Entra: when it refused, by its clock.'],
  ['trace_id', 'Entra: its own id for this request.'],
  ['correlation_id', "Entra: the client's id for this request, or a new one."],
  ['active', 'Whether the token is good; if not, nothing else is said. RFC 7662 §2.2.'],
  ['client_id', 'Which identity, or which application, the token was issued to.'],
  ['location', 'Azure: the region this machine is in.'],
  ['value', 'The items of this page; from a token service the token itself.'],
  ['@odata.nextLink', 'Where the next page is. OData.'],
  ['@odata.context', 'What the items are. OData.'],
]);
