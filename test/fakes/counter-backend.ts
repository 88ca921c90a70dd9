import { createHash } from 'node:crypto';
import { EventPublisher, implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/ws';
import type { WebSocketServer } from 'ws';
import type { AuditEntryView } from '../../domain/contracts/audit.ts';
import type { Case, CertificateDocument, Matter, OfflineRule, ScanEvent, ScanRecord, Session, Settings, Status, Verdict } from '../../domain/contracts/counter.ts';
import { counterContract } from '../../domain/contracts/counter.ts';
import type { SetApart } from '../../domain/contracts/offline.ts';
import type { FailureCode } from '../../domain/failure.ts';
import type { Access } from '../../domain/contracts/access.ts';
import { createAuditCalls, createAuditWork } from './audit-backend.ts';
import { createAccessBackend } from './access-backend.ts';
import { createDeviceBackend, type DeviceBackend } from './device-backend.ts';
import { makeSampleVerdict, type SampleName, unmaskVerdict } from './sample-verdicts.ts';

/** What a test may decide about the fake. */
export interface BackendOptions {
  readonly now: () => number;
  /** The PDF that every PDF certificate consists of. */
  readonly certificatePdf: Uint8Array;
  /** A file that every certificate consists of instead. */
  readonly certificateFile?: CertificateFile;
  readonly withCase?: boolean;
  readonly history?: boolean;
  /** False: a code that the window hands in is taken down and not answered. */
  readonly answersScans?: boolean;
  /** Who is logged in; nobody needs to be, unless told. */
  readonly access?: Partial<Access>;
  /** That the database was damaged and mended. */
  readonly mended?: Session['mended'];
}

/** A certificate's file with what the platform says of it. */
export interface CertificateFile {
  readonly bytes: Uint8Array;
  readonly format: 'PDF' | 'OFD';
  readonly surface?: CertificateDocument['surface'];
  /** What its signatures are worth; none unless told. */
  readonly signatures?: CertificateDocument['signatures'];
}

/** An in-memory privileged process: the whole contract, with verdicts on request. */
export interface CounterBackend {
  /** Serves the contract on a WebSocket server. */
  readonly serve: (server: WebSocketServer) => void;
  /** A code arrives: `reading` at once, its verdict after `afterMs`, changed by `spoil`. */
  readonly scan: (name: SampleName, afterMs?: number, spoil?: (verdict: Verdict) => Verdict) => Promise<Verdict>;
  readonly repeat: () => void;
  readonly refuse: (code: FailureCode) => void;
  readonly changeStatus: (part: Partial<Status>) => void;
  readonly failNext: (code: FailureCode) => void;
  readonly changeAccess: (part: Partial<Access>) => void;
  /** As if an administrator had set the keyboard scanner otherwise; the window asks when it is loaded. */
  readonly changeWedge: (part: Partial<Settings['wedge']>) => void;
  readonly calls: string[];
  readonly devices: DeviceBackend;
}

export function createCounterBackend({ now, certificatePdf, certificateFile, withCase = true, history = true, answersScans = true, access: initialAccess, mended: initialMended = null }: BackendOptions): CounterBackend {
  const contract = implement(counterContract);
  const publisher = new EventPublisher<{ scan: ScanEvent; status: Status }>();
  const calls: string[] = [];
  const verdicts = new Map<string, Verdict>();
  const entries: AuditEntryView[] = [];
  const records: ScanRecord[] = history ? makeHistory(now()) : [];
  let failure: FailureCode | null = null;
  let scans = 0;
  let latest: string | null = null;
  let openCase: Case | null = null;
  let mended: Session['mended'] = initialMended;
  let offlineRule: OfflineRule = 'refuse';
  let settings: Settings = {
    site: { hall: '浦东新区政务服务中心', window: '12 号窗口', organisation: '浦东新区政务服务中心', orgCode: '12310115MB2F34567X' },
    operator: { id: 'PD0127', name: '周敏' },
    wedge: { prefix: '', suffix: '\r', gapMs: 30 },
    serial: [{ path: '/dev/ttyUSB0', baudRate: 9600, suffix: '\r', name: 'NLS-FM430' }],
  };

  const session = (): Session => ({ version: '0.1.0', shell: 'kiosk', mode: 'hall', site: settings.site, operator: access.operator() ?? { ...settings.operator, role: 'operator' }, wedge: settings.wedge, mended });

  const record = (type: string, result: string, ref: string, entryAt = now()): number => {
    const prevHash = entries.at(-1)?.hash ?? '0'.repeat(64);
    const seq = 20_417 - firstEntries + entries.length + 1;
    entries.push({ seq, entryAt, type, result, actor: settings.operator.name, ref, prevHash, hash: createHash('sha256').update(`${prevHash}${seq}${type}`).digest('hex') });
    return seq;
  };
  const firstEntries = history ? 240 : 20_417;
  if (history) fillEntries(record, now());

  let status: Status = {
    platform: { name: '上海市企业服务码平台', state: 'online', sinceAt: now() - 3_720_000, roundTripMs: 41 },
    scanners: [{ id: 's1', name: 'NLS-FM430', state: 'ready' }],
    catalogue: { fetchedAt: now() - 7_300_000, entries: 186, scenarios: 42 },
    keys: { validUntilAt: now() + 200 * 86_400_000 },
    clock: { state: 'synchronised', offsetMs: 40, uncertaintyMs: 200, checkedAt: now() - 125_000 },
    audit: { seq: entries.at(-1)?.seq ?? 0, headHash: entries.at(-1)?.hash ?? '', state: 'ok' },
    pendingSync: 0,
    offline: { waiting: 0, failure: null, setApart: 0, refused: 0, lastSyncAt: null },
  };
  const pushStatus = (part: Partial<Status> = {}): void => {
    status = { ...status, ...part, audit: { ...status.audit, seq: entries.at(-1)?.seq ?? 0, ...part.audit } };
    publisher.publish('status', status);
  };
  const open = (itemCode: string, useFor: string, bizNum: string | undefined): Case => {
    const matter = matters.find((candidate) => candidate.itemCode === itemCode);
    openCase = { caseId: `case-${now()}`, itemCode, itemName: matter?.itemName ?? itemCode, useFor, bizNum: bizNum ?? nextNumber(), openedAt: now(), scans: 0 };
    record('case.opened', 'ok', openCase.bizNum);
    pushStatus();
    return openCase;
  };
  let number = 386;
  const nextNumber = (): string => `PD-2026-1121-0${(number += 1)}`;
  if (withCase) open('310115-0127', '核验营业执照及法定代表人信息', undefined);

  const known = (scanId: string): Verdict | null => verdicts.get(scanId) ?? null;
  const guard = <T>(name: string, fail: (code: FailureCode) => Error, give: () => T): T => {
    calls.push(name);
    const planned = failure;
    failure = null;
    if (planned !== null) throw fail(planned);
    return give();
  };

  const scan = async (name: SampleName, afterMs = 0, spoil = (verdict: Verdict): Verdict => verdict): Promise<Verdict> => {
    scans += 1;
    const scanId = `scan-${scans}`;
    latest = scanId;
    publisher.publish('scan', { type: 'reading', scanId, source: 'serial', device: 'NLS-FM430' });
    if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
    const seq = record('scan.verdict', makeSampleVerdict(name, scanId, now(), 0).state, scanId);
    const verdict = spoil(makeSampleVerdict(name, scanId, now(), seq));
    verdicts.set(scanId, verdict);
    records.unshift(toRecord(verdict, openCase));
    publisher.publish('scan', { type: 'verdict', verdict });
    pushStatus();
    return verdict;
  };

  const devices = createDeviceBackend({ now, record: (call) => calls.push(call) });
  const access = createAccessBackend({ now, access: initialAccess, record: (call) => calls.push(call) });
  const router = contract.router({
    access: access.calls,
    person: access.people,
    clock: access.clock,
    retention: access.retention,
    machineKey: access.machineKey,
    session: {
      current: contract.session.current.handler(() => session()),
      mendingSeen: contract.session.mendingSeen.handler(() => {
        calls.push('session.mendingSeen');
        mended = null;
        return session();
      }),
    },
    settings: {
      read: contract.settings.read.handler(() => settings),
      save: contract.settings.save.handler(({ input }) => {
        calls.push('settings.save');
        settings = input;
        record('settings.changed', 'ok', '');
        pushStatus();
        return settings;
      }),
    },
    offlineRule: {
      show: contract.offlineRule.show.handler(() => ({ rule: offlineRule, mayChoose: (access.operator()?.role ?? 'administrator') === 'administrator' })),
      choose: contract.offlineRule.choose.handler(({ input }) => {
        calls.push('offlineRule.choose');
        offlineRule = input.rule;
        record('settings.changed', 'whenOffline', 'site');
        return null;
      }),
    },
    status: {
      watch: contract.status.watch.handler(async function* ({ signal }) {
        yield status;
        for await (const next of publisher.subscribe('status', signal === undefined ? {} : { signal })) yield next;
      }),
    },
    matter: { list: contract.matter.list.handler(() => [...matters]) },
    case: {
      current: contract.case.current.handler(() => openCase),
      open: contract.case.open.handler(({ input, errors }) => guard('case.open', (code) => errors.FAILURE({ data: { code } }), () => open(input.itemCode, input.useFor, input.bizNum))),
      next: contract.case.next.handler(({ errors }) =>
        guard('case.next', (code) => errors.FAILURE({ data: { code } }), () => {
          if (openCase === null) throw errors.FAILURE({ data: { code: 'case/not-open' } });
          return open(openCase.itemCode, openCase.useFor, undefined);
        }),
      ),
    },
    scan: {
      submit: contract.scan.submit.handler(({ input, errors }) =>
        guard(`scan.submit ${input.source} ${Buffer.from(input.bytesBase64, 'base64').toString()}`, (code) => errors.FAILURE({ data: { code } }), () => {
          if (answersScans) void scan('verified');
          return { scanId: latest };
        }),
      ),
      watch: contract.scan.watch.handler(async function* ({ signal }) {
        for await (const next of publisher.subscribe('scan', signal === undefined ? {} : { signal })) yield next;
      }),
    },
    verdict: {
      show: contract.verdict.show.handler(({ input, errors }) => known(input.scanId) ?? refuse(errors.FAILURE({ data: { code: 'verdict/unknown' } }))),
      retry: contract.verdict.retry.handler(({ input, errors }) =>
        guard('verdict.retry', (code) => errors.FAILURE({ data: { code } }), () => {
          const verdict = makeSampleVerdict('verified', input.scanId, now(), record('scan.verdict', 'verified', input.scanId));
          verdicts.set(input.scanId, verdict);
          return verdict;
        }),
      ),
      reveal: contract.verdict.reveal.handler(({ input, errors }) => {
        const verdict = known(input.scanId) ?? refuse(errors.FAILURE({ data: { code: 'verdict/unknown' } }));
        record('data.revealed', 'ok', input.scanId);
        pushStatus();
        return unmaskVerdict(verdict);
      }),
      notified: contract.verdict.notified.handler(({ input }) => {
        const auditSeq = record('notice.given', input.how, input.scanId);
        pushStatus();
        return { auditSeq };
      }),
    },
    certificate: {
      open: contract.certificate.open.handler(({ input, errors }) =>
        guard('certificate.open', (code) => errors.FAILURE({ data: { code } }), () => {
          record('certificate.opened', 'PDF kept', input.certificateId);
          pushStatus();
          return replaceFile(documentOf(input.certificateId, certificatePdf, settings, openCase), certificateFile);
        }),
      ),
      copy: contract.certificate.copy.handler(({ input, errors }) =>
        guard('certificate.copy', (code) => errors.FAILURE({ data: { code } }), () => {
          const auditSeq = record(input.purpose === 'print' ? 'copy.printed' : input.purpose === 'save' ? 'copy.saved' : 'copy.forwarded', 'c0'.repeat(32), input.documentId);
          pushStatus();
          return { fileName: '营业执照-加注件.pdf', mediaType: 'application/pdf' as const, bytesBase64: Buffer.from(certificatePdf).toString('base64'), sm3: 'c0'.repeat(32), auditSeq, grantConfirmed: true };
        }),
      ),
      watermarkLost: contract.certificate.watermarkLost.handler(({ input, errors }) =>
        guard('certificate.watermarkLost', (code) => errors.FAILURE({ data: { code } }), () => ({ auditSeq: record('watermark.removed', 'put back', input.documentId) })),
      ),
    },
    offline: { setApart: contract.offline.setApart.handler(() => setApart), again: contract.offline.again.handler(() => null) },
    trust: {
      list: contract.trust.list.handler(() => []),
      add: contract.trust.add.handler(({ errors }) => refuse(errors.FAILURE({ data: { code: 'file/damaged' } }))),
      remove: contract.trust.remove.handler(() => null),
    },
    record: {
      list: contract.record.list.handler(({ input }) => records.slice(0, input.limit)),
      today: contract.record.today.handler(() => countToday(records, now())),
    },
    audit: {
      list: contract.audit.list.handler(({ input }) => entries.filter(({ seq }) => input.beforeSeq === null || seq < input.beforeSeq).slice(-input.limit).toReversed()),
      ...createAuditCalls(() => entries, (ref) => record('audit.viewed', 'shown', ref)),
      ...createAuditWork(() => entries, (type, result) => record(type, result, ''), () => ({ checked: entries.at(-1)?.seq ?? 0, signed: entries.at(-1)?.seq ?? 0, countersigned: (entries.at(-1)?.seq ?? 0) - 12, macsChecked: false, withoutMac: 0, persons: { signed: 0, checked: 0 }, intact: status.audit.state === 'ok', headHash: entries.at(-1)?.hash ?? '', firstBad: status.audit.state === 'ok' ? null : { seq: 20_400, kind: 'hash' }, ms: 612 })),
    },
    device: devices.calls,
    codeKind: devices.kindCalls,
  });
  const handler = new RPCHandler(router);

  return {
    calls,
    changeAccess: access.change,
    changeWedge: (part) => {
      settings = { ...settings, wedge: { ...settings.wedge, ...part } };
    },
    devices: devices.backend,
    scan,
    serve: (server) => server.on('connection', (socket) => void handler.upgrade(socket)),
    repeat: () => latest !== null && publisher.publish('scan', { type: 'repeat', scanId: latest }),
    refuse: (code) => publisher.publish('scan', { type: 'refused', code, device: 'NLS-FM430' }),
    changeStatus: pushStatus,
    failNext: (code) => {
      failure = code;
    },
  };
}

function refuse(error: Error): never {
  throw error;
}

const setApart: SetApart[] = [
  { auditSeq: 20_391, scannedAt: Date.UTC(2026, 10, 20, 1, 12, 9), bizNum: 'PD-2026-1120-0271', itemName: '公司变更登记', answer: 'unreadable', cause: 'damaged' },
  { auditSeq: 20_377, scannedAt: Date.UTC(2026, 10, 20, 0, 58, 41), bizNum: 'PD-2026-1120-0264', itemName: '食品经营许可延续', answer: 'refused', cause: '13' },
];

const matters: readonly Matter[] = [
  { itemCode: '310115-0127', itemName: '公司变更登记', purposes: ['核验营业执照及法定代表人信息', '核验股东决定'], certificateTypes: ['营业执照'], recent: true },
  { itemCode: '310115-0130', itemName: '食品经营许可延续', purposes: ['核验营业执照与原许可证'], certificateTypes: ['营业执照', '食品经营许可证'], recent: true },
  { itemCode: '310115-0142', itemName: '单位银行结算账户开立', purposes: ['核验开户资料'], certificateTypes: ['营业执照', '开户许可证'], recent: true },
  { itemCode: '310115-0155', itemName: '道路运输经营许可', purposes: ['核验企业资质'], certificateTypes: ['营业执照', '道路运输经营许可证'], recent: true },
  { itemCode: '310115-0163', itemName: '公司注销登记', purposes: ['核验清算组备案'], certificateTypes: ['营业执照'], recent: true },
  { itemCode: '310115-0171', itemName: '药品经营许可证换发', purposes: ['核验原许可证'], certificateTypes: ['药品经营许可证'], recent: false },
  { itemCode: '310115-0180', itemName: '建筑业企业资质核准', purposes: ['核验资质证书'], certificateTypes: ['建筑业企业资质证书'], recent: false },
  { itemCode: '310115-0192', itemName: '医疗机构执业登记', purposes: ['核验执业许可'], certificateTypes: ['医疗机构执业许可证'], recent: false },
];

function replaceFile(document: CertificateDocument, file: CertificateFile | undefined): CertificateDocument {
  if (file === undefined) return document;
  const { bytes, format, surface = document.surface, signatures = document.signatures } = file;
  return { ...document, format, surface, signatures, sizeBytes: bytes.length, bytesBase64: Buffer.from(bytes).toString('base64') };
}

function documentOf(certificateId: string, pdf: Uint8Array, settings: Settings, openCase: Case | null): CertificateDocument {
  const isOfd = certificateId === 'cert-account';
  return {
    documentId: `doc-${certificateId}`,
    certificateId,
    title: isOfd ? '开户许可证' : certificateId === 'cert-food' ? '食品经营许可证' : '营业执照',
    format: isOfd ? 'OFD' : 'PDF',
    sizeBytes: pdf.length,
    sm3: '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
    digestCompared: true,
    platformVerdict: 'authentic',
    restrictions: [],
    signatures: { state: 'none', list: [] },
    bytesBase64: Buffer.from(pdf).toString('base64'),
    surface: [
      { label: '存款人名称', value: '上海云帆智能科技有限公司' },
      { label: '法定代表人', value: '陈建国' },
      { label: '开户银行', value: '中国工商银行上海张江支行' },
      { label: '账号', value: '1001 **** **** 4321' },
      { label: '核准号', value: 'J2900012345601' },
      { label: '发证日期', value: '2019-07-01' },
    ],
    watermark: [
      `${settings.site.hall} ${settings.site.window} ${settings.operator.name} ${openCase?.bizNum ?? ''}`,
      `仅用于${openCase?.itemName ?? ''} 2026-11-21 10:28`,
    ],
  };
}

function toRecord(verdict: Verdict, openCase: Case | null): ScanRecord {
  const { scanId, scannedAt, state, supportCode, kind, elapsedMs, auditSeq } = verdict;
  return { scanId, scannedAt, state, supportCode, kind, subjectName: verdict.subject?.name ?? null, bizNum: openCase?.bizNum ?? '', itemName: openCase?.itemName ?? '', elapsedMs, auditSeq, offline: state === 'provisional' ? { answer: 'waiting', cause: null } : null };
}

function makeHistory(now: number): ScanRecord[] {
  const samples = [
    ['上海浦江食品有限公司', 'verified'],
    ['杭州青禾贸易（分公司）', 'verified'],
    [null, 'not-a-service-code'],
    ['张江便民水果店', 'provisional'],
    ['苏州启明农民合作社', 'verified'],
    ['上海海纳律师事务所', 'expired'],
  ] as const;
  return Array.from({ length: 62 }, (_, index) => {
    const [subjectName, state] = samples[index % (index < 6 ? 6 : 2)] ?? samples[0];
    const supportCode = state === 'expired' ? ('E-EXP-01' as const) : state === 'not-a-service-code' ? ('E-KIND-01' as const) : null;
    const kind = state === 'not-a-service-code' ? 'wechat-payment-code' : 'enterprise-service-code';
    return { scanId: `old-${index}`, scannedAt: now - (index + 1) * 417_000, state, supportCode, kind, subjectName, bizNum: `PD-2026-1121-0${385 - index}`, itemName: '公司变更登记', elapsedMs: 380 + (index % 7) * 13, auditSeq: 20_417 - index * 4, offline: state === 'provisional' ? { answer: 'expiredAtScan', cause: 'withdrawn' } : null };
  });
}

function fillEntries(record: (type: string, result: string, ref: string, at: number) => number, now: number): void {
  const cycle = [
    ['case.opened', 'PD-2026-1121-0200'],
    ['scan.verdict', 'verified'],
    ['certificate.opened', 'PDF kept'],
    ['notice.given', 'screen'],
    ['case.opened', 'PD-2026-1121-0200'],
    ['scan.verdict', 'verified'],
    ['case.closed', 'scans 2'],
    ['case.opened', 'PD-2026-1121-0200'],
    ['scan.verdict', 'expired E-EXP-01'],
    ['scan.verdict', 'verified'],
    ['certificate.opened', 'PDF kept'],
  ] as const;
  for (let index = 0; index < 240; index += 1) {
    const [type, result] = cycle[index % cycle.length] ?? cycle[0];
    record(type, result, `PD-2026-1121-0${150 + index}`, now - (240 - index) * 118_000);
  }
}

function countToday(records: readonly ScanRecord[], now: number) {
  const day = new Date(now).toDateString();
  const today = records.filter((entry) => new Date(entry.scannedAt).toDateString() === day);
  const hours = Array.from({ length: 24 }, (_, hour) => {
    const inHour = today.filter((entry) => new Date(entry.scannedAt).getHours() === hour);
    return { hour, total: inHour.length, refused: inHour.filter(({ state }) => state !== 'verified' && state !== 'provisional').length };
  });
  const times = today.filter(({ state }) => state === 'verified').map(({ elapsedMs }) => elapsedMs).sort((a, b) => a - b);
  return {
    sinceAt: today.at(-1)?.scannedAt ?? null,
    total: today.length,
    verified: today.filter(({ state }) => state === 'verified').length,
    medianMs: times[Math.floor(times.length / 2)] ?? null,
    hours,
  };
}
