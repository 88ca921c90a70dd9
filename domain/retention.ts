/** How long what was recorded stays readable: a service hall, a bank (customer due diligence), an unattended kiosk. */
export const retentionProfiles = ['hall', 'bank', 'kiosk'] as const;
export type RetentionProfile = (typeof retentionProfiles)[number];

/**
 * What has a time to live of its own: the evidence of a scan, granted content and certificate originals (both only where the
 * consent lets them be kept, czqx bit 1), and the details of other entries. Audit lines themselves stay for good.
 */
export const retainedClasses = ['evidence', 'content', 'document', 'audit'] as const;
export type RetainedClass = (typeof retainedClasses)[number];

/** Whole days after the day of recording. Evidence and details never less than six months (网络安全法 第二十一条). */
export const retentionDays: Readonly<Record<RetentionProfile, Readonly<Record<RetainedClass, number>>>> = {
  hall: { evidence: 1096, content: 30, document: 30, audit: 1096 },
  bank: { evidence: 3653, content: 3653, document: 3653, audit: 3653 },
  kiosk: { evidence: 184, content: 1, document: 1, audit: 184 },
};

/** Whether a change of profile keeps any class for fewer days than before. */
export function isShorter(profile: RetentionProfile, before: RetentionProfile): boolean {
  return retainedClasses.some((name) => retentionDays[profile][name] < retentionDays[before][name]);
}

/** A data key by what it seals: a class on a day (days since 1970, Asia/Shanghai). */
export interface DatedKey {
  readonly id: number;
  readonly class: string;
  readonly day: number;
}

/** A key whose time is over. */
export interface DueKey extends DatedKey {
  readonly class: RetainedClass;
}

/** The keys that are due on `today` by a profile, oldest first; keys of other classes never are. */
export function findDueKeys(keys: readonly DatedKey[], { profile, today }: { readonly profile: RetentionProfile; readonly today: number }): readonly DueKey[] {
  const due = keys.filter((key): key is DueKey => isRetained(key.class) && today - key.day > retentionDays[profile][key.class]);
  return due.toSorted((a, b) => a.day - b.day || a.id - b.id);
}

function isRetained(dataClass: string): dataClass is RetainedClass {
  return (retainedClasses as readonly string[]).includes(dataClass);
}
