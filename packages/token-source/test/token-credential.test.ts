/** A token source as the `TokenCredential` of Azure's clients. */
import { type AccessToken, createAccessToken, createDpopBinding } from '@client-credentials/protocol';
import { expect, test } from 'vitest';
import { entra } from '../src/authority/entra.ts';
import { asTokenCredential } from '../src/token-credential.ts';
import type { GetTokenOptions } from '../src/token-source.ts';
import { sendJson, sendToken, startLoopback, tokenWith } from './loopback.ts';
import { sourceFor } from './source.ts';
