import type { VerdictSignal } from '../../domain/scanner-family.table.ts';
import type { HidAccess, HidDeviceInfo, HidLine } from './hid-access.ts';
import { createBarcodeAssembler, type HidCode } from './hid-barcode.ts';
import type { SerialState } from './serial-scanner.ts';

/** What a HID scanner needs; `find` says where it is plugged in now, null when it is not. */
export interface HidScannerDeps {
  readonly find: () => HidDeviceInfo | null;
  readonly access: Pick<HidAccess, 'open'>;
  readonly submit: (bytes: Uint8Array, symbology: string | null) => void;
  readonly refuse: (code: 'scan/too-long' | 'scan/torn') => void;
  readonly onState: (state: SerialState) => void;
  readonly maxBytes?: number;
  /** How long the rest of a code may be waited for, ms. */
  readonly tornAfterMs?: number;
}

/** A HID-POS scanner that is used as long as it is plugged in. */
export interface HidScanner {
  state(): SerialState;
  /** The devices were looked for: opens what came, gives up what went. */
  look(): Promise<void>;
  signals(): VerdictSignal[];
  /** Null when the device takes no such command; else whether it was sent. */
  sendSignal(signal: VerdictSignal): Promise<boolean> | null;
  stop(): Promise<void>;
}

/** Creates the scanner; nothing happens before the first `look`. */
export function createHidScanner(deps: HidScannerDeps): HidScanner {
  let state: SerialState = 'connecting';
  let open: { readonly line: HidLine; readonly device: HidDeviceInfo } | null = null;
  let isWanted = true;
  let looking: Promise<void> = Promise.resolve();
  const setState = (next: SerialState): void => {
    if (next === state) return;
    state = next;
    deps.onState(next);
  };
  const lose = async (next: SerialState): Promise<void> => {
    const last = open;
    open = null;
    setState(next);
    await last?.line.close();
  };
  const connect = async (device: HidDeviceInfo): Promise<void> => {
    try {
      const line = await deps.access.open(device.path);
      if (!isWanted) return await line.close();
      open = { line, device };
      const reading = createReading(deps, device);
      line.onReport(reading.push);
      line.onClose(() => {
        reading.end();
        if (open?.line === line) void lose('lost');
      });
      setState('ready');
    } catch (error) {
      setState(stateAfter(error));
    }
  };
  const look = async (): Promise<void> => {
    const device = deps.find();
    if (!isWanted) return;
    if (device === null) return lose('lost');
    // The same scanner in another socket is another path.
    if (open !== null && open.device.path !== device.path) await lose('connecting');
    if (open === null) await connect(device);
  };
  return {
    state: () => state,
    look: () => (looking = looking.then(look)),
    signals: () => Object.keys((open?.device ?? deps.find())?.layout.signals ?? {}) as VerdictSignal[],
    sendSignal: (signal) => {
      const report = open?.device.layout.signals[signal];
      if (open === null || report === undefined) return null;
      return open.line.write(report).then(() => true, () => false);
    },
    stop: async () => {
      isWanted = false;
      await looking;
      await open?.line.close();
      open = null;
    },
  };
}

/** One connection's worth of reports. */
function createReading({ submit, refuse, maxBytes = 4096, tornAfterMs = 1000 }: HidScannerDeps, { layout }: HidDeviceInfo) {
  const assembler = createBarcodeAssembler({ layout, maxBytes });
  let timer: NodeJS.Timeout | undefined;
  const hand = (codes: readonly HidCode[]): void => {
    for (const code of codes) {
      if (code.kind === 'code') submit(code.bytes, code.symbology);
      else refuse(code.kind === 'torn' ? 'scan/torn' : 'scan/too-long');
    }
  };
  return {
    push: (report: Uint8Array): void => {
      clearTimeout(timer);
      hand(assembler.push(report));
      if (assembler.isPending()) timer = setTimeout(() => hand(assembler.pause()), tornAfterMs);
    },
    end: (): void => clearTimeout(timer),
  };
}

function stateAfter(error: unknown): SerialState {
  const message = error instanceof Error ? error.message : '';
  if (/permission|EACCES|not permitted|access denied/i.test(message)) return 'not-permitted';
  return /busy|in use|exclusive/i.test(message) ? 'busy' : 'lost';
}
