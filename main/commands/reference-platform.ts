import { pino } from 'pino';
import { systemRandom } from '../../domain/crypto/random.ts';
import type { Platform, PlatformDeps } from '../../platform/app.ts';
import type { Faults } from '../../platform/faults.ts';
import type { StartDocumentProcess } from '../documents/document-work.ts';

/** Role and surroundings of a process, as `platform/role-option.ts` reads them. */
export type PlatformPart = Pick<PlatformDeps, 'identity' | 'role' | 'province' | 'provinceUrls' | 'partUrls' | 'publicUrl' | 'trustedProxies'>;

/** How the reference platform is started; `port` 0 takes any free one. */
export interface PlatformSettings {
  readonly dataDir: string;
  readonly port: number;
  /** `postgres://…` instead of the file. */
  readonly database?: string | undefined;
  readonly faults?: Faults;
  readonly now?: () => number;
  readonly part?: PlatformPart;
  /** Where certificate files are checked; a process of Node's unless told. */
  readonly startDocumentProcess?: StartDocumentProcess;
}

/** Starts the reference platform in this process; null when the port is taken. Loaded only here, so that no other command pays for it. */
export async function startReferencePlatform(settings: PlatformSettings): Promise<Platform | null> {
  const [{ createPlatform }, { createIssuerSignatures }] = await Promise.all([import('../../platform/app.ts'), import('./issuer-signatures.ts')]);
  const { dataDir, database, port, faults = {}, now = Date.now, part = {}, startDocumentProcess } = settings;
  // Nothing of a request but route, status and time is ever logged; below warnings not even that.
  const log = pino({ level: 'warn', base: { part: 'platform' } }, pino.destination({ dest: 2, sync: true }));
  try {
    return await createPlatform({ dataDir, database, now, random: systemRandom, host: '127.0.0.1', port, log, faults, signatures: createIssuerSignatures({ dataDir, now, startDocumentProcess }), ...part });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return null;
    throw error;
  }
}
