/** 250 users as Graph lists them: pages with `@odata.nextLink`, and one by id or user principal name. */
import type { Checks } from '../checks/checks.ts';
import { guidOf } from '../guid.ts';
import type { GraphRefusal } from './graph-answer.ts';
import { readPage, readSelect, skipTokenAfter } from './odata.ts';

interface User {
  readonly id: string;
  readonly displayName: string;
  readonly givenName: string;
  readonly surname: string;
  readonly jobTitle: string;
  readonly mail: string;
  readonly userPrincipalName: string;
}

/** A page of users; its `@odata.nextLink` repeats the options of the request and is absent on the last page. */
export function listUsers(checks: Checks<GraphRefusal>, { query, baseUrl }: { query: URLSearchParams; baseUrl: string }): object {
  const select = readSelect(checks, { query, fields: FIELDS, options: ['$select', '$top', '$skiptoken'] });
  const { skip, top } = readPage(checks, query);
  const end = skip + top;
  const next = [
    ...['$top', '$select'].filter((name) => query.has(name)).map((name) => `${name}=${query.get(name)}`),
    `$skiptoken=${skipTokenAfter(end)}`,
  ];
  return {
    '@odata.context': `${baseUrl}$metadata#users${select ? `(${select.join(',')})` : ''}`,
    ...(end < USERS.length ? { '@odata.nextLink': `${baseUrl}users?${next.join('&')}` } : {}),
    value: USERS.slice(skip, end).map((user) => pick(user, select)),
  };
}

/** One user, by `id` or `userPrincipalName`. */
export function readUser(
  checks: Checks<GraphRefusal>,
  { key, query, baseUrl }: { key: string; query: URLSearchParams; baseUrl: string },
): object {
  const select = readSelect(checks, { query, fields: FIELDS, options: ['$select'] });
  const user = USERS.find(({ id, userPrincipalName }) => [id, userPrincipalName, encodeURIComponent(userPrincipalName)].includes(key));
  checks.require(user !== undefined, {
    name: 'the user exists',
    section: 'Graph: get user',
    refusal: { status: 404, code: 'Request_ResourceNotFound', message: `Resource '${key}' does not exist.` },
  });
  return { '@odata.context': `${baseUrl}$metadata#users${select ? `(${select.join(',')})` : ''}/$entity`, ...pick(user, select) };
}

function pick(user: User, select: readonly string[] | undefined): object {
  return select ? Object.fromEntries(Object.entries(user).filter(([name]) => select.includes(name))) : user;
}

const GIVEN_NAMES = ['Ada', 'Boris', 'Chiara', 'Dmitri', 'Elif', 'Farid', 'Greta', 'Hana', 'Imani', 'Jonas'];
const SURNAMES = [
  ...['Abadi', 'Berg', 'Costa', 'Dahl', 'Eriksen', 'Fischer', 'Garcia', 'Haddad', 'Ito', 'Jansen', 'Kaya', 'Lopez', 'Mori'],
  ...['Novak', 'Okafor', 'Petrov', 'Quinn', 'Rossi', 'Silva', 'Tanaka', 'Ueda', 'Vargas', 'Weber', 'Yilmaz', 'Zhang'],
];
const JOB_TITLES = ['Analyst', 'Architect', 'Engineer', 'Designer', 'Accountant', 'Manager', 'Nurse'];

const USERS: readonly User[] = SURNAMES.flatMap((surname) => GIVEN_NAMES.map((givenName) => ({ givenName, surname }))).map(
  (name, index) => {
    const userPrincipalName = `${name.givenName}.${name.surname}@contoso.example`.toLowerCase();
    return {
      id: guidOf('user', userPrincipalName),
      displayName: `${name.givenName} ${name.surname}`,
      ...name,
      jobTitle: JOB_TITLES[index % JOB_TITLES.length] ?? '',
      mail: userPrincipalName,
      userPrincipalName,
    };
  },
);
const FIELDS: readonly string[] = Object.keys(USERS[0] ?? {});
