import { scannerFamilies, type ScannerFamily, type ScannerFamilyId, type VerdictSignal } from './scanner-family.table.ts';

/** What a device says of itself; ids are four upper-case hex digits. */
export interface DeviceNames {
  readonly vendorId: string | null;
  readonly vendor: string | null;
  readonly product: string | null;
}

/** The family a device is taken for, and by what; null when nothing tells. */
export function recogniseFamily(names: DeviceNames): { readonly family: ScannerFamilyId; readonly by: 'vendor-id' | 'name' } | null {
  const byId = scannerFamilies.find(({ vendorIds }) => names.vendorId !== null && vendorIds.includes(names.vendorId));
  if (byId !== undefined) return { family: byId.id, by: 'vendor-id' };
  const said = `${names.vendor ?? ''} ${names.product ?? ''}`.toLowerCase();
  const byName = scannerFamilies.find(({ words }) => words.some((word) => said.includes(word)));
  return byName === undefined ? null : { family: byName.id, by: 'name' };
}

/** The row of a family. */
export function findFamily(id: ScannerFamilyId | null | undefined): ScannerFamily | null {
  return scannerFamilies.find((family) => family.id === id) ?? null;
}

/** The verdicts that a family can be made to signal over a serial line. */
export function serialSignals(id: ScannerFamilyId | null | undefined): VerdictSignal[] {
  const family = findFamily(id);
  return (['good', 'bad'] as const).filter((signal) => family !== null && family.signals[signal] !== null);
}

/** How a serial scanner is set up that nobody knows more of: 9600 baud, 8N1, CR. */
export function factorySerial(id: ScannerFamilyId | null): { readonly baudRate: number; readonly suffix: string } {
  return findFamily(id)?.serial ?? { baudRate: 9600, suffix: 'CR' };
}
