import { useCallback, useEffect, useRef, useState } from 'react';
import type { PresenterCompany } from '../presenting/contract.ts';
import { type Arrival, markArrival } from './countdown.ts';
import { createGrant, type Grant, printMintRequest } from './grant.ts';
import type { Preset } from './preset.ts';
import type { PresenterApi, ShownCode } from './presenter-api.ts';

/** A code on the page together with what it grants: the form may have moved on since. */
export interface Presented {
  readonly company: PresenterCompany;
  readonly grant: Grant;
  readonly code: ShownCode;
  readonly arrival: Arrival;
}

/** Where a narrow page is; a wide one shows the first two and the code side by side. */
export type Step = 'company' | 'grant' | 'code';

/** What went wrong last: the platform's own words, or that it gave no answer. */
export type Problem = { readonly message: string | null } | null;

/** The state of the page and what can be done with it. */
export interface PresentingState {
  readonly companies: readonly PresenterCompany[] | null;
  readonly step: Step;
  readonly company: PresenterCompany | null;
  readonly grant: Grant | null;
  readonly presented: Presented | null;
  readonly isBusy: boolean;
  readonly problem: Problem;
  goTo(step: Step): void;
  choose(company: PresenterCompany): void;
  change(grant: Grant): void;
  /** Opens the form on what the shown code grants. */
  edit(): void;
  /** Mints for what the form says. */
  present(): void;
  /** Mints again for what the shown code granted. */
  refresh(): void;
  reload(): void;
}

/** Loads the companies, follows the preset once, and keeps the shown code apart from the form. */
export function usePresenting(api: PresenterApi, preset: Preset): PresentingState {
  const [companies, setCompanies] = useState<readonly PresenterCompany[] | null>(null);
  const [step, goTo] = useStep();
  const [chosen, setChosen] = useState<{ company: PresenterCompany; grant: Grant } | null>(null);
  const [problem, setProblem] = useState<Problem>(null);
  const minting = useMinting(api, setProblem, () => goTo('code'));
  const { mint } = minting;

  const choose = useCallback((company: PresenterCompany) => {
    setChosen((last) => (last?.company.id === company.id ? last : { company, grant: createGrant(company) }));
    goTo('grant');
  }, [goTo]);

  const reload = useCallback(async () => {
    setProblem(null);
    const answer = await api.companies();
    if (!answer.ok) return setProblem({ message: answer.message });
    setCompanies(answer.value);
    const company = answer.value.find(({ id }) => id === preset.companyId);
    if (company === undefined) return undefined;
    choose(company);
    return preset.auto ? mint(company, createGrant(company)) : undefined;
  }, [api, preset, choose, mint]);

  // Strict mode runs effects twice; the preset must not mint two codes.
  const isLoaded = useRef(false);
  useEffect(() => {
    if (isLoaded.current) return;
    isLoaded.current = true;
    void reload();
  }, [reload]);

  const { presented } = minting;
  return {
    companies,
    step,
    company: chosen?.company ?? null,
    grant: chosen?.grant ?? null,
    presented,
    isBusy: minting.isBusy,
    problem,
    goTo,
    choose,
    change: (grant) => setChosen((last) => (last === null ? null : { ...last, grant })),
    edit: () => {
      if (presented !== null) setChosen({ company: presented.company, grant: presented.grant });
      goTo('grant');
    },
    present: () => void (chosen !== null && mint(chosen.company, chosen.grant)),
    refresh: () => void (presented !== null && mint(presented.company, presented.grant)),
    reload: () => void (companies === null ? reload() : presented !== null ? mint(presented.company, presented.grant) : setProblem(null)),
  };
}

/** On a narrow page a step takes the place of the last one and begins at its top; a page with room for all stays where it is. */
function useStep(): [Step, (step: Step) => void] {
  const [step, setStep] = useState<Step>('company');
  const goTo = useCallback((next: Step) => {
    setStep(next);
    if (!matchMedia('(min-width: 1180px)').matches) window.scrollTo(0, 0);
  }, []);
  return [step, goTo];
}

function useMinting(
  api: PresenterApi,
  setProblem: (problem: Problem) => void,
  onShown: () => void,
): {
  readonly presented: Presented | null;
  readonly isBusy: boolean;
  readonly mint: (company: PresenterCompany, grant: Grant) => Promise<void>;
} {
  const [presented, setPresented] = useState<Presented | null>(null);
  const [isBusy, setBusy] = useState(false);
  const running = useRef(false);
  const shown = useRef(onShown);
  const mint = useCallback(
    async (company: PresenterCompany, grant: Grant) => {
      if (running.current) return;
      running.current = true;
      setBusy(true);
      const answer = await api.mint(printMintRequest(company, grant));
      running.current = false;
      setBusy(false);
      setProblem(answer.ok ? null : { message: answer.message });
      if (!answer.ok) return;
      setPresented({ company, grant, code: answer.value, arrival: markArrival() });
      shown.current();
    },
    [api, setProblem],
  );
  return { presented, isBusy, mint };
}
