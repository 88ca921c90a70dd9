import { statfs } from 'node:fs/promises';
import type { RandomBytes } from '../domain/crypto/random.ts';
import { type FailureCode, ok, type Result } from '../domain/failure.ts';
import type { Session } from '../domain/contracts/counter.ts';
import { createCheckpointTimer } from './audit/checkpoint-timer.ts';
import { type AuditDesk, createAuditDesk } from './audit-desk.ts';
import type { KdfCost } from '../domain/key-slot.ts';
import type { AccessDesk } from './access/access-desk.ts';
import type { DeviceSecret, KeyStore } from './access/device-secret.ts';
import type { StartSigner } from './access/person-signer.ts';
import type { SlotWork } from './access/slot-thread.ts';
import { attendSite, createSessions, openAccessControl, scanHindrance } from './access-control.ts';
import { type ClockOverride, overrideClock, saveSettings } from './administrator-acts.ts';
import { createCertificateDesk, createClerksDesk, listenToHub } from './clerks-desks.ts';
import { type Broadcast, createBroadcast } from './desk/broadcast.ts';
import { type Cases, openCases } from './desk/cases.ts';
import type { Certificates, OpenCertificate } from './desk/certificates.ts';
import { createGrantedMemory, type Granted, type GrantedMemory } from './desk/granted.ts';
import { createJournal, type Journal } from './desk/journal.ts';
import { type MendingNotice, openMendingNotice } from './desk/mending-notice.ts';
import { type Matters, openMatters } from './desk/matters.ts';
import { createPlatformLink, type PlatformLink } from './desk/platform-link.ts';
import type { DeskEvent, ScanDesk } from './desk/scan-desk.ts';
import type { Site, SiteKeeper } from './desk/site.ts';
import { openSite } from './desk/site-file.ts';
import { createStatusBoard, type StatusBoard } from './desk/status.ts';
import { createCountersigner } from './countersigning.ts';
import { backUpDaily } from './daily-backup.ts';
import { createDeviceKeyKeeping, type DeviceKeyKeeping, devicePlaceOf, openDeviceKeys } from './device-keys.ts';
import { createDocumentWork, type DocumentWork, type StartDocumentProcess } from './documents/document-work.ts';
import { createScanHub, type ScanHub } from './devices/scan-hub.ts';
import type { OpenSerialLine } from './devices/serial-scanner.ts';
import { keepInTouch } from './keeping-in-touch.ts';
import { type ConnectionDeps, enrolCounter, keepSigningKeys, type PlatformAddress } from './platform-connection.ts';
import { createRetention, purgeInTime, type Retention } from './retention.ts';
import { openTrust, type Trust, type TrustParts } from './trust.ts';
import type { ClientLimits, PlatformClient } from './remote/platform-client.ts';
import { createScanners, type Scanners } from './scanners.ts';
import { writeDurably } from './store/durable-file.ts';
import type { Store } from './store/store.ts';
import { openMendedStore } from './mended-store.ts';
import { correctionOf, openTrustedClock } from './kept-time.ts';
import { createLogEndKeeping } from './log-end-keeping.ts';
import { createOfflineSync, type OfflineSync } from './offline-sync.ts';
import type { StartKeyProcess } from './usb-key/usb-key.ts';
import type { VerifyOutcome } from './verify/verify-outcome.ts';

/** A log that takes named facts and a sentence; never a name, code or token. */
export interface AppLog {
  info(facts: object, text: string): void;
  warn(facts: object, text: string): void;
  error(facts: object, text: string): void;
}

/** Everything the counter needs from outside. */
export interface AppDeps {
  /** Holds `counter.db`, `keys/` and `site.json`; made when missing, for this user only. */
  readonly dataDir: string;
  readonly version: string;
  readonly shell: Session['shell'];
  /** Epoch ms. */
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly random: RandomBytes;
  readonly log: AppLog;
  /** Where the platform is; with an enrolment code the counter enrols when it never did. */
  readonly platform?: PlatformAddress;
  readonly site?: Partial<Site>;
  /** The machine opens itself, for practice and the command line; where people log in it stays locked all the same. */
  readonly unattended?: boolean;
  /** On trial one person may set the counter up alone. */
  readonly isTrial?: boolean;
  /** What a guess at a passphrase costs and the least it may; only tests take less than `kdfFloor`. */
  readonly kdfCost?: KdfCost;
  /** Where key slots are worked on; a thread of its own for each job unless told. */
  readonly slots?: SlotWork;
  /** Where what people do is signed for; a thread for each session unless told. */
  readonly startSigner?: StartSigner;
  /** Where certificate files are read and copied, and where a vendor's library for USB keys runs; processes of Node's unless told. */
  readonly startDocumentProcess?: StartDocumentProcess | undefined;
  readonly startKeyProcess?: StartKeyProcess;
  /** Stores that may guard the device key; those of the operating system unless told. */
  readonly keyStores?: readonly KeyStore[];
  readonly limits?: ClientLimits;
  readonly openSerialLine?: OpenSerialLine;
  /** How often the platform is asked whether it is there, ms; 15 s. */
  readonly healthEveryMs?: number;
}

/** A verdict in memory, and a certificate file opened under it. */
export type GrantedVerdict = Granted<VerifyOutcome, OpenCertificate>;

/** The counter without a shell: what the contract's handlers call. */
export interface App {
  readonly version: string;
  readonly shell: Session['shell'];
  readonly now: () => number;
  /** The latest time that it may be, by the trusted clock: what a grant's end is held against. */
  readonly latest: () => number;
  readonly random: RandomBytes;
  readonly log: AppLog;
  readonly store: Store;
  readonly site: SiteKeeper;
  readonly journal: Journal;
  readonly cases: Cases;
  readonly matters: Matters;
  readonly hub: ScanHub;
  readonly scanners: Scanners;
  readonly scanDesk: ScanDesk<VerifyOutcome, OpenCertificate>;
  readonly memory: GrantedMemory<VerifyOutcome, OpenCertificate>;
  readonly events: Broadcast<DeskEvent<VerifyOutcome, OpenCertificate>>;
  readonly certificates: Certificates;
  readonly trust: Trust;
  readonly retention: Retention;
  readonly status: StatusBoard;
  readonly link: PlatformLink<PlatformClient>;
  readonly mending: MendingNotice;
  /** What was judged without the platform and waits to be handed in. */
  readonly offline: OfflineSync;
  readonly access: AccessDesk;
  readonly accessChanges: Broadcast<null>;
  readonly isTrial: boolean;
  readonly deviceKey: DeviceKeyKeeping;
  /** Ends when whoever is logged in now is not any more: nothing that they watch goes on to the next. */
  sessionSignal(): AbortSignal;
  /** Writes the change down, keeps it and acts on it; what is not given stays. */
  saveSettings(changes: Partial<Site>): Promise<Result<null>>;
  /** Takes the wall clock for right, by two administrators: the clock went back and no platform says the time. */
  overrideClock(input: ClockOverride): Promise<Result<null>>;
  readonly audit: AuditDesk;
  enrol(address: Required<PlatformAddress>): Promise<Result<null>>;
  /** Bytes free on the disk of the data folder; null when the system does not say. */
  diskFreeBytes(): Promise<number | null>;
  /** Resolves when, after the first log-in, the platform was asked for the first time and, if it answered, a case is open. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** The log is signed at the latest so long after an entry (design 06 §5). */
const checkpointAfterMs = 60_000;

/** Puts the counter together and starts it; fails when its data cannot be had (`store/…`). Nothing waits for a network. */
export async function createApp(deps: AppDeps): Promise<Result<App>> {
  const device = await openDeviceKeys(deps);
  if (!device.ok) return device;
  const store = await openMendedStore(deps, device.value);
  if (!store.ok) return store;
  const app = await assemble(deps, store.value, device.value);
  if (!app.ok) await store.value.close();
  return app;
}

async function assemble(deps: AppDeps, store: Store, device: DeviceSecret): Promise<Result<App>> {
  const core = await createCore(deps, store);
  if (!core.ok) return core;
  const { journal, link, site, status, auditFault } = core.value;
  const memory = createGrantedMemory<VerifyOutcome, OpenCertificate>();
  const events = createBroadcast<DeskEvent<VerifyOutcome, OpenCertificate>>({ limit: 64 });
  const hub = createScanHub({ now: deps.now, monotonic: deps.monotonic, random: deps.random, maxInFlight: 1, clock: () => correctionOf(core.value.clock) });
  const forget = (): void => {
    memory.drop();
    hub.dropWaiting();
    hub.forgetRepeats();
  };
  const cases = await openCases({ ...{ store, journal, now: deps.now, random: deps.random }, numberPrefix: () => site.current().numberPrefix, onClosed: forget });
  if (!cases.ok) return cases;
  const started = await journal.record({ type: 'app.start', result: deps.shell, ref: deps.version });
  if (!started.ok && started.failure.code !== 'audit/chain-broken') return started;
  const scanners = createScanners({ hub, now: deps.now, onChanged: status.changed, open: deps.openSerialLine });
  const parts = { ...core.value, store, memory, events, hub, scanners, ...openTrust({ ...deps, store, journal, site }), cases: cases.value, files: createDocumentWork({ start: deps.startDocumentProcess }) };
  const scanDesk = createClerksDesk(deps, parts);
  const certificates = createCertificateDesk(deps, parts);
  core.value.showScanners(scanners.states);
  const connection: ConnectionDeps = { ...deps, store, journal, link, site };
  const keepingInTouch = keepInTouch(deps, { ...core.value, connection, cases: cases.value });
  const gate = await openGate(deps, { ...parts, device, keepingInTouch, forget });
  if (!gate.ok) return gate;
  const { access, sessions, accessChanges } = gate.value;
  listenToHub(deps, { hub, events, access, scanDesk });
  await scanners.use(site.current());
  const retention = createRetention({ ...core.value, store, now: deps.now });
  const ends = [keepingInTouch.stop, () => void parts.files.close(), purgeInTime(deps, retention, keepingInTouch.ready), backUpDaily({ ...deps, store, journal })];
  const { version, shell, now, random, log } = deps;
  return ok({
    ...{ version, shell, now, latest: core.value.clock.latest, random, log, store, site, journal, status, link, hub, scanners, scanDesk, memory, events, certificates, trust: parts.trust, retention },
    ...{ access, accessChanges, deviceKey: createDeviceKeyKeeping({ ...deps, journal }), isTrial: deps.isTrial === true, sessionSignal: sessions.signal, cases: cases.value, matters: core.value.matters, mending: core.value.mending, offline: core.value.offline, ready: keepingInTouch.ready },
    saveSettings: (changes) => saveSettings({ site, journal, scanners }, changes),
    overrideClock: (input) => overrideClock({ ...core.value, access }, input),
    audit: createAuditDesk({ ...deps, ...core.value, store }),
    enrol: async (address) => {
      const enrolled = await enrolCounter(connection, address);
      if (enrolled.ok) await keepingInTouch.refresh();
      return enrolled;
    },
    diskFreeBytes: () => statfs(deps.dataDir).then(({ bavail, bsize }) => bavail * bsize, () => null),
    close: async () => {
      for (const stop of ends) stop();
      await scanners.close();
      await hub.idle();
      if (auditFault() === null) await journal.record({ type: 'app.stop', result: deps.shell, ref: deps.version });
      await core.value.signNow();
      forget();
      sessions.end();
      await access.close();
      for (const part of [events, status, accessChanges, link, store]) await part.close();
    },
  });
}

const nobody = { actor: '-', role: '-' };

async function createCore(deps: AppDeps, store: Store) {
  let access: AccessDesk | null = null;
  const kept = openSite({ dataDir: deps.dataDir, writeFile: writeDurably, overrides: deps.site });
  if (!kept.ok) return kept;
  const site = attendSite(kept.value, () => access);
  const head = await store.head(null);
  const identity = await store.auditIdentity(null);
  const matters = await openMatters({ store });
  if (!head.ok) return head;
  if (!identity.ok) return identity;
  if (!matters.ok) return matters;
  const clock = await openTrustedClock({ ...deps, store, record: (note) => journal.record(note) });
  const logEnd = createLogEndKeeping({ ...deps, store, place: devicePlaceOf(deps) });
  let isBroken = !(await logEnd.isGood(head.value));
  let scannerStates: Scanners['states'] = () => [];
  const signing = createCheckpointTimer({ sign: () => store.checkpoint({ at: deps.now() }), afterMs: checkpointAfterMs });
  const journal: Journal = createJournal({
    ...deps,
    store,
    uncertaintyMs: () => clock.state().uncertaintyMs,
    // Until it is known whether people log in here, nobody does what is recorded.
    identity: () => ({ ...(access === null ? nobody : (access.identity() ?? { actor: site.current().operator.id, role: site.current().role })), device: identity.value.device }),
    ...{ signer: () => access?.signer() ?? null, head: head.value },
    onRecorded: () => {
      status.changed();
      signing.recorded();
    },
  });
  const link: PlatformLink<PlatformClient> = createPlatformLink({ now: deps.now, clock, matters: matters.value, keepKeys: (profile) => keepSigningKeys({ store, journal }, profile), onChanged: () => status.changed() });
  const breakAudit = (): void => {
    isBroken = true;
    status.changed();
  };
  const countersigner = createCountersigner({ store, link, log: deps.log, onChanged: () => status.changed(), onFault: breakAudit });
  const offline = createOfflineSync({ ...deps, store, journal, link, clockOffsetMs: () => clock.forChecks().offsetMs, deviceId: identity.value.device, onChanged: () => status.changed() });
  const status: StatusBoard = createStatusBoard({
    platform: link.state,
    scanners: () => scannerStates(),
    catalogue: matters.value.catalogue,
    keysValidUntil: link.keysValidUntil,
    clock: clock.state,
    pending: countersigner.waiting,
    offline: offline.state,
    audit: () => ({ seq: journal.head().seq, headHash: journal.head().hash, state: isBroken ? 'broken' : journal.fault() === null ? 'ok' : 'unwritable' }),
  });
  const mending = await openMendingNotice({ store, journal });
  if (!mending.ok) return mending;
  return ok({
    ...{ site, clock, journal, link, status, mending: mending.value },
    signNow: async (): Promise<void> => {
      signing.stop();
      await logEnd.sign({ isKept: !isBroken });
    },
    ...{ matters: matters.value, deviceId: identity.value.device, breakAudit, countersigner, offline },
    auditFault: (): FailureCode | null => (isBroken ? 'audit/chain-broken' : null),
    attend: (desk: AccessDesk): void => void (access = desk),
    cannotScan: (): FailureCode | null => (access === null ? 'access/locked' : scanHindrance(access)),
    noteRefusedScan: (): void => access?.scanRefused(),
    showScanners: (states: Scanners['states']): void => void (scannerStates = states),
  });
}

type Core = Extract<Awaited<ReturnType<typeof createCore>>, { ok: true }>['value'];

interface Parts extends Core, TrustParts {
  readonly store: Store;
  readonly memory: App['memory'];
  readonly events: App['events'];
  readonly hub: ScanHub;
  readonly scanners: Scanners;
  readonly cases: Cases;
  readonly files: DocumentWork;
}

interface GateParts extends Parts {
  readonly device: DeviceSecret;
  readonly keepingInTouch: ReturnType<typeof keepInTouch>;
  readonly forget: () => void;
}

/** Who may come in, and what comes and goes with them: the platform's client, what was granted, what they watch. */
async function openGate(deps: AppDeps, parts: GateParts) {
  const { cases, forget, keepingInTouch } = parts;
  const accessChanges = createBroadcast<null>({ limit: 1 });
  const sessions = createSessions();
  const opened = await openAccessControl({
    ...deps,
    ...parts,
    isTrial: deps.isTrial === true,
    ...{ kdfCost: deps.kdfCost, slots: deps.slots },
    onChanged: () => accessChanges.publish(null),
    onOpened: async (operator, before) => {
      sessions.begin();
      await keepingInTouch.begin();
      // One person's case is not another's: what was scanned in it stays with who scanned it.
      const isAnother = operator !== null && before !== null && before !== operator.id;
      if (isAnother && parts.cannotScan() === null && (cases.current()?.scans ?? 0) > 0) await cases.next();
    },
    onLocked: () => {
      sessions.end();
      keepingInTouch.rest();
      forget();
      // The process for files still has in its memory what it read.
      void Promise.all([parts.files.close(), parts.signNow()]);
    },
  });
  if (!opened.ok) return opened;
  parts.attend(opened.value);
  if (deps.unattended === true) {
    const unlocked = await opened.value.openUnattended();
    if (!unlocked.ok && unlocked.failure.code !== 'access/locked') return unlocked;
  }
  return ok({ access: opened.value, accessChanges, sessions });
}
