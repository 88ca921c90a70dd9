import { type CameraChoice, defaultChoice, parseCameraChoice } from './camera/camera-track.ts';
import { type Language, languages } from './i18n/language.ts';
import type { ThemeName } from './styles/tokens.ts';

/** What this window looks and sounds like; nothing here concerns the host. */
export interface Preferences {
  readonly theme: ThemeName | 'system';
  readonly language: Language;
  readonly sound: boolean;
  readonly camera: CameraChoice;
}

export const themeChoices = ['system', 'light', 'dark', 'contrast'] as const satisfies readonly Preferences['theme'][];

const storageKey = 'counter-preferences';
const defaults: Preferences = { theme: 'light', language: 'zh-CN', sound: true, camera: defaultChoice };

/** Keeps the preferences of this window and tells who listens. */
export interface PreferenceStore {
  readonly read: () => Preferences;
  readonly change: (part: Partial<Preferences>) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** Creates the store over `localStorage` or anything like it; damaged content counts as none. */
export function createPreferenceStore(storage: Pick<Storage, 'getItem' | 'setItem'>): PreferenceStore {
  let current = parsePreferences(storage.getItem(storageKey));
  const listeners = new Set<() => void>();
  return {
    read: () => current,
    change: (part) => {
      current = { ...current, ...part };
      storage.setItem(storageKey, JSON.stringify(current));
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Reads what was stored: each field by itself, so that one bad field does not lose the others. */
export function parsePreferences(text: string | null): Preferences {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '{}');
  } catch {
    return defaults;
  }
  if (typeof stored !== 'object' || stored === null) return defaults;
  const { theme, language, sound, camera } = stored as Record<string, unknown>;
  return {
    theme: themeChoices.find((choice) => choice === theme) ?? defaults.theme,
    language: languages.find((choice) => choice === language) ?? defaults.language,
    sound: typeof sound === 'boolean' ? sound : defaults.sound,
    camera: parseCameraChoice(camera),
  };
}
