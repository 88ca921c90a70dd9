import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { RandomBytes } from '../domain/crypto/random.ts';
import { type FailureCode, ok, type Result } from '../domain/failure.ts';
import { type KdfCost, kdfFloor, ownBytes } from '../domain/key-slot.ts';
import { type AccessDesk, type AccessDeskDeps, openAccessDesk } from './access/access-desk.ts';
import type { DeviceSecret } from './access/device-secret.ts';
import { createKeyFileGuard } from './access/key-file-guard.ts';
import { createKeyFileProvider } from './access/key-file.ts';
import type { KeyProvider } from './access/key-provider.ts';
import type { StartSigner } from './access/person-signer.ts';
import { startSignerThread } from './access/signer-thread.ts';
import { createSlotThread, type SlotWork } from './access/slot-thread.ts';
import type { Journal } from './desk/journal.ts';
import type { Site, SiteKeeper } from './desk/site.ts';
import { keyFolderOf } from './device-keys.ts';
import { writeDurably } from './store/durable-file.ts';
import type { Store } from './store/store.ts';
import { readLibraryChoice } from './usb-key/library-choice.ts';
import { createUsbKeys, type StartKeyProcess, type UsbKeys } from './usb-key/usb-key.ts';

/** What access control needs of the counter around it. */
export interface AccessControlDeps extends Pick<AccessDeskDeps, 'onChanged' | 'onOpened' | 'onLocked'> {
  readonly dataDir: string;
  readonly store: Store;
  readonly journal: Journal;
  readonly device: DeviceSecret;
  readonly random: RandomBytes;
  readonly now: () => number;
  readonly monotonic: () => number;
  /** Since the machine was started, sleep and all, ms; the system's own count unless told. */
  readonly sinceBoot?: (() => number) | undefined;
  readonly site: SiteKeeper;
  readonly isTrial: boolean;
  readonly kdfCost: KdfCost | undefined;
  readonly slots: SlotWork | undefined;
  readonly startSigner?: StartSigner | undefined;
  readonly startKeyProcess?: StartKeyProcess | undefined;
}

/** USB keys as people's own: what a key keeps for somebody lies beside their slot. */
function createUsbKeyProvider(keys: UsbKeys): KeyProvider<'usb'> {
  return {
    isSetUp: keys.isSetUp,
    bind: async ({ pin }) => {
      const bound = await keys.bind(pin);
      return bound.ok ? ok({ held: { kind: 'usb', ...bound.value.kept }, secret: ownBytes(bound.value.secret) }) : bound;
    },
    open: (held, { pin }) => keys.open(held, pin),
    watch: (held, onGone) => keys.watch(held, () => onGone('key-removed')),
  };
}

const minuteMs = 60_000;
const longestSessionMs = 12 * 60 * minuteMs;

/** Opens the desk that says who may do what, on this counter's store, files and settings. */
export function openAccessControl(deps: AccessControlDeps): Promise<Result<AccessDesk>> {
  const keys = keyFolderOf(deps.dataDir);
  const slots = deps.slots ?? createSlotThread();
  const cost = deps.kdfCost ?? kdfFloor;
  const setTimer: AccessDeskDeps['setTimer'] = (run, ms) => {
    const timer = setTimeout(run, ms);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  };
  const keyFileGuard = createKeyFileGuard({ setTimer, monotonic: deps.monotonic, onChanged: deps.onChanged });
  return openAccessDesk({
    ...deps,
    slots,
    cost,
    startSigner: deps.startSigner ?? startSignerThread,
    keys: { file: createKeyFileProvider({ slots, cost, random: deps.random, watch: keyFileGuard.watch }), usb: createUsbKeyProvider(createUsbKeys({ choice: () => readLibraryChoice(deps.dataDir), start: deps.startKeyProcess })) },
    sinceBoot: deps.sinceBoot ?? (() => os.uptime() * 1000),
    profile: () => deps.site.current().policy,
    limits: () => ({ idleMs: deps.site.current().idleMinutes * minuteMs, absoluteMs: longestSessionMs }),
    files: { attempts: path.join(keys, 'attempts'), escrow: path.join(keys, 'escrow.json') },
    readFile: (file) => (existsSync(file) ? new Uint8Array(readFileSync(file)) : null),
    writeFile: writeDurably,
    setTimer,
    keyFileGuard,
  });
}

/** The site as whoever is logged in works at it: every call, watermark and record names them. Without log-ins it is the person of the settings. */
export function attendSite(site: SiteKeeper, access: () => AccessDesk | null): SiteKeeper {
  const current = (): Site => {
    const kept = site.current();
    const state = access()?.state();
    if (state === undefined || state.state === 'unattended') return kept;
    if (!('operator' in state)) return { ...kept, operator: nobody };
    const { id, name, role } = state.operator;
    return { ...kept, operator: { id, name }, role };
  };
  return { ...site, current };
}

const nobody = { id: '-', name: '-' };

/** Why a scan may not be verified now, or null. */
export function scanHindrance(access: AccessDesk): FailureCode | null {
  const { state } = access.state();
  if (state === 'unattended') return null;
  const role = access.role();
  if (role === null) return state === 'set-up' ? 'access/set-up-needed' : state === 'passphrase-due' ? 'access/passphrase-due' : 'access/locked';
  return role === 'operator' || role === 'supervisor' ? null : 'access/not-your-role';
}

/** A signal per session: it ends when whoever is logged in is not any more. */
export function createSessions() {
  let current = new AbortController();
  return {
    begin: (): void => {
      current.abort();
      current = new AbortController();
    },
    end: (): void => current.abort(),
    signal: (): AbortSignal => current.signal,
  };
}
