import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { CounterBackend } from '../fakes/counter-backend.ts';
import { type KeyName, type KeySender, keyOf, printable } from './key-sender.ts';
import { countFocusable, focusOn, leaveOverlay, pictureOf, places } from './wedge-places.ts';

/** What is driven, and by what. */
export interface WedgeStage {
  readonly page: Page;
  readonly backend: CounterBackend;
  readonly keys: KeySender;
  /** From 0 up to and without 1. */
  readonly random: () => number;
  readonly report?: (text: string) => void;
}

/** What the scans came to; each fault is a sentence. */
export interface ScanFigures {
  readonly scans: number;
  readonly places: number;
  readonly focused: number;
  /** Bursts that this machine delivered slower than any scanner types, and that were pressed again. */
  readonly repeated: number;
  readonly lost: readonly string[];
  readonly altered: readonly string[];
  readonly leaked: readonly string[];
  readonly accelerated: readonly string[];
}

/** What a scanner may be made to press beside characters. */
const strayKeys: readonly KeyName[] = [
  ...['ctrl+o', 'ctrl+p', 'ctrl+s', 'ctrl+w', 'ctrl+n', 'ctrl+t', 'ctrl+j', 'ctrl+m', 'ctrl+f', 'ctrl+u', 'ctrl+h', 'ctrl+d', 'ctrl+v', 'ctrl+c', 'ctrl+a', 'ctrl+x', 'ctrl+z', 'ctrl+minus', 'ctrl+shift+i'],
  ...['alt+F4', 'alt+Left', 'alt+d', 'alt+f', 'shift+F10', 'ctrl+F5', 'ctrl+F4'],
  ...['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8', 'F9', 'F10', 'F11', 'F12', 'Escape', 'Menu'],
  ...['BackSpace', 'Delete', 'Left', 'Right', 'Up', 'Down', 'Home', 'End', 'Tab', 'shift+Tab', 'Return', 'space', 'c', '1', '2'],
];

const delays = [0, 1, 2, 3, 5, 8, 10, 12, 15, 20];

/** Scans codes into every place and every focus in turn, and finds what went wrong. */
export async function proveScans(stage: WedgeStage, { scans, allPlaces = places }: { readonly scans: number; readonly allPlaces?: typeof places }): Promise<ScanFigures> {
  const faults = { lost: [] as string[], altered: [] as string[], leaked: [] as string[], accelerated: [] as string[] };
  let done = 0;
  let focused = 0;
  let repeated = 0;
  await watchPace(stage.page);
  for (let round = 0; done < scans; round += 1) {
    const place = allPlaces[round % allPlaces.length];
    if (place === undefined) break;
    const share = Math.ceil((scans - done) / Math.max(1, allPlaces.length - (round % allPlaces.length)));
    await leaveOverlay(stage.page);
    await place.reach(stage.page, stage.backend);
    await stage.page.waitForTimeout(300);
    const many = await countFocusable(stage.page);
    const step = Math.max(1, (many + 1) / share);
    for (let at = 0; at < many + 1 && done < scans && at / step < share; at += step) {
      const focus = await focusOn(stage.page, Math.floor(at) - 1);
      focused += 1;
      const where = `${place.name}, ${focus}`;
      const { fault, isScannerPace } = await scanOnce(stage, { where, number: done, faults });
      if (isScannerPace) done += 1;
      else repeated += 1;
      if (fault) stage.report?.(Object.values(faults).flat().join('\n'));
      if (fault || !isScannerPace) {
        await stage.page.keyboard.press('Escape');
        await leaveOverlay(stage.page);
        await place.reach(stage.page, stage.backend);
      }
    }
    stage.report?.(`${place.name}: ${done} scans, faults ${Object.values(faults).flat().length}`);
  }
  return { scans: done, places: allPlaces.length, focused, repeated, ...faults };
}

async function scanOnce(
  { page, backend, keys, random }: WedgeStage,
  { where, number, faults }: { readonly where: string; readonly number: number; readonly faults: Record<'lost' | 'altered' | 'leaked' | 'accelerated', string[]> },
): Promise<{ readonly fault: boolean; readonly isScannerPace: boolean }> {
  const { pressed, payload } = makeBurst(number, random);
  const delayMs = delays[number % delays.length] ?? 0;
  const before = await settledPicture(page);
  backend.calls.length = 0;
  await takePace(page);
  await keys.burst([...pressed, 'Return'], delayMs);
  const what = `${where}, ${delayMs} ms: ${pressed.slice(0, 12).join(' ')} …`;
  const submitted = await awaitScan(backend, payload);
  // The next burst is another scan, and whatever this one set in motion has happened.
  await wait(320);
  const after = await pictureOf(page);
  if (!(await takePace(page))) return { fault: false, isScannerPace: false };
  const others = backend.calls.filter((call) => !call.startsWith('scan.submit wedge '));
  const earlier = Object.values(faults).flat().length;
  if (submitted === '') faults.lost.push(what);
  else if (submitted !== payload) faults.altered.push(`${what} ${JSON.stringify([payload, submitted])}`);
  if (others.length > 0) faults.accelerated.push(`${what} called ${others.join(', ')}`);
  if (after !== before) faults[fieldsOf(after) === fieldsOf(before) ? 'accelerated' : 'leaked'].push(`${what} ${firstDifference(before, after)}`);
  return { fault: Object.values(faults).flat().length > earlier, isScannerPace: true };
}

/** The window once nothing in it changes any more. */
async function settledPicture(page: Page): Promise<string> {
  for (let last = '', tries = 0; ; tries += 1) {
    const picture = await pictureOf(page);
    if (picture === last || tries > 40) return picture;
    last = picture;
    await wait(120);
  }
}

/** Takes down when the X server says that keys were pressed, before the window's own code sees them. */
async function watchPace(page: Page): Promise<void> {
  await page.addInitScript("window.pressedAt = []; window.addEventListener('keydown', (event) => !event.isTrusted || /^(Shift|Control|Alt)/.test(event.key) || window.pressedAt.push(event.timeStamp), true);");
  await page.reload();
  await page.getByTestId('chip-platform').waitFor();
}

/** Whether the keys came at a scanner's pace: half of the pauses within 30 ms, none above 100. A starved machine presses slower. */
async function takePace(page: Page): Promise<boolean> {
  const times = await page.evaluate<number[]>('window.pressedAt.splice(0)');
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? time)).sort((a, b) => a - b);
  return (pauses[Math.floor(pauses.length / 2)] ?? 0) <= 30 && (pauses.at(-1) ?? 0) <= 100;
}

/** Characters of every kind, and in two bursts of three a stray key: among the first keys, or behind them. */
function makeBurst(number: number, random: () => number): { readonly pressed: readonly KeyName[]; readonly payload: string } {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const characters = Array.from({ length: 20 + Math.floor(random() * 50) }, () => pick(printable));
  if (number % 3 === 0) return { pressed: characters.map(keyOf), payload: characters.join('') };
  const stray = strayKeys[Math.floor(number / 3) % strayKeys.length] ?? 'F4';
  // Bursts 1 of 3 have it among the keys that are not yet known for a scan.
  const at = number % 3 === 1 ? Math.floor(random() * 6) : 6 + Math.floor(random() * (characters.length - 6));
  const written: Readonly<Record<string, string>> = { Return: '\r', Tab: '\t', 'shift+Tab': '\t', space: ' ', c: 'c', 1: '1', 2: '2' };
  return {
    pressed: [...characters.slice(0, at).map(keyOf), stray, ...characters.slice(at).map(keyOf)],
    payload: [...characters.slice(0, at), written[stray] ?? '', ...characters.slice(at)].join(''),
  };
}

/** What was handed on, joined where Enter parted it. */
async function awaitScan(backend: CounterBackend, payload: string): Promise<string> {
  const read = (): string =>
    backend.calls
      .filter((call) => call.startsWith('scan.submit wedge '))
      .map((call) => call.slice('scan.submit wedge '.length))
      .join('\r');
  for (let tries = 0; tries < 60 && read() !== payload.replace(/^\r/, '') && read() !== payload; tries += 1) await wait(50);
  return read() === payload.replace(/^\r/, '') ? payload : read();
}

function fieldsOf(picture: string): string {
  return JSON.stringify((JSON.parse(picture) as { fields: unknown }).fields);
}

function firstDifference(before: string, after: string): string {
  const [was, is] = [JSON.parse(before), JSON.parse(after)] as [Record<string, unknown>, Record<string, unknown>];
  return Object.keys(was)
    .filter((key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]))
    .map((key) => `${key}: ${JSON.stringify(was[key])} → ${JSON.stringify(is[key])}`)
    .join('; ');
}

/** What the lines typed by hand came to. */
export interface TypingFigures {
  readonly lines: number;
  readonly keys: number;
  readonly takenForScans: readonly string[];
  readonly mistyped: readonly string[];
}

/** Types lines as people do, 55 to 260 ms from key to key with keys rolled over now and then, into a search field. */
export async function proveTyping({ page, backend, keys, random }: WedgeStage, lines: number): Promise<TypingFigures> {
  const figures = { takenForScans: [] as string[], mistyped: [] as string[] };
  let pressed = 0;
  await leaveOverlay(page);
  await page.getByTestId('nav-records').click();
  const field = page.locator('[data-testid="records"] input').first();
  await field.waitFor();
  for (let line = 0; line < lines; line += 1) {
    const text = Array.from({ length: 8 + Math.floor(random() * 10) }, () => 'abcdefghijklmnopqrstuvwxyz0123456789 -.'[Math.floor(random() * 39)]).join('');
    const pace = 55 + random() * 120;
    let rolled = false;
    const strokes = [...text].map((character, index) => {
      // A key that is still down cannot be pressed again.
      rolled = index > 0 && !rolled && character !== text[index - 1] && random() < 0.15;
      return { key: keyOf(character), pauseMs: rolled ? 8 + random() * 17 : pace * (0.75 + random() * 0.75), isRolled: rolled };
    });
    await field.fill('');
    await field.focus();
    backend.calls.length = 0;
    await keys.type([...strokes, { key: 'Return', pauseMs: pace, isRolled: false }]);
    pressed += text.length + 1;
    await wait(60);
    const typed = await field.inputValue();
    if (typed !== text) figures.mistyped.push(`${JSON.stringify(text)} became ${JSON.stringify(typed)}`);
    const scans = backend.calls.filter((call) => call.startsWith('scan.submit'));
    if (scans.length > 0) figures.takenForScans.push(`${text}: ${scans.join(', ')}`);
  }
  return { lines, keys: pressed, ...figures };
}
