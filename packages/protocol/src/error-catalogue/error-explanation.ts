/** What an error means, in the shape in which it is told and in the one in which the catalogue writes it down. */

/** What an error of a token endpoint means and who does what about it. */
export interface ErrorExplanation {
  /** `AADSTS7000215`, or the name of an OAuth error. */
  readonly code: string;
  readonly meaning: string;
  /** Whether somebody has to change something; if not, the same request may succeed later. */
  readonly permanent: boolean;
  /** `developer`: the program or the app's registration. `administrator`: the tenant. `operator`: where and with which credential the program runs. */
  readonly fixedBy: 'developer' | 'administrator' | 'operator' | 'nobody';
  readonly fix: string;
  /** A page that says more. */
  readonly url: string;
}

/** One row: AADSTS numbers that say the same, and their explanation. `passing`: it may go away without anybody's doing. */
export type CatalogueRow = readonly [
  numbers: readonly number[],
  lasts: 'permanent' | 'passing',
  fixedBy: ErrorExplanation['fixedBy'],
  meaning: string,
  fix: string,
];
