import type { ExchangeSettings } from '../../domain/contracts/enterprise.ts';
import { enrolPeer, type PeerDeps } from './peer.ts';
import { refusalChecks } from './refusal-checks.ts';
import { type Check, serviceChecks } from './service-checks.ts';
import { createWorld, Mismatch } from './world.ts';

/** One line of the report. */
export interface CheckOutcome {
  readonly clause: string;
  readonly what: string;
  readonly mode: ExchangeSettings['mode'];
  readonly passed: boolean;
  /** What was found instead; empty when passed. */
  readonly found: string;
  readonly ms: number;
}

/** How many checks of one mode there are. */
export const checkCount = serviceChecks.length + refusalChecks.length;

/**
 * Runs every interface of a platform, as it is meant to be asked and as it must refuse, from outside: over HTTP, in both
 * modes unless told otherwise. `nextCode` gives the enrolment code of each of the peers, two a mode. Codes to verify are made at the platform's presenter page.
 */
export async function checkPlatform(
  deps: PeerDeps & {
    readonly nextCode: () => Promise<string>;
    readonly modes?: readonly ExchangeSettings['mode'][];
    /** Only the checks of these clauses. */
    readonly clauses?: readonly string[];
    readonly onOutcome?: (outcome: CheckOutcome) => void;
  },
): Promise<readonly CheckOutcome[]> {
  const outcomes: CheckOutcome[] = [];
  for (const mode of deps.modes ?? (['extended', 'strict'] as const)) {
    const peer = await enrolPeer(deps, await deps.nextCode(), mode);
    const other = await enrolPeer(deps, await deps.nextCode(), mode);
    const world = await createWorld(deps, peer, other);
    for (const check of [...serviceChecks, ...refusalChecks]) {
      if (deps.clauses?.includes(check.clause) === false) continue;
      const outcome = { mode, ...(await runCheck(check, () => check.run(world), deps.now)) };
      outcomes.push(outcome);
      deps.onOutcome?.(outcome);
    }
  }
  return outcomes;
}

async function runCheck({ clause, what }: Check, run: () => Promise<void>, now: () => number): Promise<Omit<CheckOutcome, 'mode'>> {
  const startedAt = now();
  try {
    await run();
    return { clause, what, passed: true, found: '', ms: now() - startedAt };
  } catch (error) {
    // Whatever a platform does to the kit is an outcome of the check, not the end of the run.
    const found = error instanceof Mismatch || error instanceof Error ? error.message : 'unknown';
    return { clause, what, passed: false, found, ms: now() - startedAt };
  }
}

/** The report as a table in text, one line a check, both modes side by side. */
export function printReport(outcomes: readonly CheckOutcome[]): string {
  const modes = ['extended', 'strict'] as const;
  const checks = [...new Map(outcomes.map(({ clause, what }) => [`${clause} ${what}`, { clause, what }])).values()];
  const find = (what: string, mode: string) => outcomes.find((outcome) => outcome.what === what && outcome.mode === mode);
  const word = (outcome: CheckOutcome | undefined) => (outcome === undefined ? '–' : outcome.passed ? 'pass' : 'FAIL');
  const lines = checks.map(({ clause, what }) => `${clause.padEnd(15)} ${modes.map((mode) => word(find(what, mode)).padEnd(9)).join(' ')} ${what}`);
  const failed = outcomes.filter(({ passed }) => !passed);
  return [
    `${'clause'.padEnd(15)} ${modes.map((mode) => mode.padEnd(9)).join(' ')} what`,
    ...lines,
    ...failed.map(({ clause, mode, found, what }) => `FAIL ${clause} (${mode}) ${what}: ${found}`),
    `${outcomes.length - failed.length} of ${outcomes.length} passed`,
  ].join('\n');
}
