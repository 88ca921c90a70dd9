import { sql } from 'kysely';
import { encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import type { AskPart, PartMethods } from '../parts/part-channel.ts';
import type { Storage, Work } from '../storage/database.ts';

/**
 * The log of calls and how they were answered (delta specification 11.3), in this process or in that of the audit centre.
 * Both promises resolve when it is durable; what cannot be written down is not answered.
 */
export interface CallLog {
  /** A call that was let in: a record of its own. */
  record(call: RecordedCall): Promise<void>;
  /** A call that was turned away: counted, so that whoever calls ever so often fills no disk. */
  recordRefused(call: RecordedCall): Promise<void>;
}

/** The log in this process, which forgets what is older than its keeping time. */
export interface OwnCallLog extends CallLog {
  purge(work: Work): Promise<void>;
}

/** One call: whom it counts against, what it asked, how it was answered (`head.status`), when (epoch ms). */
export interface RecordedCall {
  readonly subject: string;
  readonly path: string;
  readonly status: string;
  readonly at: number;
}

interface CallLogDeps {
  readonly storage: Storage;
  readonly random: RandomBytes;
  readonly now: () => number;
}

/** The log in this process. Refused calls share a row for each subject, interface and reason of a minute. */
export function createCallLog(deps: CallLogDeps): OwnCallLog {
  const countSubject = createSubjectBound();
  return {
    record: async ({ at, path, status, subject }) => {
      const row = { record_id: encodeHex(deps.random(16)), account_id: subject, interface_path: path, head_status: status, called_at: at };
      await deps.storage.write((work) => work.insertInto('call_record').values(row).execute());
    },
    recordRefused: async ({ at, path, status, subject }) => {
      const minute = at - (at % minuteMs);
      const row = { subject: countSubject(minute, subject), interface_path: path, head_status: status, minute, calls: 1 };
      await deps.storage.write((work) =>
        work
          .insertInto('refused_call')
          .values(row)
          .onConflict((conflict) => conflict.columns(['minute', 'subject', 'interface_path', 'head_status']).doUpdateSet({ calls: sql`refused_call.calls + 1` }))
          .execute(),
      );
    },
    purge: async (work) => {
      await work.deleteFrom('call_record').where('called_at', '<', deps.now() - recordsKeptMs).execute();
      await work.deleteFrom('refused_call').where('minute', '<', deps.now() - refusedKeptMs).execute();
    },
  };
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Three years, and the half year that logs must be kept at least (Cybersecurity Law, article 21). */
const [recordsKeptMs, refusedKeptMs] = [3 * 366 * dayMs, 184 * dayMs];
/** As many of a minute have rows of their own; the others share one. */
const mostSubjects = 1000;
/** Whoever came after so many others. */
export const otherSubjects = 'address others';

/** Whoever sends from very many addresses gets no row for each. */
function createSubjectBound(): (minute: number, subject: string) => string {
  const known = { minute: 0, subjects: new Set<string>() };
  return (minute, subject) => {
    if (minute !== known.minute) Object.assign(known, { minute, subjects: new Set<string>() });
    if (known.subjects.size < mostSubjects) known.subjects.add(subject);
    return known.subjects.has(subject) ? subject : otherSubjects;
  };
}

/** The log of the audit centre in a process of its own. */
export function createRemoteCallLog({ ask }: { readonly ask: AskPart }): CallLog {
  return {
    record: async (call) => void (await ask('audit', 'record', call)),
    recordRefused: async (call) => void (await ask('audit', 'recordRefused', call)),
  };
}

/** What a process of the role `audit` answers. */
export function printCallLogMethods(log: CallLog): PartMethods {
  return { record: (call: RecordedCall) => log.record(call), recordRefused: (call: RecordedCall) => log.recordRefused(call) };
}
