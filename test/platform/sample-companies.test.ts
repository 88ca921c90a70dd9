import { describe, expect, it } from 'vitest';
import { sampleCompanies } from '../../platform/sample/companies.table.ts';

const certificates = sampleCompanies.flatMap((company) => company.certificates);

describe('sample companies', () => {
  it.each(sampleCompanies.map((company) => [company.name, company.uscc]))('%s has a right code (GB 32100) %s', (_name, uscc) => {
    expect(uscc).toMatch(/^[0-9A-HJ-NPQRTUWXY]{18}$/);
    expect(uscc[17]).toBe(creditCodeCheck(uscc.slice(0, 17)));
    expect(uscc[16]).toBe(organisationCodeCheck(uscc.slice(8, 16)));
  });

  it('is told by a wrong character that the check works', () => {
    const uscc = sampleCompanies[0]?.uscc ?? '';
    const changed = uscc.slice(0, 9) + (uscc[9] === 'B' ? 'C' : 'B') + uscc.slice(10, 17);
    expect(creditCodeCheck(changed)).not.toBe(uscc[17]);
  });

  it('has subjects of every kind in Shanghai, Jiangsu, Zhejiang and Anhui', () => {
    expect(sampleCompanies.length).toBeGreaterThanOrEqual(12);
    expect(new Set(sampleCompanies.map((company) => company.subjectKind)).size).toBe(7);
    expect(new Set(sampleCompanies.map((company) => company.uscc.slice(2, 4)))).toEqual(new Set(['31', '32', '33', '34']));
    expect(new Set(sampleCompanies.map((company) => company.id)).size).toBe(sampleCompanies.length);
  });

  it('has two to five certificates each, with numbers of their own', () => {
    for (const company of sampleCompanies) {
      expect(company.certificates.length).toBeGreaterThanOrEqual(2);
      expect(company.certificates.length).toBeLessThanOrEqual(5);
    }
    expect(new Set(certificates.map((certificate) => certificate.number)).size).toBe(certificates.length);
    expect(certificates.filter((certificate) => certificate.format === 'OFD').length).toBeGreaterThanOrEqual(4);
  });

  it('names certificate types by an authority whose own code is right', () => {
    for (const { typeCode } of certificates) expect(typeCode[17]).toBe(creditCodeCheck(typeCode.slice(0, 17)));
  });

  it('grants information by OIDs of the standard’s shape, one per title', () => {
    const titles = new Map<string, string>();
    for (const group of sampleCompanies.flatMap((company) => company.information)) {
      expect(group.oid).toMatch(/^1\.2\.156\.3002\.\d{16}(\.\d{2}){4}$/);
      expect(titles.get(group.oid) ?? group.title).toBe(group.title);
      titles.set(group.oid, group.title);
      expect(group.fields.length).toBeGreaterThan(0);
    }
    expect(new Set(titles.values()).size).toBe(titles.size);
  });

  it('marks every personal value', () => {
    for (const company of sampleCompanies) {
      const people = new Set([company.legalRepresentative, company.presenter, company.phone]);
      for (const field of company.information.flatMap((group) => group.fields)) {
        if (people.has(field.value)) expect(field.personal, `${company.id} ${field.label}`).toBeDefined();
      }
    }
  });
});

function creditCodeCheck(first17: string): string {
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  const sum = [...first17].reduce((total, char, i) => total + alphabet.indexOf(char) * (3 ** i % 31), 0);
  return alphabet.charAt((31 - (sum % 31)) % 31);
}

/** GB 11714: the organisation code inside has its own check character. */
function organisationCodeCheck(first8: string): string {
  const weights = [3, 7, 9, 10, 5, 8, 4, 2];
  const sum = [...first8].reduce((total, char, i) => total + Number.parseInt(char, 36) * (weights[i] ?? 0), 0);
  const check = 11 - (sum % 11);
  return check === 10 ? 'X' : check === 11 ? '0' : String(check);
}
