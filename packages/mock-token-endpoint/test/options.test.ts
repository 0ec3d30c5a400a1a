/** Options as JavaScript and configuration files give them: what is wrong is named, with what to give in its place. */
import { expect, test } from 'vitest';
import { readTenants } from '../src/directory/tenants.ts';
import { type MockOptions, readOptions } from '../src/options.ts';

/** Type-checked nowhere, as in a configuration file. */
const read = (options: unknown) => readOptions(options as MockOptions);
const withClient = (client: unknown) => ({ tenants: { 'contoso.example': { clients: { app: client } } } });
const CLIENT = 'tenants["contoso.example"].clients["app"]';

test.each<{ title: string; options: unknown; message: string }>([
  { title: 'no object', options: null, message: 'options is null: give an object' },
  {
    title: 'an option there is none of',
    options: { ports: 1 },
    message: expect.stringMatching(/^ports is no option: give one of port, tls, profile, /),
  },
  { title: 'a port as a string', options: { port: '8080' }, message: 'port is "8080": give a whole number from 0 to 65535' },
  { title: 'a flag as a string', options: { tls: 'no' }, message: 'tls is "no": give true or false' },
  { title: 'a profile there is none of', options: { profile: 'strict' }, message: 'profile is "strict": give entra, rfc or lenient' },
  { title: 'a profile that every object has', options: { profile: 'constructor' }, message: expect.stringContaining('give entra') },
  { title: 'a seed that is a number', options: { seed: 7 }, message: 'seed is 7: give a string' },
  { title: 'a clock that does not run', options: { now: 7 }, message: 'now is 7: give a function' },
  { title: 'tenants as a list', options: { tenants: [] }, message: 'tenants is a list: give an object' },
  {
    title: 'a tenant without clients',
    options: { tenants: { 'contoso.example': {} } },
    message: 'tenants["contoso.example"].clients is missing: give it',
  },
  {
    title: 'a misspelt member of a client',
    options: withClient({ secret: ['hush'] }),
    message: expect.stringMatching(`^${CLIENT.replaceAll(/[[\].]/g, '\\$&')}\\.secret is no option: give one of secrets, `),
  },
  {
    title: 'one secret in place of a list, which is not shown',
    options: withClient({ secrets: 'hush' }),
    message: `${CLIENT}.secrets is of type string: give a list`,
  },
  { title: 'a role that is no string', options: withClient({ roles: ['A', 7] }), message: `${CLIENT}.roles[1] is 7: give a string` },
  { title: 'a client that is null', options: withClient(null), message: `${CLIENT} is null: give an object` },
  {
    title: 'half a federated credential',
    options: withClient({ federatedCredentials: [{ issuer: 'i', subject: 's' }] }),
    message: `${CLIENT}.federatedCredentials[0].audience is missing: give it`,
  },
  {
    title: 'a misspelt member of a resource',
    options: { resources: { 'api://orders': { role: [] } } },
    message: 'resources["api://orders"].role is no option: give one of roles',
  },
])('$title is an error that says what to do', ({ options, message }) => {
  expect(() => read(options)).toThrow(expect.objectContaining({ name: 'MockError', code: 'invalid_option', message }));
});

test('what is undefined counts as left out, at every depth', () => {
  expect(read({ port: undefined, tenants: { 'contoso.example': { clients: { app: { secrets: undefined } } } } })).toMatchObject({
    port: 0,
  });
});

test.each<{ title: string; tenants: MockOptions['tenants']; message: string }>([
  {
    title: 'a tenant',
    tenants: { 'contoso.example': { clients: {} }, 'Contoso.example': { clients: {} } },
    message: 'tenants names "Contoso.example" twice: the case of a name makes no difference',
  },
  {
    title: 'a client',
    tenants: { 'contoso.example': { clients: { app: {}, APP: {} } } },
    message: 'tenant contoso.example names client APP twice: the case of an id makes no difference',
  },
])('$title that stands there twice, in another case, is refused', ({ tenants = {}, message }) => {
  expect(() => readTenants(tenants)).toThrow(expect.objectContaining({ code: 'invalid_option', message }));
});
