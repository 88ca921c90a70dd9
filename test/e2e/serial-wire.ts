import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A serial line between a scanner and the counter: two pseudo-terminals, and a scanner process at the far one. */
export interface SerialWire {
  /** The port for the counter to open. */
  readonly port: string;
  /** Lets the scanner send these bytes. */
  send(bytes: Uint8Array | string): void;
  close(): void;
}

/** Lays the line in `folder`. */
export async function laySerialWire(folder: string): Promise<SerialWire> {
  const [port, device] = [path.join(folder, 'counter-side'), path.join(folder, 'scanner-side')];
  const socat = spawn('socat', [`pty,raw,echo=0,link=${port}`, `pty,raw,echo=0,link=${device}`], { stdio: 'ignore' });
  while (!existsSync(port) || !existsSync(device)) {
    if (socat.exitCode !== null) throw new Error('socat ended');
    await wait(20);
  }
  const scanner: ChildProcess = spawn(process.execPath, [path.join(import.meta.dirname, 'fake-scanner.ts'), device], { stdio: ['pipe', 'ignore', 'inherit'] });
  return {
    port,
    send: (bytes) => void scanner.stdin?.write(`${Buffer.from(bytes).toString('base64')}\n`),
    close: () => {
      scanner.kill();
      socat.kill();
    },
  };
}
