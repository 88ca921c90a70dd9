import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chainHash, genesisHash } from '../../domain/audit-chain.ts';
import { printCheckpoint } from '../../domain/audit-checkpoint.ts';
import { createEntryMac, nextEpochKey } from '../../domain/audit-mac.ts';
import { decodeHex } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { encodeSm2SignatureDer, generateSm2KeyPair, signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { ok } from '../../domain/failure.ts';
import { leafHash, rootOf } from '../../domain/merkle-tree.ts';
import { exportAudit } from '../../main/audit/export.ts';
import { createFolderTarget } from '../../main/audit/export-targets.ts';
import { makeFolder } from './store/opened-store.ts';

/** The lines of an exported folder. */
export function readExported(folder: string): readonly string[] {
  return readFileSync(join(folder, 'audit.jsonl'), 'utf8').split('\n').slice(0, -1);
}

/** How the MACs of a forged export are made. */
export interface MacForgery {
  /** The first key, of generation `gen`, whose first entry is `since`. */
  readonly seed?: Uint8Array;
  readonly gen?: number;
  readonly since?: number;
  readonly isLeftOut?: (seq: number) => boolean;
  /** Where checkpoints are; one over all lines unless told. */
  readonly sizes?: readonly number[];
}

/** An export of these very lines, whatever they say, with right hashes, roots, MACs and signatures of a machine's key; gives the folder. */
export async function exportLines(lines: readonly string[], forgery: MacForgery = {}): Promise<string> {
  const keys = generateSm2KeyPair(systemRandom);
  const sign = (text: string): Uint8Array => encodeSm2SignatureDer(signSm2({ ...keys, message: encodeUtf8(text), id: sm2DefaultId, random: systemRandom }));
  const { gen = 1, sizes = [lines.length] } = forgery;
  const rows = makeRows(lines, sizes, forgery);
  const checkpoints = sizes.map((size) => {
    const root = rootOf(rows.slice(0, size).map((row) => leafHash(decodeHex(row.hash) ?? new Uint8Array())));
    const text = printCheckpoint({ device: 'd', gen: size === lines.length ? gen : 1, size, root, head: rows[size - 1]?.hash ?? '', t: '2026-11-22T04:00:00.000Z', boot: 1 });
    return { size, text, signature: sign(text), countersigned: null };
  });
  const folder = join(makeFolder(), 'export');
  const source = {
    checkpoint: async () => ok(null),
    chain: async ({ fromSeq }: { readonly fromSeq: number }) => ok(rows.slice(fromSeq - 1)),
    checkpoints: async ({ afterSize }: { readonly afterSize: number }) => ok(checkpoints.filter(({ size }) => size > afterSize)),
    auditIdentity: async () => ok({ publicKey: keys.publicKey, device: 'd' }),
    signManifest: async (manifest: { readonly text: string }) => ok(sign(manifest.text)),
  };
  const made = await exportAudit({ source, target: createFolderTarget(folder), at: 0, tools: new Map() });
  if (!made.ok) throw new Error(made.failure.code);
  return folder;
}

function makeRows(lines: readonly string[], sizes: readonly number[], { seed = new Uint8Array(32), since = 1, isLeftOut = () => false }: MacForgery) {
  let hash = genesisHash;
  let key = seed;
  return lines.map((line, index) => {
    const seq = index + 1;
    hash = chainHash(hash, line);
    const mac = isLeftOut(seq) ? null : createEntryMac(key)(hash);
    if (sizes.includes(seq) && seq >= since) key = nextEpochKey(key);
    return { seq, line, hash, mac };
  });
}
