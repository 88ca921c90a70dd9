import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { ok } from '../../domain/failure.ts';
import { type ExportSource, exportAudit } from '../../main/audit/export.ts';
import { createZipTarget } from '../../main/audit/export-targets.ts';

test('an archive names all its files, more than two bytes can count among them', async () => {
  // A counter signs its log every minute that something happens: in a year that is more.
  for (const files of [65_534, 65_535]) {
    const pieces: Uint8Array[] = [];
    const target = createZipTarget('log', Date.UTC(2026, 4, 1), async (bytes) => void pieces.push(bytes));
    for (let number = 0; number < files; number++) target.file(`${number}`, Uint8Array.of(number));
    await target.finish();
    const found = unzipSync(Buffer.concat(pieces));
    expect(Object.keys(found)).toHaveLength(files);
    expect(found[`log/${files - 1}`]).toEqual(Uint8Array.of(files - 1));
  }
}, 120_000);

test('an archive of more bytes than it can say, in one file or in all, says so', async () => {
  const noise = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  const made = async (most: number, work: (target: ReturnType<typeof createZipTarget>) => void): Promise<boolean> => {
    const target = createZipTarget('log', Date.UTC(2026, 4, 1), async () => {}, most);
    work(target);
    await target.finish();
    return target.isTooLarge();
  };
  const stream = (length: number) => (target: ReturnType<typeof createZipTarget>) => {
    const file = target.stream('zeros');
    for (let written = 0; written < length; written += 500) file.write(new Uint8Array(500));
    file.end();
  };
  // Zeros take next to no room in the archive, but their number has to be said.
  expect([await made(5000, stream(5000)), await made(5000, stream(5500))]).toEqual([false, true]);
  const files = (target: ReturnType<typeof createZipTarget>): void => [1, 2, 3].forEach((at) => target.file(`${at}`, noise(1000)));
  expect([await made(3600, files), await made(3000, files)]).toEqual([false, true]);
});

test('the target is waited for after each page of checkpoints, and the export can be ended there', async () => {
  const stop = new AbortController();
  const asked: string[] = [];
  const source: ExportSource = {
    checkpoint: async () => ok(null),
    auditIdentity: async () => ok({ publicKey: new Uint8Array(65), device: 'd' }),
    checkpoints: async ({ afterSize, limit }) => {
      asked.push('checkpoints');
      return ok(Array.from({ length: limit }, (_, index) => ({ size: afterSize + index + 1, text: '', signature: new Uint8Array(), countersigned: null })));
    },
    chain: () => Promise.reject(new Error('not reached')),
    signManifest: () => Promise.reject(new Error('not reached')),
  };
  const target = {
    file: () => {},
    stream: () => ({ write: () => {}, end: () => {} }),
    settle: async () => {
      asked.push('settle');
      if (asked.length === 4) stop.abort();
    },
  };
  const made = await exportAudit({ source, target, at: 0, tools: new Map(), signal: stop.signal });
  expect(made).toMatchObject({ ok: false, failure: { code: 'audit/stopped' } });
  expect(asked).toEqual(['checkpoints', 'settle', 'checkpoints', 'settle']);
});
