import { describeBug } from '../domain/bug-report.ts';
import type { RandomBytes } from '../domain/crypto/random.ts';
import { type FailureCode, isSilence } from '../domain/failure.ts';
import type { AccessDesk } from './access/access-desk.ts';
import { type CertificateSourceDeps, createCertificateSource } from './certificate-source.ts';
import type { Broadcast } from './desk/broadcast.ts';
import type { Cases } from './desk/cases.ts';
import { type Certificates, createCertificates, type OpenCertificate } from './desk/certificates.ts';
import type { DeskClock } from './desk/clock.ts';
import type { GrantedMemory } from './desk/granted.ts';
import type { Journal } from './desk/journal.ts';
import type { PlatformLink } from './desk/platform-link.ts';
import { createScanDesk, type DeskEvent, type DeskScan, type ScanDesk } from './desk/scan-desk.ts';
import { credentialOf, offlineRule, purposeOf, type SiteKeeper } from './desk/site.ts';
import type { ScanHub } from './devices/scan-hub.ts';
import type { OfflineSync } from './offline-sync.ts';
import type { PlatformClient } from './remote/platform-client.ts';
import type { Scanners } from './scanners.ts';
import type { Store } from './store/store.ts';
import { createVerifier } from './verify/verifier.ts';
import type { VerifyOutcome } from './verify/verify-outcome.ts';

/** What the desks need from outside. */
export interface DesksDeps {
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly random: RandomBytes;
  readonly log: { error(facts: object, text: string): void };
}

type Memory = GrantedMemory<VerifyOutcome, OpenCertificate>;
type Events = Broadcast<DeskEvent<VerifyOutcome, OpenCertificate>>;
type Desk = ScanDesk<VerifyOutcome, OpenCertificate>;

/** The parts of the counter that the desk for scans works with. */
export interface ClerksDeskParts {
  readonly site: SiteKeeper;
  readonly link: PlatformLink<PlatformClient>;
  readonly clock: DeskClock;
  readonly cases: Cases;
  readonly deviceId: string;
  readonly store: Pick<Store, 'seen'>;
  readonly journal: Journal;
  readonly memory: Memory;
  readonly events: Events;
  readonly scanners: Scanners;
  readonly offline: OfflineSync;
  auditFault(): FailureCode | null;
  cannotScan(): FailureCode | null;
  noteRefusedScan(): void;
}

/** Puts the way of a code together: judged, written down, shown, told to the scanner. */
export function createClerksDesk(deps: DesksDeps, parts: ClerksDeskParts): Desk {
  const { site, link, clock, cases, deviceId } = parts;
  const verifier = createVerifier({
    now: deps.now,
    monotonic: deps.monotonic,
    platforms: link.keys,
    refreshKeys: async (platformId) => link.keys().has(platformId) && link.refreshKeys(),
    us: () => ({ orgCode: site.current().site.orgCode, orgName: site.current().site.organisation }),
    // Our platform asks the others.
    remote: (platformId) => (link.keys().has(platformId) ? link.client() : null),
    clock: clock.forChecks,
    siteKinds: () => site.current().codeKinds,
    allowsProvisional: (platformId) => link.profile()?.platformId === platformId && offlineRule(site.current()) === 'provisional',
  });
  return createScanDesk<VerifyOutcome, OpenCertificate>({
    verifier,
    seen: (input) => parts.store.seen(input),
    journal: parts.journal,
    memory: parts.memory,
    hindrance: async () => {
      const hindrance = parts.auditFault() ?? parts.cannotScan() ?? (await parts.journal.ready());
      if (hindrance === 'access/locked') parts.noteRefusedScan();
      return hindrance;
    },
    currentCase: cases.current,
    countScan: cases.countScan,
    context: (current) => ({ purpose: purposeOf(site.current(), current), operator: credentialOf(site.current()), deviceId }),
    outbox: parts.offline.note,
    onOutcome: (outcome) => tellLink(link, outcome),
    publish: (event) => {
      parts.events.publish(event);
      if (event.type !== 'verdict') return;
      tellScanner(parts.scanners, event.granted.outcome);
      void parts.offline.recount();
    },
  });
}

/** Where certificate files come from and what is held against their grant's end. */
export interface CertificateDeskParts extends Omit<CertificateSourceDeps, 'now'> {
  readonly memory: Memory;
  readonly journal: Journal;
  readonly cases: Cases;
  readonly clock: { readonly latest: () => number };
}

/** Puts the desk for certificates together. */
export function createCertificateDesk(deps: DesksDeps, parts: CertificateDeskParts): Certificates {
  const { site, cases, memory, journal } = parts;
  const source = createCertificateSource({ ...parts, now: deps.now });
  return createCertificates<VerifyOutcome>({
    ...source,
    ...{ memory, journal, random: deps.random, latest: parts.clock.latest, currentCase: cases.current },
    purpose: (current) => purposeOf(site.current(), current),
  });
}

/** What the hub hands on goes to the desk; a bug in one scan is told, and the next is taken. */
export function listenToHub(deps: DesksDeps, { hub, events, access, scanDesk }: { readonly hub: ScanHub; readonly events: Events; readonly access: Pick<AccessDesk, 'touch'>; readonly scanDesk: Desk }): void {
  hub.onScan((scan) => {
    access.touch();
    return scanDesk.take(scan).catch((error: unknown) => reportBug(deps, events, scan, error));
  });
  hub.onRepeat(({ scanId }) => events.publish({ type: 'repeat', scanId }));
  hub.onRefused(({ code, device }) => events.publish({ type: 'refused', code, device }));
}

function tellLink(link: PlatformLink<PlatformClient>, outcome: VerifyOutcome): void {
  if (!outcome.askedPlatform) return;
  const isAnswered = outcome.failure === null || !isSilence(outcome.failure);
  // Another platform that ours asked decided by its own clock, which tells no time here.
  link.heard({ isAnswered, roundTripMs: outcome.roundTripMs, offsetMs: outcome.platform?.id === link.profile()?.platformId ? outcome.clockOffsetMs : null });
}

function reportBug(deps: DesksDeps, events: Events, scan: DeskScan, error: unknown): void {
  deps.log.error({ scanId: scan.scanId, ...describeBug(error) }, 'a scan met a bug');
  events.publish({ type: 'refused', code: 'internal/bug', device: scan.device });
}

/** The scanner signals what the clerk sees: green, or a refusal; an amber verdict is neither. */
function tellScanner(scanners: Scanners, { scanId, state }: VerifyOutcome): void {
  if (state !== 'provisional') scanners.tell(scanId, state === 'verified' ? 'good' : 'bad');
}
