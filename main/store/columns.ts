import type { Row } from './driver.ts';

/** Reads a text column; throws when it is not text, which STRICT tables rule out. */
export function textColumn(row: Row, name: string): string {
  const value = row[name];
  if (typeof value !== 'string') throw new Error(`column ${name} is not text`);
  return value;
}

/** Reads an integer column as a number. */
export function numberColumn(row: Row, name: string): number {
  const value = row[name];
  if (typeof value !== 'number') throw new Error(`column ${name} is not a number`);
  return value;
}

/** Reads a text column that may be null. */
export function optionalTextColumn(row: Row, name: string): string | null {
  return row[name] === null ? null : textColumn(row, name);
}

/** Reads a blob column that may be null. */
export function optionalBytesColumn(row: Row, name: string): Uint8Array | null {
  const value = row[name];
  if (value === null) return null;
  if (!(value instanceof Uint8Array)) throw new Error(`column ${name} is not a blob`);
  return value;
}
