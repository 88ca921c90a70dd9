/** Who works here: 操作员, 值班长, 系统管理员, 安全管理员, 审计管理员. */
export const roles = ['operator', 'supervisor', 'administrator', 'security', 'auditor'] as const;
export type Role = (typeof roles)[number];

/** The three administrators of whom nobody may be two (GB/T 22239-2019 8.1.4, separation of duties). */
export const administratorRoles = ['administrator', 'security', 'auditor'] as const satisfies readonly Role[];

/** Who reads what was recorded: those who do the work and the auditor, not who sets up machines or accounts. */
export const recordReaders: readonly Role[] = ['operator', 'supervisor', 'auditor'];

/** Whether a role is one of the three. */
export function isAdministratorRole(role: Role): boolean {
  return (administratorRoles as readonly Role[]).includes(role);
}

/** Whether these people together break the separation: one person (same number or same name) in two of the three roles. */
export function holdsTwoOffices(people: readonly { readonly id: string; readonly name: string; readonly role: Role }[]): boolean {
  const officers = people.filter(({ role }) => isAdministratorRole(role));
  return officers.some((one, at) => officers.some((other, place) => place > at && other.role !== one.role && (isSameText(other.id, one.id) || isSameText(other.name, one.name))));
}

/** Whether two numbers or names are one, however they were typed. */
export function isSameText(a: string, b: string): boolean {
  return a.normalize('NFKC').trim().toLowerCase() === b.normalize('NFKC').trim().toLowerCase();
}
