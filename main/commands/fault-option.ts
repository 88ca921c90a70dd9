import type { Faults } from '../../platform/faults.ts';

const milliseconds = { name: 'MS', form: /^[0-9]{1,9}$/ };
const offset = { name: 'MS', form: /^-?[0-9]{1,9}$/ };
const httpStatus = { name: 'STATUS', form: /^[2-5][0-9]{2}$/ };
const number = { name: 'NUMBER', form: /^[0-9]{1,9}$/ };

/** What a fault is called on the command line, whether it takes a value, and what it switches on. */
const faultTable = {
  latency: { value: milliseconds, apply: (ms): Faults => ({ latencyMs: Number(ms) }) },
  drop: { value: null, apply: (): Faults => ({ dropAfterCommit: true }) },
  http: { value: httpStatus, apply: (status): Faults => ({ httpStatus: Number(status) }) },
  malformed: { value: null, apply: (): Faults => ({ malformed: true }) },
  'wrong-key': { value: null, apply: (): Faults => ({ wrongKey: true }) },
  'swapped-order': { value: null, apply: (): Faults => ({ swappedOrder: true }) },
  'unsigned-reply': { value: null, apply: (): Faults => ({ unsignedReply: true }) },
  'forged-reply': { value: null, apply: (): Faults => ({ forgedReply: true }) },
  'swapped-reply': { value: null, apply: (): Faults => ({ swappedReply: true }) },
  'expired-keys': { value: null, apply: (): Faults => ({ expiredKeys: true }) },
  'head-status': { value: number, apply: (status): Faults => ({ headStatus: status }) },
  'result-zero': { value: null, apply: (): Faults => ({ resultZero: true }) },
  'digest-mismatch': { value: null, apply: (): Faults => ({ digestMismatch: true }) },
  'file-hash': { value: null, apply: (): Faults => ({ wrongFileHash: true }) },
  'file-magic': { value: null, apply: (): Faults => ({ wrongFileMagic: true }) },
  'no-data': { value: null, apply: (): Faults => ({ dataMissing: true }) },
  'extra-certificate': { value: null, apply: (): Faults => ({ extraCertificate: true }) },
  clock: { value: offset, apply: (ms): Faults => ({ clockOffsetMs: Number(ms) }) },
} as const satisfies Record<string, { value: { name: string; form: RegExp } | null; apply: (value: string) => Faults }>;

/** The names of all faults, as the help lists them. */
export const faultNames: string = Object.entries(faultTable)
  .map(([name, { value }]) => (value === null ? name : `${name}=${value.name}`))
  .join(', ');

/** Reads `--fault NAME` and `--fault NAME=VALUE` options together; a sentence says what is wrong with one. */
export function parseFaults(texts: readonly string[]): { readonly ok: true; readonly faults: Faults } | { readonly ok: false; readonly problem: string } {
  let faults: Faults = {};
  for (const text of texts) {
    const [name = '', ...rest] = text.split('=');
    const value = rest.join('=');
    const fault = Object.entries(faultTable).find(([known]) => known === name)?.[1];
    if (fault === undefined) return { ok: false, problem: `There is no fault "${name}". The faults are: ${faultNames}.` };
    const isRight = fault.value === null ? text === name : fault.value.form.test(value);
    if (!isRight) return { ok: false, problem: `--fault ${text} is wrong: ${fault.value === null ? `${name} takes no value` : `it is ${name}=${fault.value.name}`}.` };
    faults = { ...faults, ...fault.apply(value) };
  }
  return { ok: true, faults };
}
