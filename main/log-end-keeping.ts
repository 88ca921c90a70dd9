import * as v from 'valibot';
import { decodeUtf8, encodeUtf8 } from '../domain/crypto/utf8.ts';
import type { Beside, DevicePlace } from './access/device-secret.ts';
import { type AnchorPoint, isLater } from './store/anchor-file.ts';
import type { Head } from './store/records.ts';
import type { Store } from './store/store.ts';

/** Keeps where the log ended in the operating system's store, out of the reach of whoever puts back the data folder (design 06 §5). */
export interface LogEndKeeping {
  /** Whether the log holds, by itself and by what was kept of its end; says in the program's log what does not. */
  isGood(head: Head): Promise<boolean>;
  /** Signs the log as it stands and, where a store guards the device key, keeps its end; not that of a log that does not hold. */
  sign(input: { readonly isKept: boolean }): Promise<void>;
}

/** What it needs. */
export interface LogEndKeepingDeps {
  readonly store: Pick<Store, 'head' | 'chain' | 'checkpoint'>;
  readonly place: Pick<DevicePlace, 'keepBeside' | 'readBeside'>;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: { error(facts: object, text: string): void };
}

const what: Beside = 'log-end';
const PointSchema = v.object({ gen: v.number(), seq: v.number(), hash: v.string() });

/** Creates the keeping of the log's end. It lags behind after a power cut and never leads: what it knows of was committed before. */
export function createLogEndKeeping({ store, place, now, log }: LogEndKeepingDeps): LogEndKeeping {
  const read = async (): Promise<AnchorPoint | null> => {
    const bytes = await place.readBeside(what);
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), PointSchema), bytes === null ? null : decodeUtf8(bytes));
    return parsed.success ? parsed.output : null;
  };
  const compare = async (head: Head): Promise<'good' | 'rolled-back' | 'rewritten'> => {
    const kept = await read();
    if (kept === null) return 'good';
    if (isLater(kept, head)) return 'rolled-back';
    if (kept.gen !== head.gen) return 'good';
    const there = await store.chain({ fromSeq: kept.seq, limit: 1 });
    return there.ok && there.value[0]?.hash !== kept.hash ? 'rewritten' : 'good';
  };
  return {
    isGood: async (head) => {
      const { state, firstBad } = head;
      const outside = await compare(head);
      const isGood = state !== 'broken' && outside === 'good';
      if (!isGood) log.error({ firstBad, outside }, 'the audit chain is broken: nothing more is verified');
      return isGood;
    },
    sign: async ({ isKept }) => {
      await store.checkpoint({ at: now() });
      const head = await store.head(null);
      if (!isKept || !head.ok || head.value.state === 'broken' || head.value.seq === 0) return;
      const { gen, seq, hash } = head.value;
      await place.keepBeside(what, encodeUtf8(JSON.stringify({ gen, seq, hash } satisfies AnchorPoint)));
    },
  };
}
