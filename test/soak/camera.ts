import { parseArgs } from 'node:util';
import { drawDesk, drawHanXin, drawQR, holdBefore } from '../bench/drawn-frames.ts';
import { buildCameraWindows, readSightings, type Sightings } from '../e2e/camera-window.ts';
import { openMemoryGauge, type PageMemory } from '../e2e/page-memory.ts';
import { drawWall, fit } from '../e2e/y4m-clip.ts';
import { absent as noPictures, readPicture, readTruth } from '../hanxin/image-set.ts';
import { absent as noPhotographs, listPhotographs, readPhotograph } from '../main/devices/photographs.ts';

// The window's camera in real Chromium, from clips: time to the first read, reads a second, nothing read over frames without
// a code, and memory over those minutes. Fails for a content that is not there, or for memory that grows.
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' }, seconds: { type: 'string', default: '15' }, help: { type: 'boolean', default: false } } });
if (values.help) {
  console.log('npm run soak -- camera [--minutes N of frames without a code] [--seconds N a clip with codes]');
  process.exit(0);
}

/** Frames a second of the clips, and of a usual webcam. */
const rate = 30;
/**
 * MiB by which each may be larger in the last third of the minutes than in the first, by medians: over half an hour and 50,000
 * frames that is 40 bytes a frame that are kept in the page, 100 in its worker, 300 anywhere.
 */
const mostGrowth: PageMemory = { page: 2, workers: 5, processes: 16 };
/** Nothing is handed on, so that the camera stays open: the window is told of no code after it was counted. */
const keepOpen = `{
  const Counted = globalThis.Worker;
  globalThis.Worker = class extends Counted {
    constructor(url, options) {
      super(url, options);
      this.addEventListener('message', ({ data }) => data.codes?.splice(0));
    }
  };
}`;

const text = '0123456789ABCDEF'.repeat(15).slice(0, 237);
const windows = await buildCameraWindows();
const faults: string[] = [];
try {
  await watchPhotographs();
  const desk = drawDesk();
  await watch('a phone with a QR code', [desk, desk, ...Array.from({ length: 4 }, (_, i) => holdBefore(desk, drawQR(text), 400 + 20 * i))], [text]);
  await watch('a phone with a Han Xin code', [desk, desk, ...Array.from({ length: 4 }, (_, i) => holdBefore(desk, drawHanXin(text), 400 + 20 * i))], [text]);
  await watchNothing();
} finally {
  windows.close();
}
for (const fault of faults) console.error(`  ✗ ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);

/** Each of the photographs for a fifth of a second, one code in view. */
async function watchPhotographs(): Promise<void> {
  if (noPhotographs !== null) return console.log(`  photographs: skipped, ${noPhotographs}`);
  const known = listPhotographs().filter(({ payload, symbols = 1 }) => payload !== null && symbols === 1 && /^[\x20-\x7e]+$/.test(payload));
  const shown = known.filter((_, i) => i % 3 === 0);
  const frames = shown.flatMap((photograph) => Array.from({ length: 6 }, () => fit(readPhotograph(photograph))));
  const sightings = await watch(`${shown.length} photographs`, [drawWall(), ...frames], shown.map(({ payload }) => payload ?? ''), (frames.length / rate) * 2);
  console.log(`  read of their ${new Set(shown.map(({ payload }) => payload)).size} different contents: ${sightings.contents.length}`);
}

async function watch(what: string, frames: readonly Uint8Array[], expected: readonly string[], seconds = Number(values.seconds)): Promise<Sightings> {
  const { page, close } = await windows.open(frames, { spoil: keepOpen, rate });
  try {
    await page.waitForTimeout(2000);
    const before = await readSightings(page);
    await page.waitForTimeout(seconds * 1000);
    const after = await readSightings(page);
    const looks = after.looks.toSorted((a, b) => a - b);
    console.log(
      `  ${what}: first read ${after.firstReadMs?.toFixed(0) ?? '—'} ms after opening, ${((after.reads - before.reads) / seconds).toFixed(1)} reads and ` +
        `${((after.frames - before.frames) / seconds).toFixed(1)} frames a second, ${looks[looks.length >> 1]?.toFixed(1)} ms a frame`,
    );
    for (const content of after.contents) if (!expected.includes(content)) faults.push(`${what}: read ${JSON.stringify(content)}`);
    if (expected.length > 0 && after.reads === 0) faults.push(`${what}: nothing read`);
    return after;
  } finally {
    await close();
  }
}

/** A desk, a wall, scenes with decoys: what a camera sees nearly always. */
async function watchNothing(): Promise<void> {
  const decoys = noPictures === null ? readTruth().filter(({ category }) => category === 'negative').map(({ file }) => readPicture(file)) : [];
  const scenes = [drawDesk(), drawWall(180), ...decoys.map(({ width, height, data }) => fit({ width, height, luma: Uint8Array.from(data) }))];
  const minutes = Number(values.minutes);
  const { page, browser, close } = await windows.open(scenes.flatMap((scene) => Array.from({ length: 5 }, () => scene)), { spoil: keepOpen, rate });
  try {
    const measure = await openMemoryGauge(browser, page);
    const memory: PageMemory[] = [];
    // The first half minute fills what is filled once.
    await page.waitForTimeout(30_000);
    for (let half = 0; half <= minutes * 2; half += 1) {
      memory.push(await measure());
      if (half < minutes * 2) await page.waitForTimeout(30_000);
    }
    const { frames, reads, contents } = await readSightings(page);
    console.log(`  ${scenes.length} scenes without a code for ${minutes} minutes: ${frames} frames, ${reads} reads`);
    for (const part of ['page', 'workers', 'processes'] as const) judgeMemory(part, memory.map((value) => value[part]));
    if (reads > 0) faults.push(`read where nothing is: ${JSON.stringify(contents)}`);
    if (frames < minutes * 60 * 5) faults.push(`only ${frames} frames were looked at`);
  } finally {
    await close();
  }
}

function judgeMemory(part: keyof PageMemory, values: readonly number[]): void {
  const third = Math.ceil(values.length / 3);
  const median = (some: readonly number[]): number => some.toSorted((a, b) => a - b)[some.length >> 1] ?? 0;
  const growth = median(values.slice(-third)) - median(values.slice(0, third));
  console.log(`  memory of ${part}, MiB every 30 s: ${values.map((value) => value.toFixed(1)).join(' ')} (${growth.toFixed(1)}, at most ${mostGrowth[part]})`);
  if (growth > mostGrowth[part]) faults.push(`memory of ${part} grew by ${growth.toFixed(1)} MiB`);
}
