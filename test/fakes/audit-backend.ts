import { implement } from '@orpc/server';
import type { AuditCheck, AuditEntryView } from '../../domain/contracts/audit.ts';
import { counterContract } from '../../domain/contracts/counter.ts';

const hourMs = 3_600_000;

const asFacts = (facts: Record<string, string>) => Object.entries(facts).map(([name, value]) => ({ name, value }));
const checks = ['readable', 'kind', 'structure', 'platform', 'signature', 'expiry', 'online', 'one-time', 'consent-digest', 'grantee', 'data'];
const verdictFacts = asFacts({
  subjectName: '上海云帆智能科技有限公司',
  'code.sm3': '3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b',
  requestId: '5f1c9a10-8d3e-8b2f-9c41-0a6b7c8d9e0f',
  seenBefore: 'null',
  ...Object.fromEntries(checks.flatMap((id, at) => [[`checks.${at}.id`, id], [`checks.${at}.outcome`, 'passed'], [`checks.${at}.ms`, String(at)]])),
  askedPlatform: 'true',
  failure: 'null',
  roundTripMs: '212.4',
  'consent.sqzt.sqztmc': '上海云帆智能科技有限公司',
  'consent.sqqx.sqjzsj': '20261121103240',
  'consent.czqx': '3',
  permissions: '3',
  'certificates.0.certificateType': '营业执照',
  'certificates.0.certificateNumber': '91310000MA1K35T4X6',
});
const settingFacts = asFacts({ 'site.hall': '浦东新区政务服务中心', 'site.window': '12 号窗口', 'operator.id': '10387', 'operator.name': '周敏', 'wedge.gapMs': '30', 'serial.0.baudRate': '9600', 'serial.0.suffix': 'CR', whenOffline: 'provisional' });

/** The auditor's calls over the entries of the fake counter; `noteLook` records that an entry was opened. */
export function createAuditCalls(entries: () => readonly AuditEntryView[], noteLook: (ref: string) => number) {
  const contract = implement(counterContract).audit;
  return {
    search: contract.search.handler(({ input }) => {
      const fits = (entry: AuditEntryView): boolean =>
        entry.entryAt >= (input.fromAt ?? 0) &&
        entry.entryAt < (input.toAt ?? Number.POSITIVE_INFINITY) &&
        entry.seq < (input.beforeSeq ?? Number.POSITIVE_INFINITY) &&
        (input.actor ?? entry.actor) === entry.actor &&
        (input.about ?? entry.ref) === entry.ref &&
        entry.result.startsWith(input.state ?? '');
      return entries().filter(fits).slice(-input.limit).toReversed();
    }),
    picture: contract.picture.handler(({ input }) => {
      const within = entries().filter(({ entryAt }) => entryAt >= input.fromAt && entryAt < input.toAt);
      const counted = new Map<string, number>();
      for (const { entryAt, type, result } of within) {
        const key = `${Math.floor(entryAt / hourMs) * hourMs} ${type === 'scan.verdict' ? result : type}`;
        counted.set(key, (counted.get(key) ?? 0) + 1);
      }
      const hours = [...counted].map(([key, count]) => ({ hourAt: Number(key.split(' ')[0]), what: key.slice(key.indexOf(' ') + 1), entries: count }));
      const checkpoints = within.filter(({ seq }) => seq % 12 === 0).map(({ seq, entryAt }) => ({ size: seq, signedAt: entryAt, isCountersigned: seq % 36 !== 0 }));
      return { hours, checkpoints };
    }),
    entry: contract.entry.handler(({ input }) => {
      const auditSeq = noteLook(String(input.seq));
      const facts = input.seq % 5 === 0 ? null : input.seq % 2 === 0 ? verdictFacts : settingFacts;
      return { seq: input.seq, facts, auditSeq };
    }),
  };
}

/** Verification and export as they go on, in ten steps; what listens no longer is told nothing more. */
export function createAuditWork(entries: () => readonly AuditEntryView[], record: (type: string, result: string) => number, report: () => Extract<AuditCheck, { type: 'report' }>['report']) {
  const contract = implement(counterContract).audit;
  const steps = async function* (signal: AbortSignal | undefined) {
    const total = entries().at(-1)?.seq ?? 0;
    for (let step = 1; step <= 10 && signal?.aborted !== true; step++) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      yield { type: 'progress' as const, done: Math.floor((total * step) / 10), total };
    }
  };
  return {
    verify: contract.verify.handler(async function* ({ signal }) {
      yield* steps(signal);
      yield { type: 'report' as const, report: report() };
    }),
    export: contract.export.handler(async function* ({ signal }) {
      const auditSeq = record('audit.exported', 'zip');
      yield* steps(signal);
      yield { type: 'piece' as const, bytesBase64: Buffer.from('PK').toString('base64') };
      yield { type: 'exported' as const, fileName: 'counter-audit-20261122-0800.zip', entries: entries().length, head: '9f2c11aa03de77b1', fingerprint: '1f2e-3d4c-5b6a-7988', auditSeq };
    }),
  };
}
