import * as v from 'valibot';
import { policyProfiles } from '../../domain/passphrase-policy.ts';
import { retentionProfiles } from '../../domain/retention.ts';
import { type Case, type OfflineRule, OfflineRuleSchema, SessionSchema, SettingsSchema } from '../../domain/contracts/counter.ts';
import type { OperatorCredential } from '../../domain/contracts/enterprise.ts';
import type { Purpose } from '../../domain/contracts/sharing.ts';
import { HidScannerSchema, SiteKindsSchema } from '../../domain/contracts/devices.ts';

/** Where this counter stands and who works at it: `site.json` in the data folder, nothing secret. */
export const SiteSchema = v.object({
  ...SettingsSchema.entries,
  hid: v.array(HidScannerSchema),
  /** Kinds of codes that the site names itself. */
  codeKinds: SiteKindsSchema,
  mode: SessionSchema.entries.mode,
  role: SessionSchema.entries.operator.entries.role,
  /** What a good code is while the platform cannot be reached; left out: provisional at a kiosk, refused anywhere else. */
  whenOffline: v.optional(OfflineRuleSchema),
  /** Which rules bind passphrases: those of GB/T 22239 or those of OWASP ASVS 5. */
  policy: v.picklist(policyProfiles),
  /** After how many idle minutes the counter locks itself, 1–15. */
  idleMinutes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(15)),
  /** How long what was recorded stays readable. */
  retention: v.picklist(retentionProfiles),
  /** What generated case numbers begin with. */
  numberPrefix: v.pipe(v.string(), v.regex(/^[0-9A-Z]{1,12}$/)),
});
export type Site = v.InferOutput<typeof SiteSchema>;

/** A counter as it is before anybody set it up. */
export const firstSite: Site = {
  site: {
    hall: '浦东新区政务服务中心',
    window: '12 号窗口',
    organisation: '上海市浦东新区政务服务中心',
    orgCode: '123101154250123459',
  },
  operator: { id: '10387', name: '周敏' },
  wedge: { prefix: '', suffix: '\r', gapMs: 30 },
  serial: [],
  hid: [],
  codeKinds: [],
  mode: 'hall',
  role: 'operator',
  policy: 'mlps3',
  idleMinutes: 5,
  retention: 'hall',
  numberPrefix: 'PD',
};

/** What a good code is while the platform cannot be reached. */
export function offlineRule({ mode, whenOffline }: Pick<Site, 'mode' | 'whenOffline'>): OfflineRule {
  return whenOffline ?? (mode === 'kiosk' ? 'provisional' : 'refuse');
}

/** The purpose set of every call (YD 8.1): no blank anywhere. */
export function purposeOf(site: Site, current: Case): Purpose {
  const { useFor, itemName, itemCode, bizNum } = current;
  return { useFor, itemName, itemCode, itemOrg: site.site.organisation, operator: site.operator.name, bizNum };
}

/** Who asks, as the platform is told. */
export function credentialOf({ operator, site }: Site): OperatorCredential {
  return { operatorId: operator.id, name: operator.name, orgCode: site.orgCode, orgName: site.organisation };
}

/** The site with what was read and kept last. */
export interface SiteKeeper {
  current(): Site;
  /** Keeps what is given, and the rest as it was. */
  save(changes: Partial<Site>): void;
}
