import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import type { Session } from '../domain/contracts/counter.ts';
import type { IconName } from './components/icon.table.ts';

/** The places of the window, in the order of the rail, with who may go there. */
export const screens = [
  { id: 'verify', icon: 'scan', roles: ['operator', 'supervisor'] },
  { id: 'certificates', icon: 'certificate', roles: ['operator', 'supervisor'] },
  { id: 'records', icon: 'history', roles: ['operator', 'supervisor', 'auditor'] },
  { id: 'audit', icon: 'shield', roles: ['operator', 'supervisor', 'auditor', 'administrator'] },
  { id: 'devices', icon: 'device', roles: ['operator', 'supervisor', 'administrator'] },
  { id: 'people', icon: 'person', roles: ['security'] },
  { id: 'settings', icon: 'settings', roles: ['operator', 'supervisor', 'administrator', 'security', 'auditor'] },
] as const satisfies readonly { id: string; icon: IconName; roles: readonly Session['operator']['role'][] }[];
export type ScreenId = (typeof screens)[number]['id'];

/** The places this role may use; nobody sees a place that would refuse them. */
export function screensOf(role: Session['operator']['role']): readonly { readonly id: ScreenId; readonly icon: IconName }[] {
  return screens.filter((screen) => (screen.roles as readonly string[]).includes(role));
}

/** Where this role is: the place that was gone to, or its first where the person before could go further. */
export function placeOf(role: Session['operator']['role'], asked: ScreenId): ScreenId {
  return screensOf(role).some(({ id }) => id === asked) ? asked : firstPlaceOf(role);
}

/** Where this role begins: an auditor with the log, whoever else with the first place of the rail. */
export function firstPlaceOf(role: Session['operator']['role']): ScreenId {
  return role === 'auditor' ? 'audit' : (screensOf(role)[0]?.id ?? 'settings');
}

/** What lies over the screen; one thing at a time. */
export type Overlay = 'help' | 'matters' | 'confirm-next' | 'notice' | 'camera' | 'image';

/** What the camera is doing, for the chip in the top bar. */
export type CameraState = 'off' | 'starting' | 'on' | 'paused' | 'trouble';

interface WindowState {
  readonly screen: ScreenId;
  readonly go: (screen: ScreenId) => void;
  readonly overlay: Overlay | null;
  readonly open: (overlay: Overlay) => void;
  readonly close: () => void;
  readonly camera: CameraState;
  readonly setCamera: (state: CameraState) => void;
  /** Set while the self-test looks at every key: what is no scan then acts on nothing. */
  readonly keyTap: KeyTap | null;
  readonly setKeyTap: (tap: KeyTap | null) => void;
  /** The pace of the last keyboard scans, newest last; never what they said. */
  readonly wedgeTraces: readonly WedgeTrace[];
  readonly addWedgeTrace: (trace: WedgeTrace) => void;
  readonly certificateId: string | null;
  readonly chooseCertificate: (id: string | null) => void;
}

/** Sees each key before the window does. */
export type KeyTap = (event: KeyboardEvent) => void;

/** When the keys of one keyboard scan came, ms of the events' clock. */
export interface WedgeTrace {
  readonly at: number;
  readonly times: readonly number[];
}

const keptTraces = 20;

const WindowContext = createContext<WindowState | null>(null);

/** Keeps where the window is: screen, overlay, camera, the certificate chosen. */
export function WindowProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [screen, setScreen] = useState<ScreenId>('verify');
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const [camera, setCamera] = useState<CameraState>('off');
  const [keyTap, setTap] = useState<KeyTap | null>(null);
  const [wedgeTraces, setTraces] = useState<readonly WedgeTrace[]>([]);
  const [certificateId, chooseCertificate] = useState<string | null>(null);
  const go = useCallback((next: ScreenId) => {
    setScreen(next);
    setOverlay(null);
  }, []);
  const close = useCallback(() => setOverlay(null), []);
  const setKeyTap = useCallback((tap: KeyTap | null) => setTap(() => tap), []);
  const addWedgeTrace = useCallback((trace: WedgeTrace) => setTraces((before) => [...before, trace].slice(-keptTraces)), []);
  const value = useMemo<WindowState>(
    () => ({
      screen,
      go,
      overlay,
      open: setOverlay,
      close,
      camera,
      setCamera,
      keyTap,
      setKeyTap,
      wedgeTraces,
      addWedgeTrace,
      certificateId,
      chooseCertificate,
    }),
    [screen, overlay, camera, keyTap, wedgeTraces, certificateId, go, close, setKeyTap, addWedgeTrace],
  );
  return <WindowContext value={value}>{children}</WindowContext>;
}

/** Where the window is; only below a `WindowProvider`. */
export function useWindow(): WindowState {
  const state = useContext(WindowContext);
  if (state === null) throw new Error('no WindowProvider above');
  return state;
}
