import { join } from 'node:path';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import type { Faults } from '../faults.ts';
import type { Nonces } from '../exchange/nonces.ts';
import type { CompanyRegister } from '../information/company-register.ts';
import { type KeyRing, openProvinceKeys } from '../keys.ts';
import type { TrustService } from '../trust/trust-service.ts';
import type { CertificateFiles } from '../sharing/certificate-files.ts';
import { createFusion, type Fusion, type ProvinceAsked } from './fusion.ts';
import { createRemoteProvince, type serveProvince } from './province-channel.ts';
import { createProvinceSystem } from './province-system.ts';
import { provinces } from './provinces.table.ts';

/** The provinces as this process knows them. */
export interface Provinces {
  readonly fusion: Fusion;
  /** What a process of the role `province` serves; throws for an id that is none. */
  provinceOf(id: string): Parameters<typeof serveProvince>[1];
}

/** What the provinces are put together from; `provinceUrls` names those in processes of their own. */
export interface ProvincesDeps {
  readonly dataDir: string;
  readonly keys: KeyRing;
  readonly register: CompanyRegister;
  readonly files: CertificateFiles;
  readonly nonces: Nonces;
  readonly trust: Pick<TrustService, 'holder'>;
  readonly faults: Faults;
  readonly provinceUrls?: Readonly<Record<string, string>> | undefined;
  readonly provinceDeadlineMs?: number | undefined;
  readonly onAsked: (asked: ProvinceAsked) => void;
  readonly now: () => number;
  readonly random: RandomBytes;
}

/** Each province in this process, or asked where it runs; each with its own key pair. */
export function createProvinces(deps: ProvincesDeps): Provinces {
  const { now, random, provinceUrls = {} } = deps;
  const keys = openProvinceKeys({ file: join(deps.dataDir, 'province-keys.json'), ids: provinces.map(({ id }) => id), random });
  const channel = { fusion: deps.keys.envelope, now, random };
  const keysOf = (id: string) => {
    const pair = keys.get(id);
    if (pair === undefined) throw new Error(`there is no province ${id}; the provinces are ${provinces.map((one) => one.id).join(', ')}`);
    return pair;
  };
  const systems = provinces.map((province) => {
    const url = provinceUrls[province.id];
    return url === undefined
      ? createProvinceSystem(province, deps)
      : createRemoteProvince({ ...province, url, publicKey: keysOf(province.id).publicKey }, channel);
  });
  return {
    fusion: createFusion({ systems, deadlineMs: deps.provinceDeadlineMs ?? 3000, onAsked: deps.onAsked }),
    provinceOf: (id) => {
      const name = provinces.find((one) => one.id === id)?.name ?? id;
      return { ...channel, keys: keysOf(id), nonces: deps.nonces, trust: deps.trust, faults: deps.faults, system: createProvinceSystem({ id, name }, deps) };
    },
  };
}
