import { readFileSync } from 'node:fs';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { fail, type Result } from '../../domain/failure.ts';
import { forbidCoreDumps } from './core-dumps.ts';
import { doKeyJob, type KeyAnswers, type KeyJob, type KeyWatch, watchKey } from './key-work.ts';
import { openSkf, type Skf } from './skf-library.ts';

/** What the process is told: which library, the digest it was chosen with, and what to do. */
export interface KeyOrder {
  readonly library: string;
  readonly sm3: string;
  readonly job: KeyJob | KeyWatch;
}

const lookEveryMs = 2000;

/** The channel to whoever started the process: Electron's, or Node's. */
interface Channel {
  once(event: 'message', listener: (event: { readonly data: KeyOrder }) => void): void;
  postMessage(answer: unknown): void;
}

/** Process entry: one job on a vendor's library, which may crash or never answer, and takes nothing but this process along. */
const { parentPort: port } = process as { readonly parentPort?: Channel };
if (port === undefined) {
  process.once('message', (order) => void work(order as KeyOrder).then((answer) => process.send?.(answer, () => process.disconnect())));
  // A watch has no end of its own: it goes with whoever asked for it.
  process.once('disconnect', () => process.exit());
} else port.once('message', ({ data }) => void work(data).then((answer) => port.postMessage(answer)));

async function work({ library, sm3: digest, job }: KeyOrder): Promise<Result<KeyAnswers[KeyJob['type']] | null>> {
  // The library holds the PIN, and crashes are what this process is for.
  await forbidCoreDumps({ isClosed: true });
  const skf = load(library, digest);
  if (!skf.ok) return skf;
  return job.type === 'watch' ? watchKey(skf.value, job, () => new Promise((resolve) => void setTimeout(resolve, lookEveryMs))) : doKeyJob(skf.value, job, systemRandom);
}

function load(library: string, digest: string): Result<Skf> {
  try {
    if (encodeHex(sm3(new Uint8Array(readFileSync(library)))) !== digest) return fail('key/library-failed', 'changed');
    return { ok: true, value: openSkf(library) };
  } catch {
    // The message names a path.
    return fail('key/library-failed', 'not-loaded');
  }
}
