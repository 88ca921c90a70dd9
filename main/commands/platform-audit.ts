import { existsSync } from 'node:fs';
import path from 'node:path';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import type { Call, Outcome } from './command.ts';
import { findDataFolder, foldersIn } from './data-folder.ts';

/** `counter platform audit [DEVICE]`: what the audit centre has of the counters' logs; of one device, the first MAC key of its log, for `counter audit verify --mac-key`. */
export async function runPlatformAudit(call: Call): Promise<Outcome> {
  const { output } = call;
  const dataDir = foldersIn(call.dataFolder ?? findDataFolder()).platform;
  const file = path.join(dataDir, 'keys.json');
  if (!existsSync(file)) {
    output.complain('there is no platform in this data folder.');
    return 'failed';
  }
  const [{ createAuditCentre }, { openKeyRing }, { openStorage }, { createSealing }] = await Promise.all([
    import('../../platform/audit/audit-centre.ts'),
    import('../../platform/keys.ts'),
    import('../../platform/storage/database.ts'),
    import('../../platform/storage/sealing.ts'),
  ]);
  const keys = openKeyRing({ file, now: Date.now, random: systemRandom });
  const storage = await openStorage(call.text('database') ?? path.join(dataDir, 'platform.sqlite'));
  try {
    // Nothing is signed here.
    const centre = createAuditCentre({ storage, sealing: createSealing({ key: keys.storage, random: systemRandom }), signingKeys: { current: async () => null }, now: Date.now, random: systemRandom });
    const [, device] = call.operands;
    const logs = (await centre.logs()).filter((log) => device === undefined || log.device === device);
    if (device !== undefined && logs.length === 0) {
      output.complain('the audit centre has no log of that device.');
      return 'failed';
    }
    if (logs.length === 0) output.say('No counter has handed in a checkpoint yet.');
    for (const log of logs) {
      output.say(`${log.device}  ${log.size} entries of generation ${log.gen}, ${new Date(log.takenAt).toISOString()}  ${log.alarm === null ? 'good' : `ALARM: ${log.alarm}`}`);
      const macKeys: { readonly gen: number; readonly key: string }[] = [];
      for (let gen = 1; device !== undefined && gen <= log.gen; gen++) {
        const seed = await centre.seed({ ...log, gen });
        if (seed !== null) macKeys.push({ gen, key: encodeHex(seed) });
      }
      for (const { gen, key } of macKeys) output.say(`First MAC key of generation ${gen}  ${key}`);
      if (device !== undefined && macKeys.length === 0) output.say('No MAC key was handed over.');
      output.record({ ...log, ...(device === undefined ? {} : { macKeys }) });
    }
    return 'done';
  } finally {
    await storage.close();
  }
}
