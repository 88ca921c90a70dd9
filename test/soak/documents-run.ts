import { readFileSync, readdirSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createNodeCanvasKit } from '../../main/documents/ofd-canvas.ts';
import { renderPages } from '../../main/documents/page-rendering.ts';
import {
  createPagePainter, listAttachments, openOfdDocument, openOfdPackage, placeSeals, readFields, readPageText, usualLimits, verifyNothingForeign, verifyOfdSignatures,
} from '../../ofd/index.ts';
import { outliveStrayRejections } from '../../main/documents/stray-rejections.ts';
import { createDraw, createHostileDocuments, type HostileDocument } from '../ofd/hostile-documents.ts';

// A process of its own that may read and not write: reads hostile documents one after the other, says a line of JSON for every
// hundred, and one at the end. Arguments: folder of samples, how many, seed.
const [folder = '', count = '1000', seed = '1'] = process.argv.slice(2);
const names = readdirSync(folder).filter((name) => /\.(ofd|pdf)$/.test(name));
const files = names.map((name) => ({ name, bytes: new Uint8Array(readFileSync(path.join(folder, name))) }));
// Large ones would be nearly all of the work.
const small = files.filter(({ bytes, name }) => bytes.length < 120_000 && !name.startsWith('hostile-'));
const ofKind = (kind: string): Uint8Array[] => small.filter(({ name }) => name.endsWith(kind)).map(({ bytes }) => bytes);
const next = createHostileDocuments({ ofd: ofKind('.ofd'), pdf: ofKind('.pdf') }, createDraw(Number(seed)));
const kit = createNodeCanvasKit();
// As in the thread that the product reads documents in.
outliveStrayRejections();
// Every way out of a process of Node ends in one of these.
let connections = 0;
net.Socket.prototype.connect = () => {
  connections += 1;
  throw new Error('a document asked for a connection');
};
const report = { done: 0, painted: 0, refused: {} as Record<string, number>, faults: [] as string[], slowestMs: 0, slowest: '', peakMiB: 0, connections: 0 };

const hostile: HostileDocument[] = files.filter(({ name }) => name.startsWith('hostile-')).map(({ name, bytes }) => ({ what: name, bytes }));
for (let index = 0; index < Number(count); index++) {
  const { what, bytes } = hostile[index] ?? next();
  const started = process.cpuUsage();
  try {
    const outcome = await readAll(bytes);
    if (outcome === 'painted') report.painted += 1;
    else report.refused[outcome] = (report.refused[outcome] ?? 0) + 1;
  } catch (error) {
    report.faults.push(`${index} (${what}): ${error instanceof Error ? (error.stack ?? error.message).slice(0, 600) : String(error)}`);
  }
  report.done += 1;
  // Of its own work: what else the machine does is no fault of the document.
  const { user, system } = process.cpuUsage(started);
  const spentMs = (user + system) / 1000;
  if (spentMs > report.slowestMs) Object.assign(report, { slowestMs: spentMs, slowest: `seed ${seed}, ${index} (${what})` });
  report.connections = connections;
  report.peakMiB = Math.max(report.peakMiB, process.memoryUsage().rss / 2 ** 20);
  if (report.done % 20 === 0) console.log(JSON.stringify({ done: report.done }));
}
console.log(JSON.stringify(report));

/** Everything that is ever done with a document: pages, text, fields, attachments, signatures, seals. */
async function readAll(bytes: Uint8Array): Promise<string> {
  if (String.fromCodePoint(...bytes.subarray(0, 4)) === '%PDF') return readPdf(bytes);
  const opened = openOfdPackage(bytes);
  if (!opened.ok) return opened.failure.code;
  const document = openOfdDocument(opened.value);
  if (!document.ok) return document.failure.code;
  readFields(document.value);
  listAttachments(document.value);
  readPageText(document.value, 0);
  const reports = verifyOfdSignatures(document.value, { anchors: [], now: Date.UTC(2026, 10, 22), verifyForeign: verifyNothingForeign });
  const seals = await placeSeals(reports, kit, usualLimits);
  const page = document.value.pages[0];
  const painted = await createPagePainter(document.value, kit).paint({ index: 0, scale: 2, seals: seals.get(page?.id ?? '') ?? [] });
  return painted.ok ? 'painted' : painted.failure.code;
}

async function readPdf(bytes: Uint8Array): Promise<string> {
  const refused: string[] = [];
  const rendering = await renderPages({ bytes, format: 'PDF', dpi: 36, pages: [1], now: 0 }, (sheet) => void ('failure' in sheet && refused.push(sheet.failure.code)));
  return rendering.ok ? (refused[0] ?? 'painted') : rendering.failure.code;
}
