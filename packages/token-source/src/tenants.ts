/** Which tenants a source gets tokens of. A vendor's daemon serves many with one registration. */
import type { Authority } from './authority/authority.ts';
import { TokenSourceError } from './errors.ts';

export class Tenants {
  readonly #authority: Authority;
  readonly #allowed: ReadonlySet<string> | 'any';

  /** @throws {ProtocolError} `invalid_tenant`; @throws {TokenSourceError} `invalid_configuration` for an authority without tenants */
  constructor(authority: Authority, allowed: readonly string[] | 'any') {
    this.#authority = authority;
    this.#allowed = allowed === 'any' ? 'any' : new Set(allowed.map((tenant) => this.#read(tenant).tenant ?? ''));
  }

  /**
   * The tenant that a call names, in lower case; `undefined` for the authority's own, named or not.
   *
   * @throws {ProtocolError} `invalid_tenant`
   * @throws {TokenSourceError} `tenant_not_allowed`, `invalid_configuration`
   */
  named(tenant: string | undefined): string | undefined {
    if (tenant === undefined) return undefined;
    const { tenant: name = '' } = this.#read(tenant);
    if (name === this.#authority.tenant) return undefined;
    if (this.#allowed !== 'any' && !this.#allowed.has(name)) {
      throw new TokenSourceError(
        'tenant_not_allowed',
        `The tenant "${name}" is none that this source may get tokens of; add it to the option tenants`,
      );
    }
    return name;
  }

  /** Whom to ask for a token of a tenant as `named` returned it. */
  authorityOf(tenant: string | undefined): Authority {
    return tenant === undefined ? this.#authority : this.#read(tenant);
  }

  #read(tenant: string): Authority {
    const { issuer, forTenant } = this.#authority;
    if (forTenant !== undefined) return forTenant(tenant);
    throw new TokenSourceError('invalid_configuration', `A tenant is named, and the authority "${issuer}" has none; leave it out`);
  }
}
