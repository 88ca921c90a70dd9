/** What may be done with granted information (操作权限 czqx, C 0300-2021 6.1.2; bit order: wire notes R5). */
export interface Permissions {
  /** bit 0, 只读 */
  readonly read: boolean;
  /** bit 1, 保留查询凭证 */
  readonly retain: boolean;
  /** bit 2, 下载 */
  readonly download: boolean;
  /** bit 3, 转储 */
  readonly transfer: boolean;
  /** The whole byte; bits 4–7 are reserved and grant nothing. */
  readonly raw: number;
}

/** Reads a decimal 0–255, as text or number; absent or empty means read only, anything else null. */
export function parseCzqx(value: string | number | undefined): Permissions | null {
  if (value === undefined || value === '') return fromByte(1);
  const raw = typeof value === 'number' ? value : /^[0-9]{1,3}$/.test(value) ? Number(value) : Number.NaN;
  return Number.isInteger(raw) && raw >= 0 && raw <= 255 ? fromByte(raw) : null;
}

/** Prints the four named bits as the decimal text that goes on the wire. */
export function printCzqx(permissions: Pick<Permissions, 'read' | 'retain' | 'download' | 'transfer'>): string {
  const { read, retain, download, transfer } = permissions;
  return String((read ? 1 : 0) | (retain ? 2 : 0) | (download ? 4 : 0) | (transfer ? 8 : 0));
}

function fromByte(raw: number): Permissions {
  return { read: (raw & 1) !== 0, retain: (raw & 2) !== 0, download: (raw & 4) !== 0, transfer: (raw & 8) !== 0, raw };
}
