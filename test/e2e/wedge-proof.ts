import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { CounterBackend } from '../fakes/counter-backend.ts';
import { type KeySender, keyOf } from './key-sender.ts';
import { anyBurst, type MakeBurst } from './wedge-bursts.ts';
import { countFocusable, focusOn, isOpening, leaveOverlay, pictureOf, places } from './wedge-places.ts';

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

const delays = [0, 1, 2, 3, 5, 8, 10, 12, 15, 20];

/** What is scanned, and where. */
export interface ScanPlan {
  readonly scans: number;
  readonly allPlaces?: typeof places;
  /** Only into what this CSS selector names and can have the focus; without it also into nothing. */
  readonly focuses?: string;
  readonly makeBurst?: MakeBurst;
  /** What the window's own settings call the end of a scan: two scans in one burst are joined by it. */
  readonly suffix?: string;
}

/** Scans codes into every place and every focus in turn, and finds what went wrong. */
export async function proveScans(stage: WedgeStage, { scans, allPlaces = places, focuses, makeBurst = anyBurst, suffix = '\r' }: ScanPlan): Promise<ScanFigures> {
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
    const first = focuses === undefined ? -1 : 0;
    const many = (await countFocusable(stage.page, focuses)) - first;
    const step = Math.max(1, many / share);
    for (let at = 0; at < many && done < scans && at / step < share; at += step) {
      const focus = await focusOn(stage.page, Math.floor(at) + first, focuses);
      focused += 1;
      const where = `${place.name}, ${focus}`;
      const { fault, isScannerPace } = await scanOnce(stage, { where, number: done, faults, makeBurst, suffix });
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
  { where, number, faults, makeBurst, suffix }: Required<Pick<ScanPlan, 'makeBurst' | 'suffix'>> & { readonly where: string; readonly number: number; readonly faults: Record<'lost' | 'altered' | 'leaked' | 'accelerated', string[]> },
): Promise<{ readonly fault: boolean; readonly isScannerPace: boolean }> {
  const { pressed, payload } = makeBurst(number, random);
  const delayMs = delays[number % delays.length] ?? 0;
  const before = await settledPicture(page);
  backend.calls.length = 0;
  await takePace(page);
  await keys.burst(pressed, delayMs);
  const what = `${where}, ${delayMs} ms: ${pressed.slice(0, 12).join(' ')} …`;
  const submitted = await awaitScan(backend, payload, suffix);
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
    if ((picture === last && !(await isOpening(page))) || tries > 40) return picture;
    last = picture;
    await wait(200);
  }
}

/** Takes down when the X server says that keys were pressed, before the window's own code sees them. */
async function watchPace(page: Page): Promise<void> {
  await page.addInitScript("window.pressedAt = []; window.addEventListener('keydown', (event) => !event.isTrusted || /^(Shift|Control|Alt)/.test(event.key) || window.pressedAt.push(event.timeStamp), true);");
  await page.reload();
  await page.getByTestId('chip-platform').waitFor();
}

/** Whether the keys came at a scanner's pace: half of the pauses within 30 ms, at most one above 60, none above 100. A starved machine presses slower. */
async function takePace(page: Page): Promise<boolean> {
  const times = await page.evaluate<number[]>('window.pressedAt.splice(0)');
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? time)).sort((a, b) => a - b);
  return (pauses[Math.floor(pauses.length / 2)] ?? 0) <= 30 && (pauses.at(-2) ?? 0) <= 60 && (pauses.at(-1) ?? 0) <= 100;
}

/** What was handed on, joined where the suffix parted it. */
async function awaitScan(backend: CounterBackend, payload: string, suffix: string): Promise<string> {
  const bare = payload.startsWith(suffix) ? payload.slice(suffix.length) : payload;
  const read = (): string =>
    backend.calls
      .filter((call) => call.startsWith('scan.submit wedge '))
      .map((call) => call.slice('scan.submit wedge '.length))
      .join(suffix);
  for (let tries = 0; tries < 60 && read() !== bare && read() !== payload; tries += 1) await wait(50);
  return read() === bare ? payload : read();
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
