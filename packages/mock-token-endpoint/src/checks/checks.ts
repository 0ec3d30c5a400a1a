/** The record of what was checked about one request, in order; the first check that fails ends the evaluation. */

/** One thing the server looked at, and whether it was right. */
export interface Check {
  /** What must hold, as a phrase: `the signature verifies`. */
  readonly name: string;
  readonly passed: boolean;
  /** Where the rule stands: a section of an RFC, or the name of an Entra page. */
  readonly section: string;
}

/** What must hold, where that is written, and what the client is told when it does not. */
interface Requirement<Refusal> {
  readonly name: string;
  readonly section: string;
  readonly refusal: Refusal;
}

export interface Checks<Refusal> {
  /** Records the check; when `passed` is false nothing after this call runs. */
  require(passed: boolean, requirement: Requirement<Refusal>): asserts passed;
}

/** `granted` when every check passed, else the `refusal` of the one that did not, which is the last of `made`. */
type Verdict<Granted, Refusal> =
  | { readonly made: readonly Check[]; readonly granted: Granted; readonly refusal?: never }
  | { readonly made: readonly Check[]; readonly granted?: never; readonly refusal: Refusal };

/** Runs `evaluate`, and turns the first failed check into a value. What else it throws is a fault of the mock and passes through. */
export async function judge<Granted, Refusal extends object>(
  evaluate: (checks: Checks<Refusal>) => Promise<Granted> | Granted,
): Promise<Verdict<Granted, Refusal>> {
  const made: Check[] = [];
  let refusal: Refusal | undefined;
  const checks: Checks<Refusal> = {
    require(passed, requirement) {
      made.push({ name: requirement.name, passed, section: requirement.section });
      if (passed) return;
      refusal = requirement.refusal;
      throw new Refused();
    },
  };
  try {
    return { made, granted: await evaluate(checks) };
  } catch (error) {
    if (!(error instanceof Refused) || refusal === undefined) throw error;
    return { made, refusal };
  }
}

/** Carries control from a failed check to `judge`; never leaves this file. */
class Refused extends Error {}
