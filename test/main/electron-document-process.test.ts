import type { UtilityProcess } from 'electron';
import { expect, test } from 'vitest';
import { createDocumentWork } from '../../main/documents/document-work.ts';
import { createDocumentProcess, utilityProcessOptions } from '../../main/electron-document-process.ts';
import { standIn } from './electron-stand-in.ts';

test('a utility process is told the work, heard, and its end is an answer', async () => {
  const child = standIn<UtilityProcess>();
  const work = createDocumentWork({ start: () => createDocumentProcess(child.part) });
  const file = { bytes: new Uint8Array([1]), format: 'PDF' } as const;
  const described = work.describe(file);
  await Promise.resolve();
  expect(child.calls).toEqual([['postMessage', { kind: 'describe', input: file }]]);
  child.events.emit('message', { kind: 'page' });
  child.events.emit('exit', 1);
  expect(await described).toEqual({ ok: false, failure: { code: 'file/damaged', detail: 'describe given up' } });
});

test('a utility process gets nothing of the environment but what Windows starts nothing without', () => {
  expect(utilityProcessOptions({ HOME: '/home/a', COUNTER_KEY: 'b', SystemRoot: 'C:\\Windows' }).env).toEqual({ SystemRoot: 'C:\\Windows' });
  expect(utilityProcessOptions({ HOME: '/home/a' }).env).toEqual({});
});
