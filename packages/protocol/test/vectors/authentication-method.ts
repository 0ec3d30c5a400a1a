/** `vectors/authentication-method.json` */
import { chooseAuthenticationMethod } from '../../src/discovery/authentication-method.ts';
import type { Adapter } from './vector.ts';

export const authenticationMethod: Adapter = (input: {
  profile: 'entra' | 'rfc';
  published?: string[];
  usable: string[];
  configured?: string;
}) =>
  chooseAuthenticationMethod({
    server: {
      profile: input.profile,
      issuer: 'https://as.example',
      ...(input.published !== undefined && { clientAuthenticationMethods: input.published }),
    },
    usable: input.usable,
    configured: input.configured,
  });
