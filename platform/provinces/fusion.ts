import type { HeldCertificate } from '../information/company-register.ts';
import type { CertificateFile } from '../sharing/certificate-files.ts';
import type { ProvinceSearch, ProvinceSystem } from './province-system.ts';
import { provinceOf } from './provinces.table.ts';

/** The fusion of the provinces (融合共享, 8.2, 8.3): all searched at once, downloads routed to the one that issued. */
export interface Fusion {
  /** What the provinces hold of a company, and the names of those that did not say in time. */
  search(wanted: ProvinceSearch): Promise<FusedSearch>;
  /** `unanswered` names the province that should have the file and did not give it. */
  file(held: HeldCertificate): Promise<{ readonly file: CertificateFile } | { readonly unanswered: string }>;
}

/** One answer for all provinces; a slow or dead one is named, and does not hold up the others. */
export interface FusedSearch {
  readonly found: readonly HeldCertificate[];
  readonly unanswered: readonly string[];
}

/** How one question to a province went. */
export interface ProvinceAsked {
  readonly name: string;
  readonly answered: boolean;
  readonly ms: number;
}

/** A province may have to draw a file before it can send it; a search only looks. */
const fileDeadlines = 2;

/** A fusion that waits at most so long for any one province's search, and twice as long for a file. */
export function createFusion(deps: { readonly systems: readonly ProvinceSystem[]; readonly deadlineMs: number; readonly onAsked: (asked: ProvinceAsked) => void }): Fusion {
  const ask = async <T>(name: string, work: Promise<T>, deadlineMs = deps.deadlineMs): Promise<{ readonly value: T } | null> => {
    const startedAt = performance.now();
    const late = Promise.withResolvers<null>();
    const timer = setTimeout(() => late.resolve(null), deadlineMs);
    // However a province fails, for the holder it has not answered.
    const answered = work.then((value) => ({ value }), () => null);
    const answer = await Promise.race([answered, late.promise]);
    clearTimeout(timer);
    deps.onAsked({ name, answered: answer !== null, ms: performance.now() - startedAt });
    return answer;
  };
  return {
    search: async (wanted) => {
      const answers = await Promise.all(deps.systems.map((system) => ask(system.name, system.search(wanted))));
      return {
        found: answers.flatMap((answer) => answer?.value ?? []),
        unanswered: deps.systems.filter((_, n) => answers[n] === null).map(({ name }) => name),
      };
    },
    file: async ({ company, certificate, key }) => {
      const id = provinceOf(company, certificate);
      const system = deps.systems.find((one) => one.id === id);
      const answer = system === undefined ? null : await ask(system.name, system.file(key), deps.deadlineMs * fileDeadlines);
      return answer === null || answer.value === null ? { unanswered: system?.name ?? id } : { file: answer.value };
    },
  };
}
