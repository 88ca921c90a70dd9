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
