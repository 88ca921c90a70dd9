import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { type Browser, chromium, type Page } from 'playwright-core';
import { WebSocket } from 'ws';
import { encodeBase64 } from '../../domain/crypto/base64.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import type { CounterClient } from '../../renderer/connection/connect.ts';
import { createMinting } from '../fakes/running-platform.ts';
import { findChromium } from '../e2e/chromium.ts';
import { type Figure, median, printRatio } from './measuring.ts';

const root = path.resolve(import.meta.dirname, '../..');

interface Host {
  readonly address: string;
  readonly origin: string;
  readonly platform: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** The built kiosk host; `args` choose its platform. */
async function startHost(dataFolder: string, args: readonly string[]): Promise<Host> {
  const child = spawn(process.execPath, [path.join(root, 'dist/main/cli.js'), 'kiosk', '--no-window', '--json', '--port', '0', '--data', dataFolder, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const first = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', resolve);
    void ended.then(() => reject(new Error('the host ended before it was ready')));
  });
  return {
    ...(JSON.parse(first) as Pick<Host, 'address' | 'origin' | 'platform'>),
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGINT');
      await ended;
    },
  };
}

/**
 * From starting the program until its own browser shows a window that waits for a code and has its platform online, beside
 * the same browser, started the same way, showing a blank page.
 */
export async function measureStart(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'counter-bench-'));
  const data = path.join(folder, 'data');
  const enrolled = await startHost(data, ['--embedded']);
  await (await connect(enrolled)).close();
  await enrolled.stop();
  const times = { blank: [] as number[], counter: [] as number[] };
  for (let round = 0; round < 6; round += 1) {
    const blank = await timeBlankPage(path.join(folder, `blank-${round}`));
    rmSync(path.join(data, 'browser'), { recursive: true, force: true });
    const counter = await timeCounterWindow(folder, data);
    // The first round fills the disk cache.
    if (round > 0) times.blank.push(blank);
    if (round > 0) times.counter.push(counter);
  }
  rmSync(folder, { recursive: true, force: true });
  const [counter, blank] = [median(times.counter), median(times.blank)];
  return [{ area: 'Start', what: 'program start → window ready to scan, platform online', value: `${counter.toFixed(0)} ms`, compared: `${blank.toFixed(0)} ms (same Chromium, blank page)`, ratio: printRatio(counter / blank), aim: '≤ 1.3 ×' }];
}

// Without a screen, and open to be looked into from here.
const observed = (port: number): string[] => ['--headless=new', '--disable-gpu', `--remote-debugging-port=${port}`];

async function timeBlankPage(profile: string): Promise<number> {
  const port = await findFreePort();
  const started = performance.now();
  const args = [...observed(port), ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--no-first-run', `--user-data-dir=${profile}`, 'about:blank'];
  const child = spawn(findChromium(), args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const browser = await observe(port);
  await findPage(browser, (url) => url === 'about:blank');
  const ms = performance.now() - started;
  await browser.close();
  child.kill();
  await ended;
  return ms;
}

async function timeCounterWindow(folder: string, data: string): Promise<number> {
  const port = await findFreePort();
  const wrapper = path.join(folder, 'browser.sh');
  writeFileSync(wrapper, `#!/bin/sh\nexec '${findChromium()}' ${observed(port).join(' ')} "$@"\n`, { mode: 0o755 });
  const started = performance.now();
  const child = spawn(process.execPath, [path.join(root, 'dist/main/cli.js'), 'kiosk', '--embedded', '--json', '--port', '0', '--data', data], {
    stdio: 'ignore',
    env: { ...process.env, COUNTER_BROWSER: wrapper, DISPLAY: ':none' },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const browser = await observe(port);
  const page = await findPage(browser, (url) => url.startsWith('http://127.0.0.1:'));
  await page.getByTestId('waiting').waitFor();
  await page.getByTestId('chip-platform').filter({ hasText: '在线' }).waitFor();
  const ms = performance.now() - started;
  await browser.close();
  child.kill('SIGINT');
  await ended;
  return ms;
}

async function observe(port: number): Promise<Browser> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const answers = await fetch(`http://127.0.0.1:${port}/json/version`).then(({ ok }) => ok, () => false);
    if (answers) return chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    await wait(10);
  }
  throw new Error('the browser did not start');
}

async function findPage(browser: Browser, isIt: (url: string) => boolean): Promise<Page> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const page = browser.contexts().flatMap((context) => context.pages()).find((candidate) => isIt(candidate.url()));
    if (page !== undefined) return page;
    await wait(10);
  }
  throw new Error('the page did not open');
}

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Resident memory of the host (platform in another process) at rest, and after many scans. */
export async function measureMemory(scans: number, platform: { url: string; enrolmentCode: string }): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'counter-bench-'));
  const host = await startHost(folder, ['--platform', platform.url, '--enrol', platform.enrolmentCode]);
  const { client, close } = await connect(host);
  const mint = await createMinting(platform.url);
  await wait(5000);
  const idle = readResident(host.pid);
  const half = Math.floor(scans / 2);
  await scanMany(client, mint, half);
  const middle = readResident(host.pid);
  await scanMany(client, mint, scans - half);
  const end = readResident(host.pid);
  await wait(10_000);
  const rested = readResident(host.pid);
  await close();
  await host.stop();
  rmSync(folder, { recursive: true, force: true });
  const row = (what: string, mib: number, compared: string): Figure => ({ area: 'Memory', what, value: `${mib.toFixed(0)} MiB`, compared, ratio: '', aim: '≤ 150 MiB, flat' });
  return [
    row('host at rest', idle, ''),
    row(`host after ${half} scans`, middle, ''),
    row(`host after ${scans} scans`, end, `${rested.toFixed(0)} MiB ten seconds later`),
  ];
}

async function connect(host: Host): Promise<{ client: CounterClient; close: () => Promise<void> }> {
  const token = new URL(host.address).hash.slice('#t='.length);
  const websocket = new WebSocket(`${host.origin.replace('http', 'ws')}/rpc`, [token], { origin: host.origin });
  await new Promise<void>((resolve, reject) => {
    websocket.once('open', resolve);
    websocket.once('error', reject);
  });
  const client: CounterClient = createORPCClient(new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket }));
  while ((await client.case.current()) === null) await wait(50);
  return {
    client,
    close: async () => {
      const closed = new Promise((resolve) => websocket.once('close', resolve));
      websocket.close();
      await closed;
    },
  };
}

async function scanMany(client: CounterClient, mint: (round: number) => Promise<string>, scans: number): Promise<void> {
  const events = await client.scan.watch();
  for (let scan = 0; scan < scans; scan += 1) {
    // As at a window: every few codes the next person.
    if (scan % 5 === 4) await client.case.next();
    const { scanId } = await client.scan.submit({ source: 'wedge', bytesBase64: encodeBase64(encodeUtf8(await mint(scan))) });
    for (;;) {
      const { value, done } = await events.next();
      if (done === true) throw new Error('the stream of verdicts ended');
      if (value.type === 'refused') throw new Error(`refused: ${value.code}`);
      if (value.type === 'verdict' && value.verdict.scanId === scanId) {
        if (value.verdict.state !== 'verified') throw new Error(`a good code was not verified: ${value.verdict.supportCode}`);
        break;
      }
    }
  }
  await events.return?.();
}

function readResident(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}
