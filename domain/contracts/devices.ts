import { eventIterator } from '@orpc/contract';
import * as v from 'valibot';
import { scannerFamilyIds } from '../scanner-family.table.ts';
import { scannerTestIds, testFindingKinds, testHints } from '../scanner-test.ts';
import { base, failureCodes } from './base.ts';

/**
 * The devices of this machine as the window sees and sets them: part of the contract in `counter.ts`. No call and no event
 * here ever carries what was scanned; the self-test compares in the privileged process and names single characters only.
 */

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(400));
const at = v.number();
const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));

/**
 * How a device is: `ready` reads; `connecting` is being opened; `busy` is held by another program; `lost` is unplugged and
 * comes back by itself; `not-permitted` exists but the system's rights keep us out (administrator).
 */
export const deviceStates = ['ready', 'connecting', 'busy', 'lost', 'not-permitted'] as const;

/** How bytes of a scanner become text. `auto`: strict UTF-8, else GB 18030; the others are declared and strict. */
export const scanCharsets = ['auto', 'utf-8', 'gb18030', 'latin-1'] as const;

/**
 * A serial scanner as it is set up. Optional fields stand for: family as recognised, 8 data bits, 1 stop bit, no parity, no
 * flow control, no prefix, idle gap 80 ms without suffix and 1500 ms with one, charset `auto`, AIM identifiers taken off,
 * no signals. `prefix` and `suffix`: a name (`CR`, `LF`, `CRLF`, `TAB`, `none`, `STX`, `ETX`) or the characters themselves.
 */
export const SerialScannerSchema = v.object({
  path: text,
  name: v.optional(v.pipe(v.string(), v.maxLength(60))),
  family: v.optional(v.picklist(scannerFamilyIds)),
  baudRate: whole(110, 4_000_000),
  dataBits: v.optional(v.picklist([7, 8])),
  stopBits: v.optional(v.picklist([1, 2])),
  parity: v.optional(v.picklist(['none', 'even', 'odd'])),
  flow: v.optional(v.picklist(['none', 'rts-cts', 'xon-xoff'])),
  prefix: v.optional(v.pipe(v.string(), v.maxLength(16))),
  suffix: v.pipe(v.string(), v.maxLength(16)),
  idleGapMs: v.optional(whole(5, 5000)),
  charset: v.optional(v.picklist(scanCharsets)),
  /** Whether a leading AIM identifier (`]Q1`) is the scanner's and taken off. */
  aimIdentifier: v.optional(v.picklist(['take-off', 'keep'])),
  /** Whether the family's commands for beep and lamp are sent after a verdict. */
  signals: v.optional(v.boolean()),
});
export type SerialScannerSettings = v.InferOutput<typeof SerialScannerSchema>;

/** A HID-POS scanner is used as soon as it is plugged in, unless it is switched off here. `id` as in `DeviceSchema`. */
export const HidScannerSchema = v.object({
  id: text,
  name: v.optional(v.pipe(v.string(), v.maxLength(60))),
  use: v.boolean(),
  charset: v.optional(v.picklist(scanCharsets)),
  signals: v.optional(v.boolean()),
});
export type HidScannerSettings = v.InferOutput<typeof HidScannerSchema>;

/** What is said of the last scan of a device: everything but its content. */
export const LastScanSchema = v.object({
  at,
  /** An AIM identifier (`]Q1`) or a reader's name (`QRCode`); null when nobody said. */
  symbology: v.nullable(v.string()),
  /** Bytes, after prefix, suffix and AIM identifier were taken off. */
  length: v.number(),
  charset: v.picklist(['utf-8', 'gb18030', 'latin-1', 'none']),
  /** Why: the settings said so, it fits UTF-8, it only fits GB 18030, it fits nothing (then `charset` is `none`). */
  charsetWhy: v.picklist(['declared', 'valid-utf-8', 'valid-gb18030', 'fits-nothing']),
  /** The same code again within the repeat window. */
  repeat: v.boolean(),
});
export type LastScan = v.InferOutput<typeof LastScanSchema>;

/** One device: a serial port (scanner or not yet), or a HID-POS scanner. Keyboard scanners and cameras belong to the window. */
export const DeviceSchema = v.object({
  /** `serial:/dev/ttyACM0` or `hid:VVVV:PPPP:SERIAL-OR-PATH`; stable over replugging. */
  id: text,
  connection: v.picklist(['serial', 'hid']),
  /** The name set by the machine's settings, else the product's own, else the path. */
  name: v.string(),
  /** The port's path; for HID null. */
  path: v.nullable(v.string()),
  vendor: v.nullable(v.string()),
  product: v.nullable(v.string()),
  /** Four upper-case hex digits. */
  vendorId: v.nullable(v.string()),
  productId: v.nullable(v.string()),
  /** The family it is taken for, and by what: its USB vendor id, its own name, or the settings. */
  family: v.nullable(v.picklist(scannerFamilyIds)),
  familyBy: v.nullable(v.picklist(['vendor-id', 'name', 'settings'])),
  /** Whether the system lists it now. */
  present: v.boolean(),
  /** `on`: read from; `off`: a HID scanner switched off; `unused`: a serial port that nobody set up as a scanner. */
  use: v.picklist(['on', 'off', 'unused']),
  /** Null unless `use` is `on`. */
  state: v.nullable(v.picklist(deviceStates)),
  stateSinceAt: v.nullable(at),
  /** The plain words for a state that is not `ready`: `device/port-busy`, `-missing`, `-failed`, `-not-permitted`. */
  problem: v.nullable(v.picklist(failureCodes)),
  /** A set-up serial scanner's settings; for an `unused` port the proposal of its family, to begin with. */
  serial: v.nullable(SerialScannerSchema),
  hid: v.nullable(HidScannerSchema),
  /** Which verdicts it can be made to signal. */
  signals: v.array(v.picklist(['good', 'bad'])),
  lastScan: v.nullable(LastScanSchema),
  /** Codes and refused inputs (too long, torn) since the program started. */
  scans: v.number(),
  refused: v.number(),
});
export type Device = v.InferOutput<typeof DeviceSchema>;

/** The devices in a settled order: set-up ones first, then the rest by path. */
export const DeviceListSchema = v.object({
  devices: v.array(DeviceSchema),
  /** False where the HID library or the system's device list cannot be had; serial ports are then still listed. */
  hidAvailable: v.boolean(),
});
export type DeviceList = v.InferOutput<typeof DeviceListSchema>;

/** What the self-test says of one thing received; `expected` and `received` are single characters of the test symbol's alphabet, or `U+XXXX`. */
export const TestFindingSchema = v.object({
  kind: v.picklist(testFindingKinds),
  /** Place in the expected text, from 0. */
  place: v.number(),
  expected: v.string(),
  received: v.string(),
});

/** What one scan during the self-test came to. */
export const TestResultSchema = v.object({
  /** `good`: every character came through; `altered`: it is the test symbol, but not as printed; `other`: another code. */
  outcome: v.picklist(['good', 'altered', 'other']),
  /** At most 40, in order of place. */
  findings: v.array(TestFindingSchema),
  /** Settings that would explain the findings, the likeliest first. The window has words for each. */
  hints: v.array(v.picklist(testHints)),
  /** Characters expected and characters that came through unaltered at their place. */
  expected: v.number(),
  matched: v.number(),
});
export type TestResult = v.InferOutput<typeof TestResultSchema>;

export const SelfTestEventSchema = v.variant('type', [
  /** From now on nothing scanned is verified or written down; `endsAt`: by itself then. */
  v.object({ type: v.literal('started'), symbol: v.picklist(scannerTestIds), endsAt: at }),
  v.object({
    type: v.literal('scan'),
    source: v.picklist(['serial', 'hid', 'wedge', 'camera', 'image']),
    device: v.string(),
    scan: LastScanSchema,
    result: TestResultSchema,
  }),
  /** Input that never became a code. */
  v.object({ type: v.literal('refused'), code: v.picklist(failureCodes), device: v.string() }),
  v.object({ type: v.literal('ended') }),
]);
export type SelfTestEvent = v.InferOutput<typeof SelfTestEventSchema>;

/** What a rule of the site looks at; all parts given must hold. No patterns: nothing here can be slow. */
export const SiteKindRuleSchema = v.pipe(
  v.object({
    startsWith: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(100))),
    endsWith: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(100))),
    contains: v.optional(v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(100))), v.maxLength(4))),
    minLength: v.optional(whole(1, 4096)),
    maxLength: v.optional(whole(1, 4096)),
    characters: v.optional(v.picklist(['digits', 'upper-case', 'letters', 'letters-and-digits', 'hex', 'printable-ascii'])),
    /** The host of an http(s) link: that host and its subdomains. */
    host: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/), v.maxLength(100))),
    symbols: v.optional(v.picklist(['retail', 'gs1', 'linear', 'matrix'])),
    ignoreCase: v.optional(v.boolean()),
  }),
  v.check(
    ({ startsWith, endsWith, contains, characters, host }) =>
      [startsWith, endsWith, characters, host].some((part) => part !== undefined) || (contains?.length ?? 0) > 0,
    'a rule must look at the content',
  ),
);

/** A kind of code of this site; asked before the built-in kinds, never before the enterprise service code. */
export const SiteKindSchema = v.object({
  id: v.pipe(v.string(), v.regex(/^site-[a-z0-9-]{1,40}$/)),
  /** What the clerk sees: 「市民卡」. */
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(40)),
  /** What to ask the person for instead; empty: the usual words. */
  ask: v.pipe(v.string(), v.maxLength(120)),
  rule: SiteKindRuleSchema,
});
export type SiteKind = v.InferOutput<typeof SiteKindSchema>;
export const SiteKindsSchema = v.pipe(
  v.array(SiteKindSchema),
  v.maxLength(100),
  v.check((kinds) => new Set(kinds.map(({ id }) => id)).size === kinds.length, 'ids are used once'),
);

/** The file that carries the scanner settings of one machine to another. */
export const DeviceSettingsFileSchema = v.object({
  format: v.literal('counter-devices'),
  version: v.literal(1),
  serial: v.pipe(v.array(SerialScannerSchema), v.maxLength(16)),
  hid: v.pipe(v.array(HidScannerSchema), v.maxLength(16)),
  wedge: v.object({ prefix: v.pipe(v.string(), v.maxLength(16)), suffix: v.pipe(v.string(), v.maxLength(16)), gapMs: whole(5, 200) }),
  codeKinds: SiteKindsSchema,
});
export type DeviceSettingsFile = v.InferOutput<typeof DeviceSettingsFileSchema>;

const one = v.object({ id: text });

/** The calls. */
export const deviceContract = {
  /** The devices now, then again after every change: plugging (looked for every 2 s while watched), state, last scan, settings. */
  watch: base.output(eventIterator(DeviceListSchema)),
  list: base.output(DeviceListSchema),
  /** Adds the scanner at `path`, or changes it; it is opened at once with the new settings. */
  setSerial: base.input(SerialScannerSchema).output(DeviceListSchema),
  setHid: base.input(HidScannerSchema).output(DeviceListSchema),
  /** Forgets the settings: a serial port is no scanner any more, a HID scanner is used with first settings. */
  remove: base.input(one).output(DeviceListSchema),
  /** Makes the scanner beep or light up. Fails with `device/no-signal` or `device/port-missing`. */
  signal: base.input(v.object({ id: text, signal: v.picklist(['good', 'bad']) })).output(v.object({ sent: v.literal(true) })),
  /**
   * The self-test lasts as long as the stream is read, at most 3 minutes: every code of any source, the window's own too
   * (`scan.submit`), is compared with the symbol instead of being verified. `device`: only that device takes part.
   */
  selfTest: base
    .input(v.object({ symbol: v.picklist(scannerTestIds), device: v.optional(text) }))
    .output(eventIterator(SelfTestEventSchema)),
  /** What the start-of-day check asks of the machine itself: bytes free where the records are kept; null when it cannot be had. */
  machine: base.output(v.object({ diskFreeBytes: v.nullable(v.number()) })),
  /** The settings file of this machine, to be saved by the window. */
  exportSettings: base.output(v.object({ fileName: v.string(), json: v.string() })),
  /** Replaces the scanner settings by those of a file. Fails with `settings/not-readable`, detail: the first wrong field. */
  importSettings: base.input(v.object({ json: v.pipe(v.string(), v.maxLength(200_000)) })).output(DeviceListSchema),
};

/** The kinds of codes that a site names itself. */
export const codeKindContract = { list: base.output(SiteKindsSchema), save: base.input(SiteKindsSchema).output(SiteKindsSchema) };
