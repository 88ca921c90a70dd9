import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TraceContent } from '../../../domain/trace-pattern.ts';
import { layTraceMark } from '../../../main/documents/trace-mark.ts';
import { readGreyPicture } from '../../../main/documents/trace-picture.ts';
import { readTraceMark } from '../../../main/documents/trace-reading.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const recordId = 'PD-2026-0501-0031-42';
const [marked, plain] = [path.join(folder, 'marked.png'), path.join(folder, 'plain.png')];

/** A page of text lines and a red ring, 150 dots an inch. */
function drawPage(isMarked: boolean): Buffer {
  const page = createCanvas(1240, 1754);
  const context = page.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, 1240, 1754);
  context.fillStyle = '#000000';
  for (let line = 0; line < 38; line++) {
    for (let x = 120; x < 1100 - (line % 5) * 60; x += 26) context.fillRect(x, 120 + line * 42, 6 + ((x * 7 + line * 13) % 14), 18);
  }
  context.strokeStyle = '#c8102e';
  context.lineWidth = 10;
  context.arc(900, 1400, 140, 0, 2 * Math.PI);
  context.stroke();
  if (isMarked) layTraceMark(page, recordId, 150);
  return page.toBuffer('image/png');
}

async function read(file: string): Promise<TraceContent | null> {
  const picture = await readGreyPicture(new Uint8Array(readFileSync(file)));
  if (!picture.ok) throw new Error(picture.failure.code);
  return readTraceMark(picture.value);
}

/** What a camera, a screen and a messenger do to a picture. */
const changes: Readonly<Record<string, readonly string[]>> = {
  'nothing': [],
  'JPEG of quality 50': ['-quality', '50'],
  'half the size': ['-resize', '50%', '-quality', '50'],
  'a quarter of the page': ['-crop', '620x877+400+500', '+repage', '-quality', '50'],
  'a quarter at half the size': ['-crop', '620x877+60+800', '+repage', '-resize', '50%', '-quality', '50'],
  'perspective': ['-virtual-pixel', 'background', '-background', '#777', '-distort', 'Perspective', '0,0 40,25 1240,0 1210,60 1240,1754 1170,1734 0,1754 10,1704', '-blur', '0x0.6', '-quality', '70'],
  'on its side, dim': ['-rotate', '90', '-brightness-contrast', '-15x-10', '-quality', '60'],
};

beforeAll(() => {
  writeFileSync(marked, drawPage(true));
  writeFileSync(plain, drawPage(false));
});

describe('the trace mark of a page', () => {
  test.each(Object.entries(changes))('after %s', async (name, options) => {
    const [changed, clean] = [path.join(folder, 'changed.jpg'), path.join(folder, 'clean.jpg')];
    execFileSync('convert', [marked, ...options, changed]);
    expect(await read(changed)).toEqual({ recordId });
    // The same page without a mark has none to read.
    if (name === 'nothing' || name === 'perspective') {
      execFileSync('convert', [plain, ...options, clean]);
      expect(await read(clean)).toBeNull();
    }
  });
});
