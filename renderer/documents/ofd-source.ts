import type { OfdAnswer, OfdAnswers, OfdRequest } from './ofd-messages.ts';
import { type DocumentPick, SheetError, type SheetRefusal, type SheetSource } from './sheet-source.ts';
import { createSpareWorker } from './spare-worker.ts';

/** How long a file may take for one answer before its worker is ended. */
const patienceMs = 9000;
const pixelsPerMillimetre = 96 / 25.4;

type Asking = OfdRequest extends infer Request ? (Request extends OfdRequest ? Omit<Request, 'id'> : never) : never;

const spare = createSpareWorker({ start: () => new Worker(new URL('./ofd.worker.ts', import.meta.url), { type: 'module' }) });

/** Makes the worker of the OFD document to come ready. */
export const prepareOfd = spare.prepare;

/** Opens an OFD document in a worker of its own. Rejects with a `SheetError`; after one that took too long everything does. */
export async function openOfd(bytes: Uint8Array, pick: DocumentPick): Promise<SheetSource> {
  const worker = spare.take();
  const waiting = new Map<number, (answer: OfdAnswer | null) => void>();
  let last = 0;
  let isEnded = false;
  const end = (): void => {
    isEnded = true;
    worker.terminate();
    for (const settle of waiting.values()) settle(null);
    waiting.clear();
  };
  worker.addEventListener('message', ({ data }: MessageEvent<OfdAnswer>) => waiting.get(data.id)?.(data));
  worker.addEventListener('error', end);

  const ask = <Kind extends keyof OfdAnswers>(request: Asking & { readonly type: Kind }): Promise<OfdAnswers[Kind]> =>
    new Promise((resolve, reject) => {
      const id = ++last;
      const deadline = setTimeout(end, patienceMs);
      waiting.set(id, (answer) => {
        clearTimeout(deadline);
        waiting.delete(id);
        if (answer === null) reject(new SheetError('too-slow'));
        else if (answer.ok) resolve(answer.value as OfdAnswers[Kind]);
        else reject(new SheetError(toRefusal(answer.code)));
      });
      if (isEnded) waiting.get(id)?.(null);
      else worker.postMessage({ ...request, id });
    });

  const sizes = new Map<number, Promise<OfdAnswers['size']>>();
  const sizeOf = (page: number): Promise<OfdAnswers['size']> => {
    const size = sizes.get(page) ?? ask({ type: 'size', page });
    sizes.set(page, size);
    return size;
  };
  try {
    const { pages, choices } = await ask({ type: 'open', bytes, pick });
    return {
      ...{ pages, choices },
      outline: () => ask({ type: 'outline' }),
      links: (page) => ask({ type: 'links', page }),
      fields: () => ask({ type: 'fields' }),
      size: sizeOf,
      locate: async (page, { left, top }) => {
        const { corner } = await sizeOf(page);
        return { x: left === null ? 0 : (left - corner.x) * pixelsPerMillimetre, y: top === null ? 0 : (top - corner.y) * pixelsPerMillimetre };
      },
      draw: (page, ratio) => ask({ type: 'draw', page, ratio }),
      text: (page) => ask({ type: 'text', page }),
      close: end,
    };
  } catch (error) {
    end();
    throw error;
  }
}

function toRefusal(code: string): SheetRefusal {
  const [stage] = code.split('/');
  return stage === 'package' || stage === 'xml' || stage === 'document' || stage === 'page' ? stage : 'damaged';
}
