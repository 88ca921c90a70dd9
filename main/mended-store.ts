import type { RandomBytes } from '../domain/crypto/random.ts';
import type { Failure, Result } from '../domain/failure.ts';
import type { DeviceSecret } from './access/device-secret.ts';
import { chooseDriver } from './store/driver-choice.ts';
import { mend, mendBeforeOpening, type Mended, type MendingDeps } from './store/mending.ts';
import { openSetup, openStore, type Store } from './store/store.ts';

/** What opening the store with mending needs. */
export interface MendedStoreDeps {
  readonly dataDir: string;
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly log: { error(facts: object, text: string): void };
}

/**
 * Opens the store as `openStore` does, after mending a database that is missing, cut short or unreadable (design 06 §6.1): the
 * files are kept aside, the newest good backup takes their place. `store/no-backup` when there is none.
 */
export async function openMendedStore(deps: MendedStoreDeps, device: DeviceSecret): Promise<Result<Store>> {
  const { dataDir, random, now } = deps;
  const mending: MendingDeps = { ...openSetup({ dataDir, device }), dataDir, random, openDriver: await chooseDriver() };
  const before = mendBeforeOpening(mending, now());
  if (!before.ok) return before;
  tell(deps, before.value);
  const opened = await openStore({ dataDir, device });
  if (opened.ok || !isUnreadable(opened.failure)) return opened;
  const mended = mend(mending, 'unreadable', now());
  if (!mended.ok) return mended;
  tell(deps, mended.value);
  return openStore({ dataDir, device });
}

function tell({ log }: MendedStoreDeps, mended: Mended | null): void {
  if (mended !== null) log.error(mended, 'the database was damaged and has been mended');
}

// Not what a permission, another program's file or the file of the data keys stands for: no backup mends those.
function isUnreadable({ code, detail }: Failure): boolean {
  return code === 'store/damaged' && detail !== undefined && (detail === 'quick_check' || detail.startsWith('SQLITE_CORRUPT') || detail.startsWith('SQLITE_NOTADB'));
}
