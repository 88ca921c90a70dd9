import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openRecord } from '../../domain/crypto/sealed-record.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { hkdfSm3 } from '../../domain/crypto/sm3.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { ownBytes } from '../../domain/key-slot.ts';

/** What this machine has: the second factor of every log-in, and what is sealed before anybody has logged in. */
export interface DeviceSecret {
  /** Where it is kept, for slots and audit. */
  readonly backend: string;
  readonly secret: Uint8Array;
  /** 16 bytes: seals what must be readable while locked. */
  readonly storeKey: Uint8Array;
  /** 32 bytes: goes into every slot's key. */
  readonly factor: Uint8Array;
  /** The data key of before there were log-ins, until it has moved under a master key. */
  readonly legacyKey: Uint8Array | null;
  /** Destroys the old key files, once their key is kept elsewhere. */
  dropLegacy(): void;
}

/** One place where a machine's secret can be kept; a file is the least of them, an operating system's key store another. */
export interface SecretPlace {
  readonly backend: string;
  /** Null when nothing is there; throws nothing for what cannot be read, which is null too. */
  load(): Uint8Array | null;
  keep(secret: Uint8Array): void;
}

/** Length of a machine's secret, bytes. */
export const deviceSecretLength = 32;

/** The private file `device.key` (0600) as a place. */
export function createFilePlace(deps: { readonly file: string; readonly writeFile: (file: string, bytes: Uint8Array) => void }): SecretPlace {
  const { file, writeFile } = deps;
  return {
    backend: 'file',
    load: () => (existsSync(file) ? new Uint8Array(readFileSync(file)) : null),
    keep: (secret) => {
      mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      writeFile(file, secret);
    },
  };
}

/** What opening needs: `dir` is the folder of the keys, in which those of before may lie. */
export interface DeviceSecretDeps {
  readonly dir: string;
  readonly place: SecretPlace;
  readonly random: RandomBytes;
  /** False where data is already there: a new secret would open none of it. */
  readonly mayCreate: boolean;
  readonly eraseFile: (file: string) => void;
}

/** Opens the machine's secret, made when there is none and none is needed; `store/key-missing` when it is gone or damaged. */
export function openDeviceSecret(deps: DeviceSecretDeps): Result<DeviceSecret> {
  const { dir, place, random, mayCreate } = deps;
  const legacy = readLegacyKey(dir);
  if (!legacy.ok) return legacy;
  const kept = place.load();
  if (kept === null && !mayCreate && legacy.value === null) return fail('store/key-missing');
  const secret = ownBytes(kept ?? random(deviceSecretLength));
  if (secret.length !== deviceSecretLength) return fail('store/key-missing', 'device secret');
  if (kept === null) place.keep(secret);
  return ok({
    backend: place.backend,
    secret,
    storeKey: derive(secret, 'store', 16),
    factor: derive(secret, 'factor', 32),
    legacyKey: legacy.value,
    dropLegacy: () => {
      for (const file of legacyFiles(dir)) if (existsSync(file)) deps.eraseFile(file);
    },
  });
}

function derive(secret: Uint8Array, purpose: string, length: number): Uint8Array {
  return ownBytes(hkdfSm3(secret, encodeUtf8('counter/device-secret/1'), encodeUtf8(purpose), length));
}

function legacyFiles(dir: string): readonly [dataFile: string, wrappingFile: string] {
  return [path.join(dir, 'data-1.key'), path.join(dir, 'wrapping.key')];
}

// One data key, wrapped by a key beside it: what there was before anybody logged in.
function readLegacyKey(dir: string): Result<Uint8Array | null> {
  const [dataFile, wrappingFile] = legacyFiles(dir);
  if (!existsSync(dataFile)) return ok(null);
  const wrapping = existsSync(wrappingFile) ? new Uint8Array(readFileSync(wrappingFile)) : null;
  if (wrapping?.length !== 16) return fail('store/key-missing', 'wrapping key');
  const key = openRecord({ key: wrapping, sealed: new Uint8Array(readFileSync(dataFile)), aad: encodeUtf8('key|1|1|0') });
  wrapping.fill(0);
  return key?.length === 16 ? ok(key) : fail('store/key-missing', 'data key');
}
