import { stat } from 'node:fs/promises';
import { SerialPort } from 'serialport';
import type { SerialScannerSettings } from '../../domain/contracts/devices.ts';
import { createFrameAssembler, type Frame } from './serial-frames.ts';

/** How a serial scanner is connected: see `SerialScannerSchema` of the contract. */
export type SerialSettings = SerialScannerSettings;

/** Names for the characters around a code that scanners can be set to. */
export const serialMarks = { CR: '\r', LF: '\n', CRLF: '\r\n', TAB: '\t', STX: '\u0002', ETX: '\u0003', none: '' } as const;

/** `connecting`: not opened yet; `busy`: another program has the port; `lost`: missing, tried again every second; `not-permitted`: ours by no right. */
export type SerialState = 'ready' | 'connecting' | 'busy' | 'lost' | 'not-permitted';

/** An open serial line. `onClose` fires once, for an unplug as for a failure. */
export interface SerialLine {
  onData(listener: (chunk: Uint8Array) => void): void;
  onClose(listener: () => void): void;
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Opens a line exclusively; rejects when it is missing or taken. */
export type OpenSerialLine = (settings: SerialSettings) => Promise<SerialLine>;

/** Where a scanner puts what it reads. */
export interface SerialScannerDeps {
  readonly settings: SerialSettings;
  readonly submit: (bytes: Uint8Array) => void;
  /** Bytes were thrown away: a run beyond the limit, or a part of a code; called once for each. */
  readonly refuse: (code: 'scan/too-long' | 'scan/torn') => void;
  readonly onState?: (state: SerialState) => void;
  readonly open?: OpenSerialLine;
  readonly maxBytes?: number;
  readonly reconnectMs?: number;
  /** Monotonic ms. */
  readonly monotonic?: () => number;
}

/** A scanner on a serial port; it keeps coming back after an unplug until it is stopped. */
export interface SerialScanner {
  readonly id: string;
  readonly name: string;
  state(): SerialState;
  /** Sends a command to the scanner; false when the line is not open or fails. */
  send(bytes: Uint8Array): Promise<boolean>;
  start(): void;
  stop(): Promise<void>;
}

// Long enough for the slowest scanner in use between two bytes of one code, short enough to be taken for the end.
const gapWithoutSuffixMs = 80;
// With a suffix a pause means that it is not sent at all, which costs a wait; an unplug in the middle of a code is noticed
// well before, so that no half is taken for a code.
const gapWithSuffixMs = 1500;
const lateMs = 20;
const lookAtFileMs = 400;

/** Creates a scanner on the serial port of the settings: frames by suffix or pause, reconnects within a second or two. */
export function createSerialScanner(deps: SerialScannerDeps): SerialScanner {
  const { settings } = deps;
  let state: SerialState = 'connecting';
  const connection = createConnection({
    settings,
    open: deps.open ?? openSerialLine,
    reconnectMs: deps.reconnectMs ?? 1000,
    createReading: () => createReading(deps),
    setState: (next) => {
      if (next === state) return;
      state = next;
      deps.onState?.(next);
    },
  });
  return { id: `serial:${settings.path}`, name: settings.name ?? settings.path, state: () => state, ...connection };
}

interface ConnectionDeps {
  readonly settings: SerialSettings;
  readonly open: OpenSerialLine;
  readonly reconnectMs: number;
  readonly createReading: () => Reading;
  readonly setState: (state: SerialState) => void;
}

/** Keeps a line open: after a failed opening or a loss it tries again, until it is stopped. */
function createConnection({ settings, open, reconnectMs, createReading, setState }: ConnectionDeps) {
  let isWanted = false;
  let line: SerialLine | undefined;
  let opening: Promise<void> = Promise.resolve();
  let retryTimer: NodeJS.Timeout | undefined;

  const listen = (opened: SerialLine): void => {
    line = opened;
    const reading = createReading();
    opened.onData(reading.push);
    opened.onClose(() => {
      reading.end();
      if (line !== opened) return;
      line = undefined;
      setState('lost');
      connectLater();
    });
    setState('ready');
  };

  const connect = async (): Promise<void> => {
    try {
      const opened = await open(settings);
      if (isWanted) listen(opened);
      else await opened.close();
    } catch (error) {
      setState(stateAfter(error));
      connectLater();
    }
  };

  const connectLater = (): void => {
    if (isWanted) retryTimer = setTimeout(() => void (opening = connect()), reconnectMs);
  };

  return {
    send: async (bytes: Uint8Array): Promise<boolean> => {
      const to = line;
      return to === undefined ? false : to.write(bytes).then(() => true, () => false);
    },
    start: (): void => {
      if (isWanted) return;
      isWanted = true;
      opening = connect();
    },
    stop: async (): Promise<void> => {
      isWanted = false;
      clearTimeout(retryTimer);
      await opening;
      const last = line;
      line = undefined;
      await last?.close();
    },
  };
}

/** The characters that a prefix or suffix setting stands for: a name (`CR`) or the characters themselves. */
export function parseSerialMark(text: string): string {
  return Object.entries(serialMarks).find(([name]) => name === text)?.[1] ?? text;
}

/** Opens a real serial port through the `serialport` library, locked against other programs. */
export const openSerialLine: OpenSerialLine = async (settings) => {
  const { path, baudRate, dataBits = 8, stopBits = 1, parity = 'none', flow = 'none' } = settings;
  const flows = { rtscts: flow === 'rts-cts', xon: flow === 'xon-xoff', xoff: flow === 'xon-xoff' };
  const port = new SerialPort({ path, baudRate, dataBits, stopBits, parity, ...flows, lock: true, autoOpen: false });
  // Without a listener an 'error' event would end the process; what matters of it arrives as 'close'.
  port.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error === null ? resolve() : reject(error)));
  });
  await closeWhenGone(port, path);
  return {
    onData: (listener) => void port.on('data', listener),
    onClose: (listener) => void port.once('close', listener),
    write: (bytes) =>
      new Promise<void>((resolve, reject) => {
        port.write(bytes, (error) => (error === null || error === undefined ? resolve() : reject(error)));
      }),
    close: () => new Promise<void>((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve())),
  };
};

/**
 * Closes a port whose device file is no longer the one that was opened. A line that is cut while bytes wait gives an end of
 * file, upon which the library reads again for ever instead of telling.
 */
async function closeWhenGone(port: SerialPort, path: string): Promise<void> {
  const identify = (): Promise<string | null> => stat(path).then(({ ino, rdev }) => `${ino} ${rdev}`, () => null);
  const opened = await identify();
  // Where ports are no files (Windows) there is nothing to look at.
  if (opened === null) return;
  const looking = setInterval(() => {
    void identify().then((now) => {
      if (now !== opened && port.isOpen && !port.closing) port.close(() => {});
    });
  }, lookAtFileMs);
  looking.unref();
  port.once('close', () => clearInterval(looking));
}

interface Reading {
  readonly push: (chunk: Uint8Array) => void;
  readonly end: () => void;
}

/** One connection's worth of bytes: frames go out as they end, a pause ends the last one. */
function createReading({ settings, submit, refuse, maxBytes = 4096, monotonic = () => performance.now() }: SerialScannerDeps): Reading {
  const suffix = parseSerialMark(settings.suffix);
  const gapMs = settings.idleGapMs ?? (suffix === '' ? gapWithoutSuffixMs : gapWithSuffixMs);
  const assembler = createFrameAssembler({ prefix: parseSerialMark(settings.prefix ?? ''), suffix, maxBytes });
  let timer: NodeJS.Timeout | undefined;
  const hand = (frames: readonly Frame[]): void => {
    for (const frame of frames) {
      if (frame.kind === 'code') submit(frame.bytes);
      else refuse(frame.kind === 'torn' ? 'scan/torn' : 'scan/too-long');
    }
  };
  const awaitSilence = (): void => {
    const dueAt = monotonic() + gapMs;
    timer = setTimeout(() => {
      // A busy program comes late: what arrived meanwhile is not read yet, and no silence was observed.
      if (monotonic() - dueAt > lateMs) awaitSilence();
      else hand(assembler.pause());
    }, gapMs);
  };
  return {
    push: (chunk) => {
      clearTimeout(timer);
      hand(assembler.push(chunk));
      if (assembler.isPending()) awaitSilence();
    },
    // What an unplug cut off is not a code.
    end: () => clearTimeout(timer),
  };
}

/** What keeps a port from opening, told by the words of the system's error: the library hands on no code. */
function stateAfter(error: unknown): SerialState {
  const message = error instanceof Error ? error.message : '';
  if (/permission denied|EACCES|operation not permitted/i.test(message)) return 'not-permitted';
  // Windows says "Access denied" for a port that another program has open.
  return /cannot lock port|resource temporarily unavailable|access denied|busy/i.test(message) ? 'busy' : 'lost';
}
