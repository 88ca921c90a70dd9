import type { SampleCompany } from '../sample/sample-company.ts';
import { serviceCodeSamples } from './service-codes.table.ts';

/** A natural person as the identity service knows them, with the company that they act for. */
export interface KnownPerson {
  readonly name: string;
  readonly idNumber: string;
  readonly companyId: string;
}

/** The persons that 12.2.3 can authenticate, by identity number. */
export type PersonRegister = ReadonlyMap<string, KnownPerson>;

/** The heads of the companies, and the agents that show a sample code of their own; all numbers are invented. */
export function createPersonRegister(companies: readonly SampleCompany[]): PersonRegister {
  const heads = companies.flatMap((company): KnownPerson[] => {
    const number = company.information.flatMap(({ fields }) => fields).find(({ personal }) => personal === 'id');
    return number === undefined ? [] : [{ name: company.legalRepresentative, idNumber: number.value, companyId: company.id }];
  });
  const agents = [...serviceCodeSamples.values()].flatMap(({ companyId, idCard }): KnownPerson[] => {
    const company = companies.find(({ id }) => id === companyId);
    return company === undefined || idCard === undefined ? [] : [{ name: company.presenter, idNumber: idCard, companyId }];
  });
  return new Map([...agents, ...heads].map((person) => [person.idNumber, person]));
}
