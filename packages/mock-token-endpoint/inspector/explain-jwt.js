// @ts-check
/** What the members of a JWT mean: the header of an assertion, and the claims of assertions and access tokens. */

/** The JOSE header. */
export const JOSE_HEADER = new Map([
  ['alg', 'How it is signed: PS256 is RSA-PSS and RS256 the older RSA signature, each with SHA-256; ES256 is ECDSA. RFC 7515 §4.1.1.'],
  ['typ', 'What kind of JWT this is. Entra expects JWT; RFC 10070 has a type of its own for client assertions. RFC 7515 §4.1.9.'],
  ['kid', 'The id of the key that signed. RFC 7515 §4.1.4.'],
  ['x5t#S256', 'SHA-256 of the certificate whose key signed: so the server finds it among the registered ones. RFC 7515 §4.1.8.'],
  ['x5t', 'SHA-1 of the certificate whose key signed; older than x5t#S256. RFC 7515 §4.1.7.'],
  ['x5c', 'The certificate itself and its chain. Entra uses it where an application is registered by name and issuer. RFC 7515 §4.1.6.'],
  ['jwk', 'The public key itself. A server must not trust it for being here. RFC 7515 §4.1.3.'],
  ['jku', 'Where keys could be fetched. The mock fetches nothing. RFC 7515 §4.1.2.'],
  ['x5u', 'Where the certificate could be fetched. The mock fetches nothing. RFC 7515 §4.1.5.'],
  ['crit', 'Extensions that a server must understand or refuse. RFC 7515 §4.1.11.'],
  ['cty', 'What the payload is, when it is not claims. RFC 7515 §4.1.10.'],
]);

/** The claims. */
export const CLAIMS = new Map([
  ['iss', 'Who made this: in an assertion the client itself, in an access token the server. RFC 7519 §4.1.1.'],
  ['sub', 'Whom it is about: in an assertion the client id, equal to iss; without a user the application. RFC 7519 §4.1.2.'],
  ['aud', 'Whom it is for: in an assertion this server, in an access token the API. RFC 7519 §4.1.3.'],
  ['exp', 'When it ends. RFC 7519 §4.1.4.'],
  ['nbf', 'Not good before this. RFC 7519 §4.1.5.'],
  ['iat', 'When it was made. RFC 7519 §4.1.6.'],
  ['jti', 'Its own id: an assertion whose id was used before is refused. RFC 7519 §4.1.7.'],
  ['client_id', 'The application the token was issued to. RFC 9068 §2.2.'],
  ['scope', 'What access the token gives. RFC 9068 §2.2.3.'],
  ['cnf', 'The key the token is bound to: without its private half the token is of no use. RFC 7800 §3.1.'],
  ['appid', 'Entra: the application the token was issued to, in tokens of version 1.'],
  ['azp', 'Entra: the application the token was issued to, in tokens of version 2.'],
  ['azpacr', 'Entra: how the application proved itself; 0 not at all, 1 by a secret, 2 by a certificate or an assertion.'],
  ['appidacr', 'Entra: the same in tokens of version 1; 0 not at all, 1 by a secret, 2 by a certificate or an assertion.'],
  ['tid', 'Entra: the tenant that issued the token.'],
  ['oid', "Entra: the application's service principal in that tenant. Permissions are granted to it."],
  ['idp', 'Entra: which identity provider knows the subject.'],
  ['idtyp', 'Entra: app means that no user stands behind the token.'],
  ['roles', 'Entra: the app roles granted to the application for this API.'],
  ['scp', "Entra: what a user has delegated. A daemon's token has none."],
  ['ver', 'Entra: the version of the token, 1.0 or 2.0.'],
  ['uti', "Entra: the token's own id, for its logs."],
  ['aio', 'Entra: for its own use; opaque.'],
  ['rh', 'Entra: for its own use; opaque.'],
  ['wids', 'Entra: directory roles of the subject.'],
  ['xms_cc', 'Entra: capabilities of the client; cp1 says that it understands claims challenges.'],
  ['xms_mirid', 'Entra: the Azure resource the managed identity belongs to.'],
  ['app_displayname', "The application's name."],
  ['htm', 'The method of the request this proof is for. RFC 9449 §4.2.'],
  ['htu', 'The URL of the request this proof is for. RFC 9449 §4.2.'],
  ['ath', 'Digest of the access token this proof goes with. RFC 9449 §4.2.'],
  ['nonce', 'A value the server asked for, so that no proof can be made in advance. RFC 9449 §8.'],
  ['padding', 'Nothing: it makes the token long, as was asked for.'],
]);
