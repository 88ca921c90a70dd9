import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runHostileDocuments } from './hostile-run.ts';

const folder = path.resolve(import.meta.dirname, '../../../shared/data/documents');

// The same in full: npm run soak -- documents.
test.skipIf(!existsSync(folder))('a thousand changed documents are painted or refused with a reason; none throws, hangs, writes a file or fills the memory', async () => {
  const report = await runHostileDocuments({ folder, count: 1000, seed: 20_261_122 });
  expect(report.faults).toEqual([]);
  expect(report.done).toBe(1000);
  // Both must happen, or the changes are of no use.
  expect(report.painted).toBeGreaterThan(200);
  expect(Object.keys(report.refused)).toEqual(expect.arrayContaining(['package/not-a-zip', 'package/damaged', 'package/entry-too-large', 'package/unsafe-name', 'xml/malformed', 'xml/doctype', 'render given up']));
  expect(report.connections).toBe(0);
  // The file that fills the memory costs its thread or the whole process, whichever limit comes first; either way the rest was read.
  expect(report.refused['render given up']).toBeGreaterThan(0);
  expect(Math.max(report.peakMiB, report.processMiB)).toBeLessThan(1024);
}, 600_000);
