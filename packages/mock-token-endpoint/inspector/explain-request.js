// @ts-check
/** What the fields of a request mean: the form of a token request, the query, and the headers. */

/** The form of a request to a token, revocation or introspection endpoint. */
export const FORM = new Map([
  ['grant_type', 'Which grant is asked for. A daemon sends client_credentials: nobody signs in. RFC 6749 §4.4.2.'],
  ['client_id', 'Which application is asking, as it is registered in the tenant. RFC 6749 §2.3.1.'],
  ['client_secret', "The application's password. It crosses the network, which an assertion's key never does. RFC 6749 §2.3.1."],
  ['client_assertion', 'A short-lived JWT, signed with a key that stays with the client; decoded below. RFC 7521 §4.2.'],
  ['client_assertion_type', 'The kind of the assertion; for a JWT urn:ietf:params:oauth:client-assertion-type:jwt-bearer. RFC 7523 §2.2.'],
  [
    'scope',
    'What access is asked for. At Entra one resource followed by /.default: whatever was granted to the application there. RFC 6749 §3.3.',
  ],
  ['resource', 'The API the token is for, as a URI: RFC 8707 §2, and version 1 of Entra. Version 2 wants scope in its place.'],
  ['audience', 'The API the token is for, where a server has a parameter of its own for that.'],
  ['claims', 'JSON: which claims the token must carry, often what an API has just asked for in a challenge.'],
  ['authorization_details', 'JSON: access described in detail, where a scope is too coarse. RFC 9396 §2.'],
  ['token_type', 'The kind of token wanted, other than Bearer: mtls_pop, for one.'],
  ['req_cnf', 'The key the token is to be bound to.'],
  ['token', 'The token that is asked about, or withdrawn. RFC 7662 §2.1, RFC 7009 §2.1.'],
  ['token_type_hint', 'Which kind of token it is, to speed up the search. RFC 7662 §2.1, RFC 7009 §2.1.'],
  ['client_info', 'Asks Entra to name the user in its answer; without a user it changes nothing.'],
  ['client-request-id', "The client's id for this request; Entra's logs and answers repeat it."],
  ['fmi_path', 'Entra: which agent or workload below the application is meant.'],
]);

/** The query of any request. */
export const QUERY = new Map([
  ['api-version', 'Which version of the interface the client speaks.'],
  ['resource', 'The API the token is for, as a URI.'],
  ['client_id', 'Which of the identities assigned to this machine is meant, by its client id.'],
  ['object_id', 'Which of the identities assigned to this machine is meant, by its object id.'],
  ['principal_id', 'Which of the identities assigned to this machine is meant, by its object id.'],
  ['mi_res_id', 'Which of the identities assigned to this machine is meant, by its resource id.'],
  ['msi_res_id', 'Which of the identities assigned to this machine is meant, by its resource id.'],
  ['audience', 'Whom the wanted token is for.'],
  ['authorization_endpoint', 'The authority whose cloud the client wants to know.'],
  ['client-request-id', "The client's id for this request; MSAL sends it here too."],
  ['$select', 'Which properties to return. OData.'],
  ['$top', 'How many items a page may hold. OData.'],
  ['$filter', 'Which items to return. OData.'],
  ['$orderby', 'In which order. OData.'],
  ['$count', 'Whether to count all items as well. OData.'],
  ['$skiptoken', 'Where the next page starts; only the server knows how to read it.'],
]);

/** The headers of a request. */
export const REQUEST_HEADERS = new Map([
  ['host', 'Which server the client means to reach. RFC 9110 §7.2.'],
  [
    'authorization',
    'A credential: Basic carries client id and secret, RFC 6749 §2.3.1; Bearer and DPoP an access token, of which the journal keeps a digest.',
  ],
  ['dpop', 'Proof that the sender holds the key its token is bound to. RFC 9449 §4.'],
  ['content-type', 'What the body is: a token request is application/x-www-form-urlencoded. RFC 6749 §4.4.2.'],
  ['content-length', 'Octets in the body. RFC 9110 §8.6.'],
  ['transfer-encoding', 'How the body is framed. RFC 9112 §6.1.'],
  ['accept', 'Which media types the client can read. RFC 9110 §12.5.1.'],
  ['accept-encoding', 'Which compressions the client can undo. RFC 9110 §12.5.3.'],
  ['accept-language', 'Which languages the client prefers. RFC 9110 §12.5.4.'],
  ['user-agent', 'Which software is asking. RFC 9110 §10.1.5.'],
  ['connection', 'What becomes of the connection afterwards. RFC 9110 §7.6.1.'],
  ['keep-alive', 'How long the client would keep the connection.'],
  ['cache-control', 'What caches on the way may do. RFC 9111 §5.2.'],
  ['pragma', 'The same for caches of old. RFC 9111 §5.4.'],
  ['expect', 'Whether the client waits for a go-ahead before it sends the body. RFC 9110 §10.1.1.'],
  ['te', 'Which transfer codings the client takes. RFC 9110 §10.1.4.'],
  ['via', 'Which proxies the request came through. RFC 9110 §7.6.3.'],
  ['x-forwarded-for', 'For whom a proxy asks. A metadata service refuses it: it answers only those on its own machine.'],
  ['client-request-id', "The client's id for this request; Entra's logs and answers repeat it."],
  ['return-client-request-id', 'Asks for the client-request-id in the answer.'],
  ['x-ms-client-request-id', "The Azure SDK's id for this request."],
  ['metadata', 'Must be true: a browser or a careless proxy would not send it. Instance metadata service.'],
  ['x-identity-header', 'Proves that the asking program runs in this App Service.'],
  ['x-anchormailbox', 'Where Entra should route the request.'],
  ['consistencylevel', 'Graph: whether the answer may lag behind.'],
  ['prefer', 'What the client would like but does not insist on. RFC 7240 §2.'],
  ['traceparent', 'Where this request stands in a distributed trace. W3C Trace Context.'],
  ['tracestate', 'More on the trace, for its vendors. W3C Trace Context.'],
]);

/** Names that begin so, where there are many of a kind. */
export const PREFIXES = new Map([
  ['x-client-', 'Telemetry: library, version and machine of the client. It decides nothing.'],
  ['x-app-', 'Telemetry: name and version of the application.'],
  ['x-ms-', "Telemetry or a capability of Microsoft's libraries; the mock ignores it."],
  ['sec-', 'Set by the browser or the fetch implementation, not by the program.'],
]);
