/** Checks that several faces share refuse in words of their own; each face has them in its shape. */
import type { Checks } from './checks.ts';

/** `checks` for a part that refuses with an `Inner`, which `translate` turns into what this record refuses with. */
export function translated<Inner, Outer>(checks: Checks<Outer>, translate: (refusal: Inner) => Outer): Checks<Inner> {
  return {
    require: (passed, { refusal, ...requirement }) => checks.require(passed, { ...requirement, refusal: translate(refusal) }),
  };
}
