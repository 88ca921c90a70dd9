import * as v from 'valibot';
import { SessionSchema, type Session } from '../../domain/contracts/counter.ts';
import { decodeUtf8, encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { ok, type Result } from '../../domain/failure.ts';
import type { Journal } from './journal.ts';

/** What the store must be able to do for the notice. */
export interface MendingStore {
  setting(input: { readonly name: string }): Promise<Result<Uint8Array | null>>;
}

/** That the database was damaged and mended by itself: told to everyone until an administrator has seen it. */
export interface MendingNotice {
  /** Null when there is nothing to tell, or no longer. */
  current(): Session['mended'];
  /** Written down with who saw it; nothing happens where there is nothing to see. */
  seen(): Promise<Result<null>>;
}

const settingName = 'mended';

// As the store wrote it with the first entry of the new generation.
const { at, damage, lostFrom, lostTo } = SessionSchema.entries.mended.wrapped.entries;
const KeptSchema = v.nullable(v.object({ at, damage, lostFrom, lostTo, backup: v.nullable(v.object({ madeAt: v.number() })) }));

/** Reads what is to be told. */
export async function openMendingNotice({ store, journal }: { readonly store: MendingStore; readonly journal: Pick<Journal, 'record'> }): Promise<Result<MendingNotice>> {
  const kept = await store.setting({ name: settingName });
  if (!kept.ok) return kept;
  let current = readKept(kept.value);
  return ok({
    current: () => current,
    seen: async () => {
      if (current === null) return ok(null);
      const noted = await journal.record({ type: 'store.mending-seen', result: 'ok', ref: new Date(current.at).toISOString(), row: { table: 'setting', name: settingName, value: encodeUtf8('null') } });
      if (!noted.ok) return noted;
      current = null;
      return ok(null);
    },
  });
}

function readKept(bytes: Uint8Array | null): Session['mended'] {
  const text = bytes === null ? null : decodeUtf8(bytes);
  const kept = text === null ? null : v.parse(KeptSchema, JSON.parse(text));
  if (kept === null) return null;
  const { backup, ...told } = kept;
  return { ...told, backupAt: backup?.madeAt ?? null };
}
