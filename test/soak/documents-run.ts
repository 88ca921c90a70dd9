import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createDocumentWork } from '../../main/documents/document-work.ts';
import { createNodeCanvasKit } from '../../main/documents/ofd-canvas.ts';
import { readOfdContents } from '../../main/documents/ofd-contents.ts';
import {
  createPagePainter, type DocumentChoice, listAttachments, openOfdDocument, openOfdPackage, type OfdPackage, placeSeals, readFields, readPageText, usualLimits, verifyNothingForeign, verifyOfdSignatures,
} from '../../ofd/index.ts';
import { createDraw, createHostileDocuments, type HostileDocument } from '../ofd/hostile-documents.ts';
import { hungrySample, makeHungryPdf } from '../ofd/hungry-pdf.ts';
import { makeRareDocuments } from '../ofd/rare-documents.ts';
import { watchProcesses } from './watched-process.ts';

// A process of its own that may read and not write: reads hostile documents one after the other, says a line of JSON for every
// twenty, and one at the end. OFD files are read here, where an exception shows where it comes from; PDF files, whose library has no
// limits, in the process that the product reads all files in. Arguments: folder of samples, how many, seed.
const [folder = '', count = '1000', seed = '1'] = process.argv.slice(2);
const names = readdirSync(folder).filter((name) => /\.(ofd|pdf)$/.test(name));
const files = names.map((name) => ({ name, bytes: new Uint8Array(readFileSync(path.join(folder, name))) }));
// Large ones would be nearly all of the work.
const small = files.filter(({ bytes, name }) => bytes.length < 120_000 && !name.startsWith('hostile-'));
const ofKind = (kind: string): Uint8Array[] => small.filter(({ name }) => name.endsWith(kind)).map(({ bytes }) => bytes);
const rare = await makeRareDocuments();
const next = createHostileDocuments({ ofd: [...ofKind('.ofd'), ...rare.ofd], pdf: [...ofKind('.pdf'), ...rare.pdf] }, createDraw(Number(seed)));
const kit = createNodeCanvasKit();
const { start, used } = watchProcesses();
const work = createDocumentWork({ start });
const now = Date.UTC(2026, 10, 22);
let warmed = 0;
const report = { done: 0, painted: 0, refused: {} as Record<string, number>, faults: [] as string[], slowestMs: 0, slowest: '', peakMiB: 0, processes: 0, processMiB: 0, connections: 0 };

const hostile: HostileDocument[] = files.flatMap(({ name, bytes }) => {
  if (name === hungrySample.name) return [{ what: 'PDF that fills the memory', bytes: makeHungryPdf(bytes) }];
  return name.startsWith('hostile-') ? [{ what: name, bytes }] : [];
});
for (let index = 0; index < Number(count); index++) {
  const { what, bytes } = hostile[index] ?? next();
  const isPdf = String.fromCodePoint(...bytes.subarray(0, 4)) === '%PDF';
  if (isPdf) await warmUp();
  const began = cpuMs();
  const fault = (text: string): void => void report.faults.push(`seed ${seed}, ${index} (${what}): ${text}`);
  try {
    const outcome = await (isPdf ? readPdf(bytes) : readOfd(bytes));
    if (outcome === 'painted') report.painted += 1;
    else report.refused[outcome] = (report.refused[outcome] ?? 0) + 1;
  } catch (error) {
    fault(error instanceof Error ? (error.stack ?? error.message).slice(0, 600) : String(error));
  }
  used.faults.splice(0).forEach(fault);
  report.done += 1;
  // Of its own work: what else the machine does is no fault of the document.
  const spentMs = cpuMs() - began;
  if (spentMs > report.slowestMs) Object.assign(report, { slowestMs: spentMs, slowest: `seed ${seed}, ${index} (${what})` });
  if (report.done % 20 === 0) console.log(JSON.stringify({ done: report.done }));
}
await work.close();
// What was counted in kilobytes is the most that the process ever had.
console.log(JSON.stringify({ ...report, peakMiB: process.resourceUsage().maxRSS / 1024, processes: used.started, processMiB: used.peakMiB, connections: used.connections }));

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + used.cpuMs;
}

/** The loading of a new process is no fault of the file that comes first. */
async function warmUp(): Promise<void> {
  if (warmed === used.started && used.started > 0) return;
  await work.describe({ bytes: rare.pdf[0]!, format: 'PDF' });
  warmed = used.started;
}

/** Everything that is ever done with a package: pages, text, fields, attachments, signatures, seals, and each document and version in it. */
async function readOfd(bytes: Uint8Array): Promise<string> {
  const opened = openOfdPackage(bytes);
  if (!opened.ok) return opened.failure.code;
  const contents = readOfdContents(bytes);
  const outcome = await readDocument(opened.value, {});
  if (!contents.ok) return outcome;
  const [, ...others] = contents.value.documents.flatMap(({ versions }, document): DocumentChoice[] => [{ document }, ...versions.map(({ id }) => ({ document, version: id }))]);
  for (const choice of others.slice(0, 4)) await readDocument(opened.value, choice);
  return outcome;
}

async function readDocument(pack: OfdPackage, choice: DocumentChoice): Promise<string> {
  const document = openOfdDocument(pack, choice);
  if (!document.ok) return document.failure.code;
  readFields(document.value);
  listAttachments(document.value);
  readPageText(document.value, 0);
  const reports = verifyOfdSignatures(document.value, { anchors: [], now, verifyForeign: verifyNothingForeign });
  const seals = await placeSeals(reports, kit, usualLimits);
  const page = document.value.pages[0];
  const painted = await createPagePainter(document.value, kit).paint({ index: 0, scale: 2, seals: seals.get(page?.id ?? '') ?? [] });
  return painted.ok ? 'painted' : painted.failure.code;
}

/** The first page, what the file holds, and its signatures; the word for a file that took its process along. */
async function readPdf(bytes: Uint8Array): Promise<string> {
  const refused: string[] = [];
  const file = { bytes, format: 'PDF' } as const;
  const rendering = await work.render({ ...file, dpi: 36, pages: [1], now }, (sheet) => void ('failure' in sheet && refused.push(sheet.failure.code)));
  if (!rendering.ok) return rendering.failure.detail ?? rendering.failure.code;
  const contents = await work.describe(file);
  const signatures = await work.verify({ ...file, anchors: [], now });
  for (const done of [contents, signatures]) if (!done.ok) return done.failure.detail ?? done.failure.code;
  return refused[0] ?? 'painted';
}
