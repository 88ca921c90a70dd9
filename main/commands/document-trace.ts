import path from 'node:path';
import { isTracedRecord } from '../../domain/trace-pattern.ts';
import { readGreyPicture } from '../documents/trace-picture.ts';
import { readTraceMark } from '../documents/trace-reading.ts';
import type { Call, Outcome } from './command.ts';
import { printFailure } from './failure-words.ts';
import { readPictureFile } from './picture-file.ts';

/** `document trace`: the record that a photographed copy belongs to; with `--record`, whether it is that one, which a mark that holds only a digest cannot say by itself. */
export async function traceDocument(call: Call, file: string): Promise<Outcome> {
  const { output } = call;
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
  const asked = call.text('record');
  const digest = content !== null && 'digest' in content ? content.digest : null;
  const recordId = content !== null && 'recordId' in content ? content.recordId : asked !== null && digest !== null && isTracedRecord(asked, digest) ? asked : null;
  const says = recordId === null ? `digest of the record id: ${digest ?? ''}` : `record ${recordId}`;
  const isAnother = content !== null && asked !== null && recordId !== asked;
  output.say(`${file}: ${content === null ? 'no trace mark found' : says}${isAnother ? `, not ${asked}` : ''} (${ms} ms)`);
  output.record({ file, recordId, digest, ms });
  return content === null || isAnother ? 'failed' : 'done';
}
