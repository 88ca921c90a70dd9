import type { StdioOptions } from 'node:child_process';

export interface TestOutcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly isWell: boolean;
}

export interface TestRun {
  /** The program that runs vitest. */
  readonly node: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdio?: StdioOptions;
  readonly say: (line: string) => void;
  readonly patterns: readonly string[];
}

export function runTests(run: TestRun): TestOutcome | null;
