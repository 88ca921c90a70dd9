import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { startUnattended } from '../../main/commands/counter-app.ts';
import { awaitVerdict } from '../../main/commands/scanning.ts';
import { type CaseParts, measureCaseParts } from './case-parts.ts';
import { type Figure, median, printMs, printRatio } from './measuring.ts';
import { createMinting, startProgram } from '../fakes/running-platform.ts';

const rounds = 80;
const warmUp = 30;

/** Scan → verdict, announced and durably written down, against the reference platform in a process of its own. */
export async function measureCase(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'counter-bench-'));
  const platform = await startProgram<{ url: string; enrolmentCode: string }>('platform', '--port', '0', '--data', path.join(folder, 'p'));
  try {
    const { times, local, sizes } = await scanMany(path.join(folder, 'c'), platform.facts);
    const parts = await measureCaseParts(sizes);
    return describe(median(times), median(local), parts);
  } finally {
    await platform.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function scanMany(dataDir: string, platform: { url: string; enrolmentCode: string }) {
  const app = await startUnattended({ dataDir, platform });
  if (!app.ok) throw new Error(`the counter does not start: ${app.failure.code}`);
  await app.value.ready;
  const mint = await createMinting(platform.url);
  const [times, local, answers]: number[][] = [[], [], []];
  for (let round = 0; round < warmUp + rounds; round += 1) {
    const bytes = encodeUtf8(await mint(round));
    const started = performance.now();
    const granted = await awaitVerdict(app.value, { source: 'image', device: 'bench', bytes });
    const ms = performance.now() - started;
    if (!granted.ok) throw new Error(`no verdict: ${granted.failure.code}`);
    const { outcome } = granted.value;
    if (outcome.state !== 'verified') throw new Error(`a good code was not verified: ${outcome.supportCode}`);
    if (round < warmUp) continue;
    times?.push(ms);
    local?.push(outcome.checks.slice(0, 6).reduce((sum, check) => sum + (check.ms ?? 0), 0));
    const { information, certificates, consent, subject } = outcome;
    answers?.push(JSON.stringify({ information, certificates, consent, subject }).length);
  }
  await app.value.close();
  // The request is code, purpose and credential; the answer also has its frame of times and names.
  return { times: times ?? [], local: local ?? [], sizes: { request: 900, answer: median(answers ?? []) + 600 } };
}

function describe(total: number, local: number, parts: CaseParts): Figure[] {
  const sum = parts.signature + parts.seals + parts.roundTrip + parts.commit;
  const list = `${printMs(sum)} = signature ${printMs(parts.signature)} + envelopes ${printMs(parts.seals)} + HTTP ${printMs(parts.roundTrip)} + commit ${printMs(parts.commit)}`;
  return [
    { area: 'Case', what: 'scan → verdict on loopback', value: printMs(total), compared: list, ratio: printRatio(total / sum), aim: '≤ 1.5 ×' },
    { area: 'Case', what: 'of it the checks before any network', value: printMs(local), compared: '', ratio: '', aim: '' },
  ];
}
