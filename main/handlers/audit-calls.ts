import { parseCheckpoint } from '../../domain/audit-checkpoint.ts';
import type { AuditCheck, AuditExport, AuditPicture } from '../../domain/contracts/audit.ts';
import { encodeBase64 } from '../../domain/crypto/base64.ts';
import { ok, type Result } from '../../domain/failure.ts';
import { makeTextsVisible } from '../../domain/text-safety.ts';
import type { App } from '../app.ts';
import type { AuditProgress } from '../audit-desk.ts';
import { describeBody, describeLine } from '../audit/listing.ts';
import { procedure, take, whileLoggedIn } from './procedure.ts';
import { streamWork } from './work-stream.ts';

/** The calls about the audit log: `auditContract`, implemented. */
export const auditCalls = {
  list: procedure.audit.list.handler(async ({ context, input }) => take(await context.app.store.lines(input)).map(describeLine)),
  verify: procedure.audit.verify.handler(({ context: { app }, signal }) =>
    streamWork<AuditCheck>(app, 'audit.verify', whileLoggedIn(app, signal), async ({ emit, signal: stop }) => {
      const report = await app.audit.verify({ signal: stop, onProgress: inSteps(emit) });
      return report.ok ? { type: 'report', report: report.value } : { type: 'failed', ...report.failure };
    }),
  ),
  export: procedure.audit.export.handler(({ context: { app }, signal }) =>
    streamWork<AuditExport>(app, 'audit.export', whileLoggedIn(app, signal), async ({ emit, signal: stop }) => {
      const take = (bytes: Uint8Array): Promise<void> => emit({ type: 'piece', bytesBase64: encodeBase64(bytes) });
      const made = await app.audit.export({ signal: stop, onProgress: inSteps(emit), take });
      return made.ok ? { type: 'exported', ...made.value } : { type: 'failed', ...made.failure };
    }),
  ),
  search: procedure.audit.search.handler(async ({ context, input }) => take(await context.app.store.search(input)).map(describeLine)),
  picture: procedure.audit.picture.handler(async ({ context, input }) => take(await drawFrom(context.app, input))),
  entry: procedure.audit.entry.handler(async ({ context, input }) => {
    // First the entry, then the look: what is not recorded is not shown.
    const { seq: auditSeq } = take(await context.app.journal.record({ type: 'audit.viewed', result: 'shown', ref: String(input.seq) }));
    const found = take(await context.app.store.entry(input));
    if (found === null) return null;
    return { seq: input.seq, facts: found.body === null ? null : [...makeTextsVisible(describeBody(found.body))], auditSeq };
  }),
};

/** A two-hundredth of the way at a time: as fine as a bar can show. */
function inSteps(emit: (event: { readonly type: 'progress' } & AuditProgress) => Promise<void>): (progress: AuditProgress) => void {
  let told = -1;
  return ({ done, total }) => {
    const step = Math.floor((done / total) * 200);
    if (step === told) return;
    told = step;
    void emit({ type: 'progress', done, total });
  };
}

const mostCheckpoints = 2000;

async function drawFrom({ store }: App, { fromAt, toAt }: { readonly fromAt: number; readonly toAt: number }): Promise<Result<AuditPicture>> {
  const hours = await store.activity({ fromAt, toAt });
  if (!hours.ok) return hours;
  const before = await store.search({ toAt: fromAt, limit: 1 });
  if (!before.ok) return before;
  const signed = await store.checkpoints({ afterSize: before.value[0]?.seq ?? 0, limit: mostCheckpoints });
  if (!signed.ok) return signed;
  const checkpoints = signed.value.flatMap(({ size, text, countersigned }) => {
    const signedAt = Date.parse(parseCheckpoint(text)?.t ?? '');
    return signedAt >= fromAt && signedAt < toAt ? [{ size, signedAt, isCountersigned: countersigned !== null }] : [];
  });
  return ok({ hours: [...hours.value], checkpoints });
}
