import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket } from 'ws';
import { encodeBase64 } from '../../domain/crypto/base64.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import type { CounterClient } from '../../renderer/connection/connect.ts';
import { createMinting } from '../fakes/running-platform.ts';
import { launchChromium } from '../e2e/chromium.ts';
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

/** From starting the program until a code could be scanned, beside the same browser opening a blank page. */
export async function measureStart(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'counter-bench-'));
  const embedded = await startHost(folder, ['--embedded']);
  await (await connect(embedded)).close();
  const times = { blank: [] as number[], counter: [] as number[] };
  await embedded.stop();
  for (let round = 0; round < 6; round += 1) {
    const blankStarted = performance.now();
    const blank = await launchChromium();
    const page = await blank.newPage({ viewport: { width: 1366, height: 768 } });
    await page.goto('about:blank');
    const blankMs = performance.now() - blankStarted;
    await blank.close();
    const started = performance.now();
    const host = await startHost(folder, ['--embedded']);
    const browser = await launchChromium();
    const window = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await window.goto(host.address);
    await window.getByTestId('waiting').waitFor();
    const counterMs = performance.now() - started;
    await browser.close();
    await host.stop();
    // The first round fills the disk cache.
    if (round > 0) times.blank.push(blankMs);
    if (round > 0) times.counter.push(counterMs);
  }
  rmSync(folder, { recursive: true, force: true });
  const [counter, blank] = [median(times.counter), median(times.blank)];
  return [{ area: 'Start', what: 'program start → window ready to scan (platform embedded)', value: `${counter.toFixed(0)} ms`, compared: `${blank.toFixed(0)} ms (same Chromium, blank page)`, ratio: printRatio(counter / blank), aim: '≤ 1.3 ×' }];
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
