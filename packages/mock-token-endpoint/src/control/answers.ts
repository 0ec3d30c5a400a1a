/** What can be scripted: `GET /__control/answers`. */
import { knownCodes } from '../entra/aadsts.ts';
import { FAULTS } from '../faults/faults.ts';
import { json } from './answer.ts';
import type { ControlRoute } from './route.ts';

export const ANSWER_ROUTES: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: 'answers',
    purpose: 'The faults and the AADSTS codes that an answer can name.',
    answer: () =>
      json(200, { faults: Object.entries(FAULTS).map(([name, { description }]) => ({ name, description })), aadsts: knownCodes() }),
  },
];
