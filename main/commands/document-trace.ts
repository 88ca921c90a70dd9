import path from 'node:path';
import { readGreyPicture } from '../documents/trace-picture.ts';
import { readTraceMark } from '../documents/trace-reading.ts';
import type { Call, Outcome } from './command.ts';
import { printFailure } from './failure-words.ts';
import { readPictureFile } from './picture-file.ts';

/** `document trace`: the record that a photographed copy belongs to. */
export async function traceDocument({ output }: Call, file: string): Promise<Outcome> {
  const started = performance.now();
  const read = await readPictureFile(path.resolve(file));
  const picture = read.ok ? await readGreyPicture(read.value) : read;
  if (!picture.ok) {
    output.say(`${file}: ${printFailure(picture.failure)}`);
    output.record({ file, error: picture.failure });
    return 'failed';
  }
  const content = readTraceMark(picture.value);
  const ms = Math.round(performance.now() - started);
  const recordId = content !== null && 'recordId' in content ? content.recordId : null;
  const digest = content !== null && 'digest' in content ? content.digest : null;
  const says = recordId === null ? `digest of the record id: ${digest ?? ''}` : `record ${recordId}`;
  output.say(`${file}: ${content === null ? 'no trace mark found' : says} (${ms} ms)`);
  output.record({ file, recordId, digest, ms });
  return content === null ? 'failed' : 'done';
}
