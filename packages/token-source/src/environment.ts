/** Environment variables as a record, so that tests and programs may bring their own. */

/** Such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable's value. An empty one counts as absent: that is how one is unset in a pod's or a workflow's description. */
export function readVariable(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === '' ? undefined : value;
}
