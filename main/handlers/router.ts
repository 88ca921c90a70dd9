import type { Result } from '../../domain/failure.ts';
import { makeTextsVisible } from '../../domain/text-safety.ts';
import type { Case, Session, Settings } from '../../domain/contracts/counter.ts';
import { decodeBase64, encodeBase64 } from '../../domain/crypto/base64.ts';
import type { App, GrantedVerdict } from '../app.ts';
import { findGrantEnd, type OpenCertificate } from '../desk/certificates.ts';
import type { DeskEvent } from '../desk/scan-desk.ts';
import { offlineRule } from '../desk/site.ts';
import type { VerifyOutcome } from '../verify/verify-outcome.ts';
import { accessCalls, clockCalls, machineKeyCalls, personCalls, retentionCalls } from './access-calls.ts';
import { auditCalls } from './audit-calls.ts';
import { codeKindCalls, deviceCalls } from './device-calls.ts';
import { offlineCalls } from './offline-calls.ts';
import { mayCall, procedure, take, whileLoggedIn } from './procedure.ts';
import { listRecords, summariseToday } from './records.ts';
import { describeAnchor, describeSignatures } from './signature-view.ts';
import { describeVerdict } from './verdict-view.ts';

/** The whole contract between window and privileged process, served alike over a WebSocket and a MessagePort. */
export const counterRouter = procedure.router({
  access: accessCalls,
  person: personCalls,
  clock: clockCalls,
  retention: retentionCalls,
  machineKey: machineKeyCalls,
  offline: offlineCalls,
  session: {
    current: procedure.session.current.handler(({ context }) => describeSession(context.app)),
    mendingSeen: procedure.session.mendingSeen.handler(async ({ context }) => {
      take(await context.app.mending.seen());
      return describeSession(context.app);
    }),
  },
  settings: {
    read: procedure.settings.read.handler(({ context }) => describeSettings(context.app)),
    save: procedure.settings.save.handler(async ({ context, input }) => {
      take(await context.app.saveSettings(input));
      return describeSettings(context.app);
    }),
  },
  offlineRule: {
    show: procedure.offlineRule.show.handler(({ context: { app } }) => ({ rule: offlineRule(app.site.current()), mayChoose: mayCall(app, 'offlineRule.choose') })),
    choose: procedure.offlineRule.choose.handler(async ({ context, input }) => take(await context.app.saveSettings({ whenOffline: input.rule }))),
  },
  status: { watch: procedure.status.watch.handler(({ context, signal }) => context.app.status.watch(whileLoggedIn(context.app, signal))) },
  matter: { list: procedure.matter.list.handler(async ({ context }) => [...take(await context.app.matters.list())]) },
  case: {
    current: procedure.case.current.handler(({ context }) => context.app.cases.current()),
    open: procedure.case.open.handler(async ({ context, input }) => take(await openCase(context.app, input))),
    next: procedure.case.next.handler(async ({ context }) => take(await context.app.cases.next())),
  },
  scan: {
    submit: procedure.scan.submit.handler(({ context, input }) => {
      const bytes = decodeBase64(input.bytesBase64);
      if (bytes === null) return { scanId: null };
      const { source, symbology } = input;
      const submitted = context.app.hub.submit({ source, device: source, bytes, takeOffAim: source === 'wedge', ...(symbology === undefined ? {} : { symbology }) });
      return { scanId: take(submitted).scanId };
    }),
    watch: procedure.scan.watch.handler(({ context, signal }) => watchScans(context.app, whileLoggedIn(context.app, signal))),
  },
  verdict: {
    show: procedure.verdict.show.handler(({ context, input }) => showVerdict(context.app, input.scanId)),
    retry: procedure.verdict.retry.handler(async ({ context, input }) => {
      const granted = take(await context.app.scanDesk.retry(requireVerdict(context.app, input.scanId)));
      return describeVerdict(granted, context.app.now(), context.app.site.current().codeKinds);
    }),
    reveal: procedure.verdict.reveal.handler(({ context, input }) => revealVerdict(context.app, input.scanId)),
    notified: procedure.verdict.notified.handler(async ({ context, input }) => {
      const { scanId } = requireVerdict(context.app, input.scanId).outcome;
      const noted = await context.app.journal.record({ type: 'notice.given', result: input.how, ref: scanId });
      return { auditSeq: take(noted).seq };
    }),
  },
  certificate: {
    open: procedure.certificate.open.handler(async ({ context, input }) => describeDocument(take(await context.app.certificates.open(input)))),
    copy: procedure.certificate.copy.handler(async ({ context, input }) => {
      const { bytes, fileName, sm3, auditSeq, isConfirmed } = take(await context.app.certificates.copy(input));
      return { fileName, mediaType: 'application/pdf' as const, bytesBase64: encodeBase64(bytes), sm3, auditSeq, grantConfirmed: isConfirmed };
    }),
    watermarkLost: procedure.certificate.watermarkLost.handler(async ({ context, input }) => {
      const noted = await context.app.journal.record({ type: 'watermark.removed', result: 'put back', ref: input.documentId.slice(0, 64) });
      return { auditSeq: take(noted).seq };
    }),
  },
  trust: {
    list: procedure.trust.list.handler(async ({ context }) => (await context.app.trust.list()).map(({ anchor, isOwn }) => describeAnchor(anchor, isOwn))),
    add: procedure.trust.add.handler(async ({ context, input }) => {
      return describeAnchor(take(await context.app.trust.add(decodeBase64(input.certificateBase64) ?? new Uint8Array())), false);
    }),
    remove: procedure.trust.remove.handler(async ({ context, input }) => take(await context.app.trust.remove(input.id))),
  },
  record: {
    list: procedure.record.list.handler(async ({ context, input }) => take(await listRecords(context.app.store, input.limit, context.app.site.current().codeKinds))),
    today: procedure.record.today.handler(async ({ context }) => take(await summariseToday(context.app.store, context.app.now()))),
  },
  audit: auditCalls,
  device: deviceCalls,
  codeKind: codeKindCalls,
});

function describeSession(app: App): Session {
  const { site, operator, role, wedge, mode } = app.site.current();
  return { version: app.version, shell: app.shell, mode, site, operator: { ...operator, role }, wedge, mended: app.mending.current() };
}

function describeSettings(app: App): Settings {
  const { site, operator, wedge, serial } = app.site.current();
  return { site, operator, wedge, serial };
}

/** Opens a case of a linked matter; its purpose may be any, but not a blank or a filler (wire notes W28). */
async function openCase(app: App, input: { itemCode: string; useFor: string; bizNum?: string | undefined }): Promise<Result<Case>> {
  const matter = app.matters.find(input.itemCode);
  const useFor = input.useFor.trim();
  if (matter === null) return { ok: false, failure: { code: 'case/field-missing', detail: 'itemCode' } };
  if ([...useFor].length < 4) return { ok: false, failure: { code: 'case/field-missing', detail: 'useFor' } };
  const bizNum = input.bizNum?.trim();
  if (bizNum === '') return { ok: false, failure: { code: 'case/field-missing', detail: 'bizNum' } };
  return app.cases.open({ matter, useFor, bizNum });
}

function requireVerdict(app: App, scanId: string): GrantedVerdict {
  const granted = app.memory.find(scanId);
  return take(granted === null ? { ok: false, failure: { code: 'verdict/unknown' } } : { ok: true, value: granted });
}

function showVerdict(app: App, scanId: string) {
  return describeVerdict(requireVerdict(app, scanId), app.now(), app.site.current().codeKinds);
}

async function revealVerdict(app: App, scanId: string) {
  const granted = requireVerdict(app, scanId);
  const end = findGrantEnd(granted, app.latest());
  if (end !== null) take({ ok: false, failure: { code: end } });
  take(await app.journal.record({ type: 'data.revealed', result: granted.outcome.state, ref: scanId }));
  const revealed = { ...requireVerdict(app, scanId), isRevealed: true };
  return describeVerdict(revealed, app.now(), app.site.current().codeKinds);
}

type ScanNews = DeskEvent<VerifyOutcome, OpenCertificate>;

/** Subscribed before the first event is asked for: what happens between the two is not lost. */
function watchScans(app: App, signal: AbortSignal | undefined) {
  const news = app.events.subscribe(signal);
  return (async function* () {
    for await (const event of news) yield describeEvent(app, event);
  })();
}

function describeEvent(app: App, event: ScanNews) {
  switch (event.type) {
    case 'reading': {
      const { scanId, source, device } = event.scan;
      return { type: 'reading' as const, scanId, source, device };
    }
    case 'verdict':
      return { type: 'verdict' as const, verdict: describeVerdict(event.granted, app.now(), app.site.current().codeKinds) };
    case 'repeat':
    case 'refused':
      return event;
  }
}

function describeDocument(document: OpenCertificate) {
  const { documentId, entry, format, bytes, sm3, digestCompared, platformVerdict, surface, watermark } = document;
  return {
    ...{ documentId, certificateId: entry.certificateID, title: entry.certificateType, format, sm3, digestCompared, platformVerdict },
    sizeBytes: bytes.length,
    bytesBase64: encodeBase64(bytes),
    restrictions: [...document.restrictions],
    signatures: describeSignatures(document.signatures),
    surface: makeTextsVisible([...surface]),
    watermark: [...watermark],
  };
}
