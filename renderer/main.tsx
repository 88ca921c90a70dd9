import { createRoot } from 'react-dom/client';
import { Application } from './application.tsx';
import { awaitCounterPort, type Connect, createPortConnect, createSocketConnect } from './connection/connect.ts';
import { takeSessionToken } from './connection/session-token.ts';
import { createCounterStore } from './counter/counter-store.ts';
import { chooseLanguage, startLanguage } from './i18n/language.ts';
import { createPreferenceStore } from './preferences.ts';
import { createSpeaker } from './sound/speaker.ts';
import { applyTheme, type ThemeName } from './styles/tokens.ts';
import './styles/base.css';
import './styles/frame.css';
import './styles/audit.css';
import './styles/cards.css';
import './styles/devices.css';
import './styles/verdict.css';
import './styles/documents.css';
import './styles/overlays.css';
import './styles/access.css';
import './styles/narrow.css';
import './styles/print.css';

const isElectron = navigator.userAgent.includes('Electron/');
const now = (): number => Date.now();
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const preferences = createPreferenceStore(localStorage);
const connect = chooseConnect();
const darkSystem = matchMedia('(prefers-color-scheme: dark)');

showTheme();
darkSystem.addEventListener('change', showTheme);
preferences.subscribe(showTheme);
preferences.subscribe(() => void chooseLanguage(preferences.read().language));

const root = createRoot(document.getElementById('root') ?? document.body);
const store = createCounterStore({ connect: connect ?? (() => Promise.reject(new Error('no token'))), now, wait });
const speaker = createSpeaker({ createContext: () => new AudioContext(), isOn: () => preferences.read().sound });

await startLanguage(preferences.read().language);
root.render(<Application tools={{ store, now, preferences, speaker, hasToken: connect !== null }} />);
if (connect !== null) store.start();
// The bundled Chinese face is for machines without one: its rules may arrive after the first picture.
void import('./styles/fallback-font.ts');

function chooseConnect(): Connect | null {
  if (isElectron) return createPortConnect(() => awaitCounterPort(window));
  const token = takeSessionToken({ location, history, storage: sessionStorage });
  if (token === null) return null;
  return createSocketConnect(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`, token, isServed);
}

async function isServed(): Promise<boolean> {
  return fetch(location.pathname, { method: 'HEAD', cache: 'no-store' }).then(({ ok }) => ok, () => false);
}

function showTheme(): void {
  const { theme } = preferences.read();
  const shown: ThemeName = theme === 'system' ? (darkSystem.matches ? 'dark' : 'light') : theme;
  applyTheme(document.documentElement, shown);
}
