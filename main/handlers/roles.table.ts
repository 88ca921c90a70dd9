import { administratorRoles, recordReaders, type Role, roles } from '../../domain/roles.ts';

/** Who calls: a role; `newcomer` logged in but owes a passphrase of their own; `nobody` is logged in; `practice`: whoever sits at a counter that opens itself, beside the role they have there. */
export type Caller = Role | 'newcomer' | 'nobody' | 'practice';

const anyone: readonly Caller[] = [...roles, 'newcomer', 'nobody'];
const loggedIn: readonly Caller[] = [...roles, 'newcomer'];
const everyone: readonly Caller[] = roles;
const counterWork: readonly Caller[] = ['operator', 'supervisor'];
// The clerk of a small hall sets up the window alone; auditors and the security administrator, who rules over people, are kept out.
const setUp: readonly Caller[] = ['operator', 'supervisor', 'administrator'];
// Behind these calls stand two administrators with their passphrases; whoever of the three is logged in may bring them up.
const administrators: readonly Caller[] = administratorRoles;
const security: readonly Caller[] = ['security'];
// What stands in an entry in clear: for the auditor, and for whoever answers for the shift.
const contentReaders: readonly Caller[] = ['supervisor', 'auditor'];

/** Which role may call what; a procedure that is not listed may be called by nobody. */
export const permittedRoles: Readonly<Record<string, readonly Caller[]>> = {
  'access.watch': anyone,
  'access.setUp': ['nobody'],
  'access.recoveryCode': ['nobody'],
  'access.logIn': anyone,
  'access.lock': loggedIn,
  'access.keepKeyFile': loggedIn,
  'access.touch': anyone,
  'access.changePassphrase': loggedIn,
  'access.bindKey': loggedIn,
  'person.list': ['security', 'auditor'],
  'person.add': security,
  'person.setActive': security,
  'person.reset': security,
  'person.resetAdministrator': administrators,
  'person.renewRecoveryCode': administrators,
  'person.rotateKeys': security,
  'clock.override': administrators,
  'retention.show': administrators,
  // A shorter profile takes two passphrases besides.
  'retention.choose': security,
  'machineKey.show': administrators,
  'machineKey.guard': ['administrator'],
  'offline.setApart': setUp,
  'offline.again': setUp,
  'session.current': everyone,
  'session.mendingSeen': [...administrators, 'practice'],
  'settings.read': everyone,
  'settings.save': setUp,
  'offlineRule.show': everyone,
  // What a hall takes upon itself while nobody can be asked is no clerk's choice.
  'offlineRule.choose': ['administrator', 'practice'],
  'status.watch': everyone,
  'matter.list': everyone,
  'case.current': everyone,
  'case.open': counterWork,
  'case.next': counterWork,
  'scan.submit': counterWork,
  'scan.watch': everyone,
  'verdict.show': counterWork,
  'verdict.retry': counterWork,
  'verdict.reveal': counterWork,
  'verdict.notified': counterWork,
  'certificate.open': counterWork,
  'certificate.copy': counterWork,
  'certificate.watermarkLost': counterWork,
  'trust.list': everyone,
  'trust.add': ['administrator'],
  'trust.remove': ['administrator'],
  'record.list': recordReaders,
  'record.today': everyone,
  'audit.list': everyone,
  'audit.verify': everyone,
  'audit.export': ['auditor', 'practice'],
  'audit.search': recordReaders,
  'audit.picture': recordReaders,
  'audit.entry': contentReaders,
  'device.list': everyone,
  'device.watch': everyone,
  'device.setSerial': setUp,
  'device.setHid': setUp,
  'device.remove': setUp,
  'device.signal': setUp,
  'device.selfTest': setUp,
  'device.machine': everyone,
  'device.exportSettings': setUp,
  'device.importSettings': setUp,
  'codeKind.list': everyone,
  'codeKind.save': setUp,
};
