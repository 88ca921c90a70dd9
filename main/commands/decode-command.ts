import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PNG } from 'pngjs';
import { encodeBase64 } from '../../domain/crypto/base64.ts';
import { printVisibleText } from '../../domain/text-safety.ts';
import { createImageReader, type HanXinStage, type ImageCode, type ImageReader } from '../devices/image-reader.ts';
import type { Command } from './command.ts';
import type { Output } from './output.ts';
import { readPictureFile } from './picture-file.ts';

/** `counter decode FILE…`: reads the codes in pictures; every file is done, whatever the ones before it were. */
export const decodeCommand: Command = {
  name: 'decode',
  summary: 'read the codes in pictures (PNG, JPEG)',
  operands: { usage: 'FILE…', least: 1, most: Number.MAX_SAFE_INTEGER },
  options: {
    linear: { kind: 'flag', says: 'look for bar codes, PDF417 and Data Matrix too, not only QR and Han Xin' },
    stages: { kind: 'text', value: 'DIR', says: 'write what each stage of the Han Xin reader saw into this folder, as PNG' },
  },
  notes: [
    'QR Code and Han Xin Code are found side by side. Prints what a code contains; does not ask whether it is valid (`counter verify` does) and never opens a link.',
    'A picture may have 30 MB and 40 million pixels. Exit code 1 when a file cannot be read or shows no code; the others are still done.',
    'With --json: {file, results: [{symbology, text, bytesBase64, corners}], ms} a line, and {file, results: [], error, ms} for a file that cannot be read.',
  ],
  examples: [
    { line: 'counter decode photo.jpg', says: 'what the code in the photo says' },
    { line: 'counter decode --json *.png', says: 'one line for each picture' },
    { line: 'counter decode --stages stages photo.jpg', says: 'stages/photo.jpg-1-binary.png and others: why a Han Xin code is not read' },
  ],
  run: async ({ operands, output, flag, text }) => {
    const reader = createImageReader();
    const stages = text('stages');
    const problem = stages === null ? null : await makeFolder(stages);
    if (problem !== null) return { usage: `--stages ${stages}: ${problem}` };
    let isComplete = true;
    for (const file of operands) isComplete = (await decodeFile({ file, reader, linear: flag('linear'), stages, output })) && isComplete;
    return isComplete ? 'done' : 'failed';
  },
};

/** Null when the folder is there, else why not. */
async function makeFolder(folder: string): Promise<string | null> {
  try {
    await mkdir(folder, { recursive: true });
    return null;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return `no folder can be made (${String(error.code)})`;
  }
}

interface Work {
  readonly file: string;
  readonly reader: ImageReader;
  readonly linear: boolean;
  readonly stages: string | null;
  readonly output: Output;
}

async function decodeFile(work: Work): Promise<boolean> {
  const { file, reader, linear, stages, output } = work;
  const seen: HanXinStage[] = [];
  const started = performance.now();
  const picture = await readPictureFile(path.resolve(file));
  const options = { linear, ...(stages === null ? {} : { onStage: (stage: HanXinStage) => void seen.push(stage) }) };
  const reading = picture.ok ? await reader.readCodes(picture.value, options) : picture;
  const ms = Math.round((performance.now() - started) * 10) / 10;
  if (stages !== null) await writeStages(path.join(stages, path.basename(file)), seen);
  if (!reading.ok) {
    const { code, detail } = reading.failure;
    output.say(`${file}: cannot be read: ${detail ?? code}`);
    output.record({ file, results: [], error: { code, ...(detail === undefined ? {} : { detail }) }, ms });
    return false;
  }
  const codes = reading.value;
  output.say(codes.length === 0 ? `${file}: no code found (${ms} ms)` : `${file}: ${codes.length} ${codes.length === 1 ? 'code' : 'codes'} (${ms} ms)`);
  for (const code of codes) output.say(`  ${code.format} ${code.symbology}  ${printVisibleText(code.text, 400)}`);
  output.record({ file, results: codes.map(toResult), ms });
  return codes.length > 0;
}

/** `photo.jpg-1-binary.png`: the look, then the stage. */
async function writeStages(prefix: string, seen: readonly HanXinStage[]): Promise<void> {
  for (const { look, stage, picture } of seen) {
    const options = { colorType: 0, inputColorType: 0, inputHasAlpha: false } as const;
    await writeFile(`${prefix}-${look}-${stage}.png`, PNG.sync.write({ ...picture, data: Buffer.from(picture.data) }, options));
  }
}

function toResult({ symbology, text, bytes, corners }: ImageCode) {
  return { symbology, text, bytesBase64: encodeBase64(bytes), corners };
}
