import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CounterBackend, createCounterBackend } from '../fakes/counter-backend.ts';
import { serveWindow, type WindowServer } from '../fakes/window-server.ts';
import { createKeySender } from './key-sender.ts';
import { makePagedPdf } from './paged-pdf.ts';
import { createRandom } from './random-numbers.ts';
import { framedBursts, movingBurst } from './wedge-bursts.ts';
import { choosers, choosing, places } from './wedge-places.ts';
import { proveScans, proveTyping, type WedgeStage } from './wedge-proof.ts';
import { hasXTools, openXWindow, type XWindow } from './x-window.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'counter-wedge-'));
let backend: CounterBackend;
let server: WindowServer;
let window: XWindow;
let stage: WedgeStage;
beforeAll(async () => {
  if (!hasXTools) return;
  backend = createCounterBackend({ now: () => Date.now(), certificatePdf: await makePagedPdf(), answersScans: false });
  server = await serveWindow(path.join(root, 'dist/window'), backend);
  window = await openXWindow({ address: server.url, folder });
  await window.page.getByTestId('chip-platform').waitFor();
  stage = { page: window.page, backend, keys: createKeySender(window.display), random: createRandom(20260601) };
});
afterAll(async () => {
  if (!hasXTools) return;
  await window.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.runIf(hasXTools)('keys of a real keyboard, in the window of the kiosk', () => {
  test('scans at any pace into any place: none lost, altered, leaked into a field or taken for a command', async () => {
    const figures = await proveScans(stage, { scans: 60 });
    expect(figures).toMatchObject({ scans: 60, lost: [], altered: [], leaked: [], accelerated: [] });
  });

  test('keys that choose, scroll and turn pages, among the first of a scan: taken back wherever they act', async () => {
    const figures = await proveScans(stage, { scans: 24, allPlaces: choosing, focuses: choosers, makeBurst: movingBurst });
    expect(figures).toMatchObject({ scans: 24, lost: [], altered: [], leaked: [], accelerated: [] });
  });

  test('between a prefix and Tab', async () => {
    backend.changeWedge({ prefix: '~{', suffix: '\t' });
    const figures = await proveScans(stage, { scans: 8, allPlaces: places.slice(4, 12), makeBurst: framedBursts('~{', '\t'), suffix: '\t' });
    backend.changeWedge({ prefix: '', suffix: '\r' });
    await window.page.reload();
    await window.page.getByTestId('chip-platform').waitFor();
    expect(figures).toMatchObject({ scans: 8, lost: [], altered: [], leaked: [], accelerated: [] });
  });

  test('lines typed by hand: none taken for a scan, none mistyped', async () => {
    expect(await proveTyping(stage, 12)).toMatchObject({ lines: 12, takenForScans: [], mistyped: [] });
  });
});
