import type { Session } from '../../domain/contracts/counter.ts';

/** Who works at the window. */
export type Role = Session['operator']['role'];

const everyone: readonly Role[] = ['operator', 'supervisor', 'administrator', 'auditor'];
const counterWork: readonly Role[] = ['operator', 'supervisor'];
// The clerk of a small hall sets up the window alone; only auditors, who must change nothing, are kept out.
const setUp: readonly Role[] = ['operator', 'supervisor', 'administrator'];

/** Which role may call what; a procedure that is not listed may be called by nobody. */
export const permittedRoles: Readonly<Record<string, readonly Role[]>> = {
  'session.current': everyone,
  'settings.read': everyone,
  'settings.save': setUp,
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
  'record.list': everyone,
  'record.today': everyone,
  'audit.list': everyone,
  'audit.verify': everyone,
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
