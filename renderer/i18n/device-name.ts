import type { TFunction } from 'i18next';
import { VerdictSchema } from '../../domain/contracts/counter.ts';

/** A scanner by its own name; what the window itself read (keyboard, camera, picture) has only the name of its way in. */
export function printDevice(device: string, t: TFunction): string {
  const source = VerdictSchema.entries.source.options.find((option) => option === device);
  return source === undefined ? device : t(`source.${source}`);
}
