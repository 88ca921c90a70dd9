import type { TFunction } from 'i18next';
import type { Status } from '../../../domain/contracts/counter.ts';
import { printAge, printClockDifference, printDay } from '../../i18n/durations.ts';

/** What is looked at before the first person comes, in the order of the list. */
export type StartCheckId = 'scanner' | 'camera' | 'printer' | 'network' | 'clock' | 'keys' | 'catalogue' | 'audit' | 'disk' | 'pending';

/** One line of the list: how it is, in words that say who acts, and where to go. */
export interface StartCheck {
  readonly id: StartCheckId;
  readonly level: 'good' | 'warn' | 'bad' | 'unknown';
  readonly text: string;
  readonly go: 'devices' | 'selfTest' | 'audit' | null;
}

/** What the window itself finds out beside the status. */
export interface Probes {
  readonly cameras: number;
  readonly cameraPermission: 'granted' | 'prompt' | 'denied';
  readonly diskFreeBytes: number | null;
  /** Whether a keyboard scanner has scanned since the window was opened. */
  readonly wedgeProved: boolean;
}

const dayMs = 86_400_000;
const mebibyte = 1_048_576;
const lowDisk = 2048 * mebibyte;
const fullDisk = 256 * mebibyte;

/** Judges status and probes; pure. */
export function listStartChecks(status: Status, probes: Probes, now: number, t: TFunction): readonly StartCheck[] {
  return [scannerCheck(status, probes, t), cameraCheck(probes, t), { id: 'printer', level: 'unknown', text: t('devices.check.printer.note'), go: null }, networkCheck(status, t), clockCheck(status, t), keysCheck(status, now, t), catalogueCheck(status, now, t), auditCheck(status, t), diskCheck(probes, t), pendingCheck(status, t)];
}

function scannerCheck({ scanners }: Status, { wedgeProved, cameras, cameraPermission }: Probes, t: TFunction): StartCheck {
  const troubled = scanners.find(({ state }) => state !== 'ready');
  const ready = scanners.filter(({ state }) => state === 'ready');
  if (troubled !== undefined)
    return { id: 'scanner', level: ready.length > 0 || wedgeProved ? 'warn' : 'bad', text: t('devices.check.scanner.trouble', { name: troubled.name, state: t(`devices.state.${troubled.state}`), why: t(`devices.stateWords.${troubled.state}`) }), go: 'devices' };
  if (ready.length > 0) return { id: 'scanner', level: 'good', text: t('devices.check.scanner.good', { names: ready.map(({ name }) => name).join('、') }), go: 'selfTest' };
  if (wedgeProved) return { id: 'scanner', level: 'good', text: t('devices.check.scanner.wedge'), go: 'selfTest' };
  // A camera reads codes as well: work can begin without any scanner.
  if (cameras > 0 && cameraPermission !== 'denied') return { id: 'scanner', level: 'warn', text: t('devices.check.scanner.camera'), go: 'selfTest' };
  return { id: 'scanner', level: 'bad', text: t('devices.check.scanner.none'), go: 'selfTest' };
}

function cameraCheck({ cameras, cameraPermission }: Probes, t: TFunction): StartCheck {
  if (cameras === 0) return { id: 'camera', level: 'warn', text: t('devices.check.camera.none'), go: null };
  if (cameraPermission === 'denied') return { id: 'camera', level: 'bad', text: t('devices.check.camera.denied'), go: null };
  const word = cameraPermission === 'granted' ? 'good' : 'ask';
  return { id: 'camera', level: word === 'good' ? 'good' : 'warn', text: t(`devices.check.camera.${word}`, { count: cameras }), go: 'devices' };
}

function networkCheck({ platform }: Status, t: TFunction): StartCheck {
  if (platform.state === 'online') return { id: 'network', level: 'good', text: t('devices.check.network.good', { name: platform.name, ms: platform.roundTripMs === null ? t('general.dash') : Math.round(platform.roundTripMs) }), go: null };
  return { id: 'network', level: platform.state === 'checking' ? 'warn' : 'bad', text: t(`chip.explain.${platform.state}`), go: null };
}

function clockCheck({ clock }: Status, t: TFunction): StartCheck {
  if (clock.state === 'wrong') return { id: 'clock', level: 'bad', text: t('devices.check.clock.wrong', { difference: printClockDifference(clock.offsetMs, t) }), go: null };
  if (clock.state === 'confirmed') return { id: 'clock', level: 'warn', text: t('devices.check.clock.confirmed'), go: null };
  if (clock.state === 'unproven') return { id: 'clock', level: 'warn', text: t('devices.check.clock.unproven'), go: null };
  return { id: 'clock', level: 'good', text: t('devices.check.clock.good', { offset: Math.round(clock.offsetMs) }), go: null };
}

function keysCheck({ keys: { validUntilAt } }: Status, now: number, t: TFunction): StartCheck {
  if (validUntilAt === null) return { id: 'keys', level: 'bad', text: t('devices.check.keys.none'), go: null };
  if (validUntilAt <= now) return { id: 'keys', level: 'bad', text: t('devices.check.keys.ended'), go: null };
  const isSoon = validUntilAt - now < 7 * dayMs;
  return { id: 'keys', level: isSoon ? 'warn' : 'good', text: t(`devices.check.keys.${isSoon ? 'soon' : 'good'}`, { date: printDay(validUntilAt) }), go: null };
}

function catalogueCheck({ catalogue: { fetchedAt, entries, scenarios } }: Status, now: number, t: TFunction): StartCheck {
  if (fetchedAt === null) return { id: 'catalogue', level: 'bad', text: t('devices.check.catalogue.none'), go: null };
  const isOld = now - fetchedAt > dayMs;
  return { id: 'catalogue', level: isOld ? 'warn' : 'good', text: t(`devices.check.catalogue.${isOld ? 'old' : 'good'}`, { age: printAge(now - fetchedAt, t), entries, scenarios }), go: null };
}

function auditCheck({ audit: { seq, state } }: Status, t: TFunction): StartCheck {
  if (state === 'broken') return { id: 'audit', level: 'bad', text: t('devices.check.audit.bad'), go: 'audit' };
  return { id: 'audit', level: 'good', text: t('devices.check.audit.good', { count: seq }), go: 'audit' };
}

function diskCheck({ diskFreeBytes }: Probes, t: TFunction): StartCheck {
  if (diskFreeBytes === null) return { id: 'disk', level: 'unknown', text: t('devices.check.disk.unknown'), go: null };
  const word = diskFreeBytes < fullDisk ? 'full' : diskFreeBytes < lowDisk ? 'low' : 'good';
  return { id: 'disk', level: { full: 'bad', low: 'warn', good: 'good' }[word] as StartCheck['level'], text: t(`devices.check.disk.${word}`, { size: printSize(diskFreeBytes) }), go: null };
}

function pendingCheck({ pendingSync }: Status, t: TFunction): StartCheck {
  if (pendingSync === 0) return { id: 'pending', level: 'good', text: t('devices.check.pending.good'), go: null };
  return { id: 'pending', level: 'warn', text: t('devices.check.pending.some', { count: pendingSync }), go: null };
}

function printSize(bytes: number): string {
  return bytes >= 1024 * mebibyte ? `${(bytes / (1024 * mebibyte)).toFixed(bytes < 10_240 * mebibyte ? 1 : 0)} GB` : `${Math.round(bytes / mebibyte)} MB`;
}
