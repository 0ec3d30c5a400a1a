/** The types of protocol-map.mjs, for its test. */

export interface Rule {
  readonly number: string;
  readonly level: string;
  readonly source: string;
  readonly rule: string;
  readonly package: string;
  readonly reason: string;
  readonly files: readonly string[];
}

export interface Part {
  readonly title: string;
  readonly path: string;
  readonly rows: readonly Rule[];
}

export interface ScenarioRule {
  readonly rule: string;
  readonly numbers: readonly string[];
  readonly files: readonly string[];
}

export interface NumberedTest {
  readonly file: string;
  readonly numbers: readonly string[];
  readonly title: string;
}

export interface Project {
  readonly parts: readonly Part[];
  readonly scenario: readonly ScenarioRule[];
  readonly tests: readonly NumberedTest[];
  readonly sources: ReadonlyMap<string, string>;
  readonly map: string;
}

export function readProject(root: string): Project;
export function parseList(text: string, path: string): Part;
export function parseScenario(text: string): readonly ScenarioRule[];
export function testsIn(file: string, text: string): readonly NumberedTest[];
export function problemsOf(project: Project): readonly string[];
export function differencesOf(actual: string, expected: string): readonly string[];
export function renderMap(project: Project): string;
