import type { RandomBytes } from '../domain/crypto/random.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import { printChinaTime } from '../domain/time.ts';
import { type Exported, exportAudit } from './audit/export.ts';
import { createZipTarget } from './audit/export-targets.ts';
import { createDraw, sampledSignatures, verifyAudit, type VerificationReport } from './audit/verification.ts';
import { readExportTools } from './commands/program-files.ts';
import { listKeysAt } from './countersigning.ts';
import type { Journal } from './desk/journal.ts';
import type { PlatformLink } from './desk/platform-link.ts';
import type { PlatformClient } from './remote/platform-client.ts';
import type { Store } from './store/store.ts';

/** What is done of all entries so far. */
export interface AuditProgress {
  readonly done: number;
  readonly total: number;
}

/** Long work on the log: told how far it is, and ended by the signal (`audit/stopped`). */
export interface AuditWork {
  readonly onProgress?: (progress: AuditProgress) => void;
  readonly signal?: AbortSignal;
}

/** An export as an archive, with the entry that records it. */
export interface ArchivedLog extends Exported {
  /** `counter-audit-YYYYMMDD-HHMM.zip`, in Asia/Shanghai. */
  readonly fileName: string;
  readonly auditSeq: number;
}

/** The auditor's long work on the log of a counter that is open. */
export interface AuditDesk {
  verify(work?: AuditWork): Promise<Result<VerificationReport>>;
  /** What `counter audit export` writes, as a ZIP archive handed over piece by piece. It is recorded first, and so is in it. */
  export(work: AuditWork & { readonly take: (bytes: Uint8Array) => Promise<void> }): Promise<Result<ArchivedLog>>;
}

/** What the auditor's work needs; `breakAudit` is told when the log does not hold. */
export interface AuditDeskDeps {
  readonly store: Store;
  readonly journal: Journal;
  readonly link: Pick<PlatformLink<PlatformClient>, 'profile'>;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly random: RandomBytes;
  readonly breakAudit: () => void;
  /** Bytes that an archive may have; what its format can say unless told. */
  readonly mostArchived?: number;
}

/** Creates it. */
export function createAuditDesk(deps: AuditDeskDeps): AuditDesk {
  const { store, journal, link, monotonic } = deps;
  return {
    verify: async ({ onProgress, signal } = {}) => {
      const told = onProgress === undefined ? {} : { onProgress: ({ checked, total }: { readonly checked: number; readonly total: number }) => onProgress({ done: checked, total }) };
      const report = await verifyAudit({ source: store, monotonic, platformKeys: (at) => listKeysAt(link.profile()?.signingKeys ?? [], at), sample: { signatures: sampledSignatures, draw: createDraw(deps.random) }, ...told, ...(signal === undefined ? {} : { signal }) });
      if (report.ok && !report.value.intact) deps.breakAudit();
      return report;
    },
    export: async ({ take, ...work }) => {
      const noted = await journal.record({ type: 'audit.exported', result: 'zip', ref: '' });
      if (!noted.ok) return noted;
      const at = deps.now();
      const name = `counter-audit-${printChinaTime(at).replace(/^(.{8})(.{4}).*$/, '$1-$2')}`;
      const target = createZipTarget(name, at, take, deps.mostArchived);
      const full = new AbortController();
      const signal = AbortSignal.any([full.signal, ...(work.signal === undefined ? [] : [work.signal])]);
      const settle = async (): Promise<void> => {
        await target.settle();
        if (target.isTooLarge()) full.abort();
      };
      const made = await exportAudit({ source: store, target: { ...target, settle }, at, tools: readExportTools(), ...work, signal });
      if (!made.ok) return full.signal.aborted ? fail('audit/too-large') : made;
      await target.finish();
      if (target.isTooLarge()) return fail('audit/too-large');
      return ok({ ...made.value, fileName: `${name}.zip`, auditSeq: noted.value.seq });
    },
  };
}
