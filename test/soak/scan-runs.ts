import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { systemRandom } from '../../domain/crypto/random.ts';
import { createScanHub } from '../../main/devices/scan-hub.ts';
import { createSerialScanner, openSerialLine, type SerialScanner, type SerialSettings } from '../../main/devices/serial-scanner.ts';

/** A pair of pseudo-terminals: the scanner writes at one end, the program opens the other. */
export interface Wire {
  readonly port: string;
  readonly device: string;
  readonly unplug: () => Promise<void>;
}

/** Plugs a pseudo-terminal in under a folder; the same name gives the same paths again. */
export async function plugWire(folder: string, name = 'a'): Promise<Wire> {
  const [port, device] = [path.join(folder, `${name}-port`), path.join(folder, `${name}-device`)];
  const socat: ChildProcess = spawn('socat', [`pty,raw,echo=0,link=${port}`, `pty,raw,echo=0,link=${device}`], { stdio: 'ignore' });
  await until(() => existsSync(port) && existsSync(device));
  const unplug = async (): Promise<void> => {
    if (socat.exitCode !== null || socat.signalCode !== null) return;
    const gone = new Promise((resolve) => socat.once('exit', resolve));
    socat.kill('SIGKILL');
    await gone;
    // A killed socat leaves its links behind; a real device's node goes with it.
    rmSync(port, { force: true });
    rmSync(device, { force: true });
  };
  return { port, device, unplug };
}

/** Waits until it happens; an error when it does not within the limit. */
export async function until(condition: () => boolean, limitMs = 5000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error('it did not happen in time');
    await pause(5);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What became of many frames. */
export interface FrameCount {
  readonly sent: number;
  readonly lost: number;
  /** Codes that nobody sent: two in one, halves, noise. */
  readonly invented: number;
  readonly outOfOrder: number;
  /** Pieces that ended inside a frame, as the program saw them. */
  readonly splitsSeen: number;
  readonly noiseBytes: number;
  readonly ms: number;
}

/** Sends frames in bursts through a real line, each split at another place, with noise between; counts what arrives at the hub. */
export async function runFrames({ folder, frames, marks }: { readonly folder: string; readonly frames: number; readonly marks: 'suffix' | 'both' }): Promise<FrameCount> {
  const wire = await plugWire(folder, `frames-${marks}`);
  const hub = createScanHub({ now: () => 0, monotonic: () => performance.now(), random: systemRandom, maxWaitingPerDevice: 512 });
  const got: string[] = [];
  hub.onScan((scan) => void got.push(scan.text));
  const settings: SerialSettings = { path: wire.port, baudRate: 115_200, ...(marks === 'both' ? { prefix: 'STX', suffix: 'ETX' } : { suffix: 'CR' }) };
  let splitsSeen = 0;
  const end = marks === 'both' ? 0x03 : 0x0d;
  const scanner = listenTo(wire, settings, {
    submit: (bytes) => void hub.submit({ source: 'serial', device: 'x', bytes, takeOffAim: true }),
    onChunk: (chunk) => {
      if (chunk.at(-1) !== end) splitsSeen += 1;
    },
  });
  await until(() => scanner.state() === 'ready');
  const file = await open(wire.device, 'w');
  const sent: string[] = [];
  const started = performance.now();
  let noiseBytes = 0;
  for (let i = 0; i < frames; i++) {
    const text = `${i}:${randomBytes(randomInt(4, 118)).toString('hex').toUpperCase()}`;
    sent.push(text);
    const noise = makeNoise(marks);
    noiseBytes += noise.length;
    await writeSplit(file, noise, i, marks === 'both' ? `\u0002${text}\u0003` : `${text}\r`);
    if (i % 40 === 39) await pause(1);
  }
  await until(() => got.length >= sent.length, 30_000).catch(() => {});
  await pause(1700);
  const ms = performance.now() - started;
  await file.close();
  await scanner.stop();
  await wire.unplug();
  return { ...compareFrames(sent, got), splitsSeen, noiseBytes, ms };
}

async function writeSplit(file: FileHandle, noise: Uint8Array, at: number, frame: string): Promise<void> {
  const place = at % (frame.length + 1);
  if (noise.length > 0) await file.write(noise);
  if (place > 0) await file.write(frame.slice(0, place));
  // Now and then long enough for the other side to see the half.
  if (at % 7 === 0) await pause(1);
  if (place < frame.length) await file.write(frame.slice(place));
}

/** With a suffix alone noise is what no code consists of; with both marks it is anything but a whole frame. */
function makeNoise(marks: 'suffix' | 'both'): Uint8Array {
  if (marks === 'suffix') return Uint8Array.from({ length: randomInt(0, 6) }, () => [0x00, 0x0a, 0x0d][randomInt(0, 3)] ?? 0);
  const length = randomInt(0, 200) === 0 ? 6000 : randomInt(0, 120);
  const without = randomInt(0, 2) === 0 ? 0x02 : 0x03;
  return randomBytes(length).map((byte) => (byte === without ? 0x20 : byte));
}

function compareFrames(sent: readonly string[], got: readonly string[]) {
  const [wanted, arrived] = [new Set(sent), new Set(got)];
  const lost = sent.filter((text) => !arrived.has(text)).length;
  const invented = got.filter((text) => !wanted.has(text)).length;
  const known = got.filter((text) => wanted.has(text));
  const outOfOrder = known.filter((text, at) => Number.parseInt(text, 10) <= Number.parseInt(known[at - 1] ?? '-1', 10)).length;
  return { sent: sent.length, lost, invented, outOfOrder };
}

function listenTo(wire: Wire, settings: SerialSettings, { submit, onChunk = () => {} }: { readonly submit: (bytes: Uint8Array) => void; readonly onChunk?: (chunk: Uint8Array) => void }): SerialScanner {
  const scanner = createSerialScanner({
    settings: { ...settings, path: wire.port },
    submit,
    refuse: () => {},
    open: async (wanted) => {
      const line = await openSerialLine(wanted);
      line.onData(onChunk);
      return line;
    },
  });
  scanner.start();
  return scanner;
}

/** What many unplugs came to; times from the moment the port is there again. */
export interface ReplugCount {
  readonly cycles: number;
  readonly slowestMs: number;
  readonly medianMs: number;
  readonly lateBeyond3s: number;
  readonly codesRead: number;
  /** Halves that were on the wire at the unplug and came out as codes. */
  readonly invented: number;
  readonly handlesBefore: number;
  readonly handlesAfter: number;
}

/** Unplugs in the middle of a code and plugs in again, over and over; every time the next code must be read. */
export async function runReplugs({ folder, cycles }: { readonly folder: string; readonly cycles: number }): Promise<ReplugCount> {
  const got: string[] = [];
  let wire = await plugWire(folder, 'replug');
  const scanner = listenTo(wire, { path: wire.port, baudRate: 9600, suffix: 'CR' }, { submit: (bytes) => void got.push(Buffer.from(bytes).toString()) });
  await until(() => scanner.state() === 'ready');
  const handlesBefore = countHandles();
  const times: number[] = [];
  const sent: string[] = [];
  for (let i = 0; i < cycles; i++) {
    await write(wire.device, `HALF-${i}`);
    await wire.unplug();
    await until(() => scanner.state() === 'lost');
    wire = await plugWire(folder, 'replug');
    const pluggedAt = performance.now();
    await until(() => scanner.state() === 'ready', 10_000);
    times.push(performance.now() - pluggedAt);
    sent.push(`WHOLE-${i}`);
    await write(wire.device, `WHOLE-${i}\r`);
    await until(() => got.length >= sent.length);
  }
  const handlesAfter = countHandles();
  await scanner.stop();
  await wire.unplug();
  const sorted = times.toSorted((a, b) => a - b);
  return {
    ...{ cycles, handlesBefore, handlesAfter },
    slowestMs: sorted.at(-1) ?? 0,
    medianMs: sorted[sorted.length >> 1] ?? 0,
    lateBeyond3s: times.filter((ms) => ms > 3000).length,
    codesRead: got.filter((text) => sent.includes(text)).length,
    invented: got.filter((text) => !sent.includes(text)).length,
  };
}

/** Writes to the scanner's end of a wire. */
export async function write(device: string, content: string | Uint8Array): Promise<void> {
  const file = await open(device, 'w');
  await file.writeFile(content);
  await file.close();
}

function countHandles(): number {
  return readdirSync('/proc/self/fd').length;
}
