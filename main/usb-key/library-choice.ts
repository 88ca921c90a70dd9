import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';

const ChoiceSchema = v.object({ format: v.literal(1), library: v.string(), sm3: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) });

/** The vendor's library that this machine's owner chose, with its digest then: another file under its name is not loaded. */
export interface LibraryChoice {
  /** Absolute path. */
  readonly library: string;
  /** SM3, hex. */
  readonly sm3: string;
}

/** Reads which library was chosen for a data folder; null for none, or a file of another form. */
export function readLibraryChoice(dataDir: string): LibraryChoice | null {
  const file = fileOf(dataDir);
  if (!existsSync(file)) return null;
  try {
    const read = v.safeParse(ChoiceSchema, JSON.parse(readFileSync(file, 'utf8')));
    return read.success && path.isAbsolute(read.output.library) ? read.output : null;
  } catch {
    return null;
  }
}

/** Chooses the library at a path as it is now, or, with null, none any more; null where there is no such file. */
export function chooseLibrary(deps: { readonly dataDir: string; readonly writeFile: (file: string, text: string) => void; readonly eraseFile: (file: string) => void }, library: string | null): LibraryChoice | null {
  const file = fileOf(deps.dataDir);
  if (library === null) {
    if (existsSync(file)) deps.eraseFile(file);
    return null;
  }
  const absolute = path.resolve(library);
  if (!existsSync(absolute)) return null;
  const choice = { library: absolute, sm3: encodeHex(sm3(new Uint8Array(readFileSync(absolute)))) };
  deps.writeFile(file, `${JSON.stringify({ format: 1, ...choice }, null, 1)}\n`);
  return choice;
}

function fileOf(dataDir: string): string {
  return path.join(dataDir, 'usb-key.json');
}
