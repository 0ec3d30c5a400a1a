/** The users of every tenant: the same 250 at first, and what has been changed about them since. */
import { guidOf } from '../guid.ts';
import { createKeptByTenant } from './kept-by-tenant.ts';

export interface User {
  readonly id: string;
  readonly displayName: string;
  readonly givenName: string;
  readonly surname: string;
  readonly jobTitle: string;
  readonly mail: string;
  readonly userPrincipalName: string;
}

/** A user as it was changed, or that it was removed. */
export interface UserChange {
  /** Counts from 1, over all changes of all tenants. */
  readonly revision: number;
  readonly id: string;
  /** As it is now; `undefined` when it was removed. */
  readonly user: User | undefined;
}

export interface People {
  /** How many places there are in a list, those of removed users too: no page shifts when one goes. */
  readonly places: number;
  /** Who is there at the places from `from` up to `to`. */
  between(tenantId: string, places: { readonly from: number; readonly to: number }): readonly User[];
  /** By `id` or `userPrincipalName`, as it stands in a path. */
  find(tenantId: string, key: string): User | undefined;
  /** Makes of a user there is what `becomes` says, or nothing. */
  change(tenantId: string, user: User, becomes: User | undefined): void;
  /** The latest change of each user that came after `revision`, oldest first. */
  changesSince(tenantId: string, revision: number): readonly UserChange[];
  /** The number of the last change. */
  revision(): number;
  /** Back to the first 250, in one tenant or all. */
  clear(tenantId?: string): void;
}

/** Of each user only the last change is kept, and of all tenants those of the hundred changed last: clients cannot make it grow. */
export function createPeople(): People {
  const changed = createKeptByTenant<ChangedTenant>({ capacity: MOST_TENANTS });
  let revision = 0;
  const changesIn = (tenantId: string) => changed.get(tenantId)?.changes ?? NO_CHANGES;
  const asTheyAre = (tenantId: string, users: readonly User[]) => {
    const changes = changesIn(tenantId);
    return users.flatMap((user) => (changes.has(user.id) ? (changes.get(user.id)?.user ?? []) : user));
  };
  return {
    places: USERS.length,
    between: (tenantId, { from, to }) => asTheyAre(tenantId, USERS.slice(from, to)),
    find: (tenantId, key) =>
      asTheyAre(tenantId, USERS).find(({ id, userPrincipalName: name }) => [id, name, encodeURIComponent(name)].includes(key)),
    change: (tenantId, { id }, user) => {
      revision += 1;
      const changes = new Map(changesIn(tenantId));
      // First out of its old place: changes stand in the order they were made in.
      changes.delete(id);
      changed.set(tenantId, { tenantId, changes: changes.set(id, { revision, id, user }) });
    },
    changesSince: (tenantId, since) => [...changesIn(tenantId).values()].filter((change) => change.revision > since),
    revision: () => revision,
    clear: (tenantId) => {
      changed.clear(tenantId);
      if (tenantId === undefined) revision = 0;
    },
  };
}

interface ChangedTenant {
  readonly tenantId: string;
  readonly changes: ReadonlyMap<string, UserChange>;
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
/** The members of a user. */
export const USER_FIELDS: readonly string[] = Object.keys(USERS[0] ?? {});

const NO_CHANGES: ReadonlyMap<string, UserChange> = new Map();
const MOST_TENANTS = 100;
