/** Makers whose scanners are recognised by what USB says of them. */
export type ScannerFamilyId = (typeof families)[number]['id'];

/** A verdict as a scanner can be told of it. */
export type VerdictSignal = 'good' | 'bad';

/** What is known of one maker's scanners; everything here is only a proposal, the settings of the machine count. */
export interface ScannerFamily<Id extends string = ScannerFamilyId> {
  readonly id: Id;
  /** The maker's own name for itself. */
  readonly name: string;
  /** USB vendor ids, four upper-case hex digits. */
  readonly vendorIds: readonly string[];
  /** Words in the names that the device gives itself, lower case, for those behind a bridge chip. */
  readonly words: readonly string[];
  /** How such a scanner leaves the factory when it is set to serial. */
  readonly serial: { readonly baudRate: number; readonly suffix: 'CR' | 'LF' | 'CRLF' | 'none' };
  /** Bytes that make it signal a verdict (beep, lamp) over a serial line, lower-case hex; null where none is documented. */
  readonly signals: Readonly<Record<VerdictSignal, string | null>>;
  readonly sourceNote: string;
}

const row = <Id extends string>(family: ScannerFamily<Id>): ScannerFamily<Id> => family;
const silent = { good: null, bad: null } as const;

const families = [
  row({
    id: 'honeywell',
    name: 'Honeywell',
    vendorIds: ['0C2E', '0536', '067E'],
    words: ['honeywell', 'metrologic', 'hand held products', 'intermec', '霍尼韦尔'],
    serial: { baudRate: 115_200, suffix: 'CR' },
    signals: { good: '16070d', bad: null },
    sourceNote: 'usb.ids: 0c2e Metrologic, 0536 Hand Held Products, 067e Intermec; user guides: [SYN][BEL][CR] sounds the beeper',
  }),
  row({
    id: 'zebra',
    name: 'Zebra (Symbol)',
    vendorIds: ['05E0'],
    words: ['zebra', 'symbol technologies', 'symbol bar code'],
    serial: { baudRate: 9600, suffix: 'none' },
    signals: silent,
    sourceNote: 'usb.ids: 05e0 Symbol Technologies; by default no suffix, signals only by the SSI protocol',
  }),
  row({
    id: 'datalogic',
    name: 'Datalogic',
    vendorIds: ['05F9', '080C'],
    words: ['datalogic', 'psc scanning'],
    serial: { baudRate: 9600, suffix: 'CR' },
    // Not on file puts some models out of use until they are enabled again.
    signals: { good: '42', bad: '4645' },
    sourceNote: 'usb.ids: 05f9 PSC Scanning, 080c Datalogic; host commands of the product references: B good read, F not on file, E enable',
  }),
  row({
    id: 'newland',
    name: '新大陆 Newland',
    vendorIds: ['1EAB'],
    words: ['newland', 'nls-', '新大陆'],
    serial: { baudRate: 9600, suffix: 'CR' },
    signals: silent,
    sourceNote: 'usb.ids: 1eab Fujian Newland Computer',
  }),
  row({
    id: 'mindeo',
    name: '民德 MINDEO',
    vendorIds: ['27DD'],
    words: ['mindeo', '民德'],
    serial: { baudRate: 9600, suffix: 'CR' },
    signals: silent,
    sourceNote: 'usb.ids: 27dd Mindeo',
  }),
  row({
    id: 'opticon',
    name: 'Opticon',
    vendorIds: ['065A'],
    words: ['opticon', 'optoelectronics'],
    serial: { baudRate: 9600, suffix: 'CR' },
    signals: silent,
    sourceNote: 'usb.ids: 065a Optoelectronics',
  }),
] as const;

/** All families in order; the first that fits is taken. */
export const scannerFamilies: readonly ScannerFamily[] = families;

/** The ids, for settings. */
export const scannerFamilyIds = families.map((family) => family.id);
