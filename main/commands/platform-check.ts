import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemRandom } from '../../domain/crypto/random.ts';
import type { Call, Outcome } from './command.ts';
import { startReferencePlatform } from './reference-platform.ts';

/** `counter platform check`: the conformance kit against `--url`, or against a platform that is started for it. */
export async function runPlatformCheck(call: Call): Promise<Outcome> {
  const url = call.text('url');
  if ((url === null) === !call.flag('embedded')) return { usage: 'check needs either --url URL or --embedded.' };
  if (url === null) return checkEmbedded(call);
  const codes = [...call.texts('enrol')];
  if (codes.length !== 2 && codes.length !== 4) return { usage: 'check --url needs two enrolment codes (extended mode) or four (both modes): --enrol CODE --enrol CODE.' };
  const modes = codes.length === 2 ? (['extended'] as const) : (['extended', 'strict'] as const);
  return check(call, { url: url.replace(/\/$/, ''), modes, nextCode: () => codes.shift() ?? '' });
}

async function checkEmbedded(call: Call): Promise<Outcome> {
  const folder = mkdtempSync(path.join(tmpdir(), 'counter-check-'));
  const platform = await startReferencePlatform({ dataDir: folder, port: 0, database: call.text('database') ?? undefined });
  if (platform === null) return 'failed';
  try {
    return await check(call, { url: platform.url, modes: ['extended', 'strict'], nextCode: () => platform.enrolmentCode });
  } finally {
    await platform.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function check(call: Call, asked: { url: string; modes: readonly ('extended' | 'strict')[]; nextCode: () => string }): Promise<Outcome> {
  const { checkPlatform, printReport } = await import('../../platform/conformance/kit.ts');
  const { url, modes, nextCode } = asked;
  const { output } = call;
  try {
    const outcomes = await checkPlatform({
      ...{ url, modes, now: Date.now, random: systemRandom, nextCode: async () => nextCode() },
      onOutcome: (outcome) => output.record({ ...outcome }),
    });
    output.say(printReport(outcomes));
    return outcomes.every(({ passed }) => passed) ? 'done' : 'failed';
  } catch (error) {
    output.complain(`the platform at ${url} cannot be checked: ${error instanceof Error ? error.message : 'unknown'}.`);
    return 'failed';
  }
}
