import path from 'node:path';
import { encodeBase64 } from '../../domain/crypto/base64.ts';
import { printVisibleText } from '../../domain/text-safety.ts';
import { createImageReader, type ImageCode, type ImageReader } from '../devices/image-reader.ts';
import type { Command } from './command.ts';
import type { Output } from './output.ts';
import { readPictureFile } from './picture-file.ts';

/** `counter decode FILE…`: reads the codes in pictures; every file is done, whatever the ones before it were. */
export const decodeCommand: Command = {
  name: 'decode',
  summary: 'read the codes in pictures (PNG, JPEG)',
  operands: { usage: 'FILE…', least: 1, most: Number.MAX_SAFE_INTEGER },
  options: { linear: { kind: 'flag', says: 'look for bar codes, PDF417 and Data Matrix too, not only QR' } },
  notes: [
    'Prints what a code contains; does not ask whether it is valid (`counter verify` does) and never opens a link.',
    'A picture may have 30 MB and 40 million pixels. Exit code 1 when a file cannot be read or shows no code; the others are still done.',
    'With --json: {file, results: [{symbology, text, bytesBase64, corners}], ms} a line, and {file, results: [], error, ms} for a file that cannot be read.',
  ],
  examples: [
    { line: 'counter decode photo.jpg', says: 'what the code in the photo says' },
    { line: 'counter decode --json *.png', says: 'one line for each picture' },
  ],
  run: async ({ operands, output, flag }) => {
    const reader = createImageReader();
    let isComplete = true;
    for (const file of operands) isComplete = (await decodeFile({ file, reader, linear: flag('linear'), output })) && isComplete;
    return isComplete ? 'done' : 'failed';
  },
};

async function decodeFile(work: { file: string; reader: ImageReader; linear: boolean; output: Output }): Promise<boolean> {
  const { file, reader, linear, output } = work;
  const started = performance.now();
  const picture = await readPictureFile(path.resolve(file));
  const reading = picture.ok ? await reader.readCodes(picture.value, { linear }) : picture;
  const ms = Math.round((performance.now() - started) * 10) / 10;
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

function toResult({ symbology, text, bytes, corners }: ImageCode) {
  return { symbology, text, bytesBase64: encodeBase64(bytes), corners };
}
