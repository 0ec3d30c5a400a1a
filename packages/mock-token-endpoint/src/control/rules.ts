/** Rules by which requests are answered: `/__control/rules`. */
import type { ActiveRule } from '../faults/script.ts';
import { done, json, notFound } from './answer.ts';
import type { ControlRoute } from './route.ts';

export const RULE_ROUTES: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: 'rules',
    purpose: 'The rules in force, oldest first; the first that matches answers.',
    answer: ({ steering }) => json(200, { rules: steering.script.rules().map(toJson) }),
  },
  {
    method: 'POST',
    path: 'rules',
    purpose:
      'Adds a rule { match?: { path?, method?, tenant?, clientId? }, times?, skip?, every?, answer }; a path may be { pattern, flags? }.',
    takesBody: true,
    answer: ({ steering, body }) => json(201, { id: steering.script.addRule(body) }),
  },
  {
    method: 'DELETE',
    path: 'rules/{id}',
    purpose: 'Removes one rule.',
    answer: ({ steering, parameter }) =>
      steering.script.removeRule(Number(parameter)) ? done() : notFound(`There is no rule ${parameter}: GET the rules for their ids`),
  },
  {
    method: 'DELETE',
    path: 'rules',
    purpose: 'Removes all rules; with a tenant those that match on it.',
    query: ['tenant'],
    answer: ({ steering, query }) => {
      steering.script.clearRules(query['tenant']);
      return done();
    },
  },
];

/** JSON has no regular expressions. */
function toJson({ match, ...rule }: ActiveRule): object {
  const path = match?.path instanceof RegExp ? { pattern: match.path.source, flags: match.path.flags } : match?.path;
  return { ...rule, ...(match === undefined ? {} : { match: { ...match, path } }) };
}
