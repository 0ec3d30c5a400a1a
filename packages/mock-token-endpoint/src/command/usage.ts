/** What `--help` and `--version` print. */

export const VERSION: string = '0.1.0';

/** How to run it from anywhere: on npm the bin's bare name is no package of ours. */
export const COMMAND: string = 'npx @client-credentials/mock-token-endpoint';

export const USAGE: string = `mock-token-endpoint: an authorization server like Microsoft Entra's, a strict RFC 6749 server and an API, on 127.0.0.1

Usage: ${COMMAND} [arguments]

  --port N         TCP port; default 0, a free one
  --no-tls         plain http; clients that insist on https will refuse it
  --profile P      how strictly clients are judged: entra (default), rfc or lenient
  --config FILE    JSON: an object with members of MockOptions (tenants, resources, tokenLifetimeSeconds, …) and
                   rules, a list of MockRule in which a pattern for a path is {"pattern": "…", "flags": "i"};
                   an argument here wins over the file, which holds no function, so no now
  --seed S         the same identifiers, secrets and keys every time, public ones, and a clock that stands still
  --json           when ready, print one line of JSON with everything a client needs, and nothing else
  --help, -h       print this
  --version        print the version

It runs until Ctrl-C, SIGTERM or SIGHUP, which ends every connection and removes its files; a second Ctrl-C ends it at once.
Exit codes: 0 ended as asked, 1 a fault of its own, 2 arguments or configuration, 4 the port cannot be had.
`;
