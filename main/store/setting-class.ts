// What a locked counter needs: how its log goes on, who may log in, the time it knew, and lists that are no secret.
const readableWhileLocked = ['device-id', 'audit-signing-key', 'audit-epoch', 'audit-epoch-mark', 'audit-without-mac', 'access', 'attempts', 'catalogue', 'mended', 'trusted-time'] as const;
const seedOfGeneration = /^audit-seed-/;

/** Under which key a setting lies: the machine's own for what must be readable while locked, the logged-in's for the rest; a bug for any other place. */
export function sealForSetting(place: { readonly table: string; readonly key: string | number }): 'device' | 'setting' {
  if (place.table !== 'setting') throw new Error('what a record is sealed for must be said');
  return isForDevice(String(place.key)) ? 'device' : 'setting';
}

/** Whether a setting is sealed under the machine's own key. */
export function isForDevice(name: string): boolean {
  return (readableWhileLocked as readonly string[]).includes(name) || seedOfGeneration.test(name);
}
