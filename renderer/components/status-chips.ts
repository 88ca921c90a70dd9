import { isAdministratorRole, type Role } from '../../domain/roles.ts';
import type { TFunction } from 'i18next';
import type { Status } from '../../domain/contracts/counter.ts';
import { printAge, printClock, printClockDifference, printDay } from '../i18n/durations.ts';
import type { CameraState } from '../window-state.tsx';

/** One chip of the top bar: what it says, how urgent, and the facts behind it. */
export interface Chip {
  readonly id: 'platform' | 'scanner' | 'camera' | 'catalogue' | 'keys' | 'pending' | 'offline' | 'clock' | 'audit';
  readonly level: 'good' | 'plain' | 'warn' | 'bad';
  readonly text: string;
  readonly facts: readonly string[];
  readonly opens: 'devices' | 'audit' | 'records' | 'settings' | null;
}

const dayMs = 86_400_000;
const catalogueOldAfterMs = dayMs;
const keysWarnBeforeMs = 7 * dayMs;

/** The chips for a status, in order of place; those for clock, keys and chain appear only when they matter. */
export function listChips(status: Status, camera: CameraState, now: number, t: TFunction): readonly Chip[] {
  return [
    auditChip(status, t),
    clockChip(status, t),
    platformChip(status, t),
    ...scannerChips(status, t),
    cameraChip(camera, t),
    keysChip(status, now, t),
    catalogueChip(status, now, t),
    pendingChip(status, t),
    offlineChip(status, t),
  ].filter((chip) => chip !== null);
}

/** The chips that concern a role: who works at no counter has nothing to do with scanner, camera and lists. */
export function concerns(role: Role, { id }: Pick<Chip, 'id'>): boolean {
  if (!isAdministratorRole(role)) return true;
  return id === 'audit' || id === 'clock' || id === 'platform' || id === 'keys' || ((id === 'scanner' || id === 'offline') && role === 'administrator');
}

function platformChip({ platform }: Status, t: TFunction): Chip {
  const level = { online: 'good', checking: 'plain', offline: 'bad', 'not-enrolled': 'bad' } as const;
  return {
    id: 'platform',
    level: level[platform.state],
    text: `${t('chip.platform')} ${t(`chip.platformState.${platform.state}`)}`,
    facts: [
      platform.name,
      t(`chip.explain.${platform.state}`),
      t('chip.sinceAt', { time: printClock(platform.sinceAt) }),
      ...(platform.roundTripMs === null ? [] : [t('chip.platformRoundTrip', { ms: Math.round(platform.roundTripMs) })]),
    ],
    opens: null,
  };
}

function scannerChips({ scanners }: Status, t: TFunction): readonly Chip[] {
  if (scanners.length === 0)
    return [{ id: 'scanner', level: 'plain', text: t('chip.scannerNone'), facts: [t('chip.explain.scannerNone')], opens: 'devices' }];
  const level = { ready: 'good', connecting: 'warn', busy: 'bad', lost: 'bad', 'not-permitted': 'bad' } as const;
  const why = { ready: 'scannerReady', connecting: 'scannerConnecting', busy: 'scannerBusy', lost: 'scannerLost', 'not-permitted': 'scannerNotPermitted' } as const;
  return scanners.map(({ name, state }) => ({
    id: 'scanner',
    level: level[state],
    text: `${t('chip.scanner')} ${name}${state === 'ready' ? '' : ` ${t(`chip.scannerState.${state}`)}`}`,
    facts: [t(`chip.explain.${why[state]}`)],
    opens: 'devices',
  }));
}

function cameraChip(camera: CameraState, t: TFunction): Chip {
  const level = { off: 'plain', starting: 'plain', on: 'good', paused: 'warn', trouble: 'bad' } as const;
  return {
    id: 'camera',
    level: level[camera],
    text: camera === 'on' || camera === 'off' ? t('chip.camera') : `${t('chip.camera')} ${t(`chip.cameraState.${camera}`)}`,
    facts: [t(`chip.cameraState.${camera}`), t('chip.explain.camera')],
    opens: 'devices',
  };
}

function catalogueChip({ catalogue }: Status, now: number, t: TFunction): Chip {
  const { fetchedAt } = catalogue;
  return {
    id: 'catalogue',
    level: fetchedAt === null || now - fetchedAt > catalogueOldAfterMs ? 'warn' : 'plain',
    text: fetchedAt === null ? t('chip.catalogueNone') : t('chip.catalogueAge', { age: printAge(now - fetchedAt, t) }),
    facts: [t('chip.catalogueEntries', { entries: catalogue.entries, scenarios: catalogue.scenarios }), t('chip.explain.catalogue')],
    opens: null,
  };
}

function keysChip({ keys }: Status, now: number, t: TFunction): Chip | null {
  const { validUntilAt } = keys;
  if (validUntilAt !== null && validUntilAt - now > keysWarnBeforeMs) return null;
  const text =
    validUntilAt === null
      ? t('chip.keysNone')
      : validUntilAt <= now
        ? t('chip.keysEnded')
        : t('chip.keysUntil', { date: printDay(validUntilAt).slice(5) });
  return { id: 'keys', level: validUntilAt === null || validUntilAt <= now ? 'bad' : 'warn', text, facts: [t('chip.explain.keys')], opens: null };
}

function pendingChip({ pendingSync }: Status, t: TFunction): Chip {
  return {
    id: 'pending',
    level: pendingSync === 0 ? 'good' : 'warn',
    text: pendingSync === 0 ? t('chip.pendingNone') : t('chip.pending', { count: pendingSync }),
    facts: [t('chip.explain.pending')],
    opens: 'audit',
  };
}

/** Shown while something waits, is set apart or was not confirmed: the clerk must hear of a code that was let pass and should not have been. */
function offlineChip({ offline }: Status, t: TFunction): Chip | null {
  const { failure, lastSyncAt, refused, setApart, waiting } = offline;
  const counts = [
    refused === 0 ? null : t('chip.offlineRefused', { count: refused }),
    setApart === 0 ? null : t('chip.offlineSetApart', { count: setApart }),
    waiting === 0 ? null : t('chip.offlineWaiting', { count: waiting }),
  ].filter((text) => text !== null);
  const [worst] = counts;
  if (worst === undefined) return null;
  return {
    id: 'offline',
    level: refused > 0 || setApart > 0 ? 'bad' : 'warn',
    // There is little room: the rest stands below.
    text: worst,
    facts: [
      ...(counts.length === 1 ? [] : [counts.join(' · ')]),
      t('chip.explain.offlineSync'),
      ...(setApart === 0 ? [] : [t('chip.explain.offlineSetApart')]),
      ...(failure === null ? [] : [t('offline.failure', { failure: t(`failure.${failure}`) })]),
      lastSyncAt === null ? t('chip.offlineNever') : t('chip.offlineLast', { time: `${printDay(lastSyncAt)} ${printClock(lastSyncAt)}` }),
    ],
    opens: setApart > 0 || failure !== null ? 'settings' : 'records',
  };
}

function clockChip({ clock }: Status, t: TFunction): Chip | null {
  if (clock.state === 'synchronised') return null;
  const wrong = clock.state === 'wrong';
  return {
    id: 'clock',
    level: wrong ? 'bad' : 'warn',
    text: wrong ? t('chip.clockWrong', { difference: printClockDifference(clock.offsetMs, t) }) : t(clock.state === 'confirmed' ? 'chip.clockConfirmed' : 'chip.clockUnproven'),
    facts: [t(wrong ? 'chip.explain.clockWrong' : clock.state === 'confirmed' ? 'chip.explain.clockConfirmed' : 'chip.explain.clockUnproven')],
    opens: 'devices',
  };
}

function auditChip({ audit }: Status, t: TFunction): Chip | null {
  if (audit.state === 'ok') return null;
  const key = audit.state === 'broken' ? 'auditBroken' : 'auditUnwritable';
  return { id: 'audit', level: 'bad', text: t(`chip.${key}`), facts: [t(`chip.explain.${key}`)], opens: 'audit' };
}
