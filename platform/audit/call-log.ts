import { encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import type { AskPart, PartMethods } from '../parts/part-channel.ts';
import type { Storage } from '../storage/database.ts';

/** The log of calls and how they were answered (delta specification 11.3), in this process or in that of the audit centre. */
export interface CallLog {
  /** Durable when the promise resolves; what cannot be written down is not answered. */
  record(call: RecordedCall): Promise<void>;
}

/** One call: whom it counts against, what it asked, how it was answered (`head.status`), when (epoch ms). */
export interface RecordedCall {
  readonly subject: string;
  readonly path: string;
  readonly status: string;
  readonly at: number;
}

/** The log in this process. */
export function createCallLog({ random, storage }: { readonly storage: Storage; readonly random: RandomBytes }): CallLog {
  return {
    record: async ({ at, path, status, subject }) => {
      const row = { record_id: encodeHex(random(16)), account_id: subject, interface_path: path, head_status: status, called_at: at };
      await storage.write((work) => work.insertInto('call_record').values(row).execute());
    },
  };
}

/** The log of the audit centre in a process of its own. */
export function createRemoteCallLog({ ask }: { readonly ask: AskPart }): CallLog {
  return { record: async (call) => void (await ask('audit', 'record', call)) };
}

/** What a process of the role `audit` answers. */
export function printCallLogMethods(log: CallLog): PartMethods {
  return { record: (call: RecordedCall) => log.record(call) };
}
