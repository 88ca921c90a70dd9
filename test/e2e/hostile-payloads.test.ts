import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Verdict } from '../../domain/contracts/counter.ts';
import { makeTextsVisible } from '../../domain/text-safety.ts';
import { createCounterBackend } from '../fakes/counter-backend.ts';
import { listHostilePayloads } from '../fakes/hostile-payloads.ts';
import { serveWindow } from '../fakes/window-server.ts';
import { callNextPerson, startWorld, type World } from './world.ts';

const payloads = listHostilePayloads();
let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** Watches everything that a text could set in motion. */
async function watchPage(page: Page): Promise<{ readonly happenings: () => Promise<readonly string[]> }> {
  const seen: string[] = [];
  const origin = new URL(page.url()).origin;
  page.on('dialog', (dialog) => {
    seen.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', () => seen.push('popup'));
  page.on('download', () => seen.push('download'));
  page.on('framenavigated', (frame) => seen.push(`navigated ${frame.url()}`));
  page.on('request', (request) => void (/^(?:blob:|data:)/.test(request.url()) || new URL(request.url()).origin === origin || seen.push(`request ${request.url()}`)));
  return {
    happenings: async () => {
      const found = await page.evaluate<string[]>(`[
        ...(window.hit === undefined && ({}).hit === undefined ? [] : ['script ran']),
        ...[...document.querySelectorAll('script:not([src]), iframe, object, embed, base, marquee, math, form[action], a[href^="javascript"], [src="x"], [onerror], [onload], [onclick], [onfocus]')].filter((element) => element.type !== 'module').map((element) => element.outerHTML.slice(0, 80)),
      ]`);
      return [...seen, ...found];
    },
  };
}

describe('hostile payloads', () => {
  test('there are two hundred of them', () => {
    expect(payloads.length).toBeGreaterThanOrEqual(200);
  });

  test('scanned as codes: each gets its verdict, and nothing of it acts or is shown', { timeout: 240_000 }, async () => {
    const page = await world.openPage(world.host.address);
    await callNextPerson(world, page);
    const watch = await watchPage(page);
    const states = new Set<string>();
    for (const payload of payloads) {
      const submitted = world.app.hub.submit({ source: 'serial', device: '扫描枪', bytes: new TextEncoder().encode(payload) });
      if (!submitted.ok) continue;
      await world.app.hub.idle();
      states.add(world.app.memory.find(submitted.value.scanId)?.outcome.state ?? 'none');
    }
    const last = world.app.hub.submit({ source: 'serial', device: '扫描枪', bytes: new TextEncoder().encode(await world.mint()) });
    await page.locator(`[data-testid="verdict"][data-scan-id="${last.ok ? last.value.scanId : ''}"]`).waitFor();
    expect(states.has('verified')).toBe(false);
    expect(await watch.happenings()).toEqual([]);
    expect(world.pageFaults).toEqual([]);
    await page.close();
  });

  test('in every text that the window shows: markup stays text, and what cannot be seen is made visible', { timeout: 240_000 }, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'counter-hostile-'));
    cpSync(path.join(import.meta.dirname, '../../dist/window'), folder, { recursive: true });
    const backend = createCounterBackend({ now: () => Date.now(), certificatePdf: new Uint8Array() });
    const server = await serveWindow(folder, backend);
    const page = await world.openPage(server.url);
    await page.getByTestId('chip-platform').waitFor();
    const watch = await watchPage(page);
    const shown = payloads.filter((payload) => payload.length < 300);
    for (let from = 0; from < shown.length; from += placesOfTexts) {
      const some = shown.slice(from, from + placesOfTexts);
      const { scanId } = await backend.scan('verified', 0, (verdict) => makeTextsVisible(spoil(verdict, some)));
      await page.locator(`[data-testid="verdict"][data-scan-id="${scanId}"]`).waitFor();
      let text = '';
      for (const tab of ['certificates', 'notice', 'consent', 'information']) {
        await page.getByTestId(`tab-${tab}`).click();
        await page.locator(`[data-testid="tab-${tab}"][aria-selected="true"]`).waitFor();
        text += await page.locator('main').innerText();
      }
      for (const payload of some) expect(withoutBlanks(text), JSON.stringify(payload)).toContain(withoutBlanks(makeTextsVisible(payload)));
    }
    await page.getByTestId('nav-records').click();
    await page.getByTestId('record').first().waitFor();
    expect(await watch.happenings()).toEqual([]);
    expect(world.pageFaults).toEqual([]);
    await page.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
});

/** How many texts of a verdict take a payload each. */
const placesOfTexts = 9;

/** The verdict with payloads in texts that come from outside. */
function spoil(verdict: Verdict, some: readonly string[]): Verdict {
  const [name = 'x', type = name, presenter = name, title = name, label = name, value = name, consent = name, certificate = name, issuer = name] = some;
  return {
    ...verdict,
    subject: { name, uscc: '91310000MA1K35T4X6', type, legalRepresentative: name, presenter, presenterRole: 'agent' },
    consent: verdict.consent.map((row) => ({ name: row.name, value: consent })),
    information: [{ oid: title, title, fields: [{ label, value, masked: false }] }],
    certificates: verdict.certificates.map((entry) => ({ ...entry, type: certificate, issueDept: issuer, number: value })),
  };
}

function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, '');
}
