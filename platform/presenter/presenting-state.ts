import { useCallback, useEffect, useRef, useState } from 'react';
import type { PresenterCompany } from '../presenting/contract.ts';
import { type Arrival, markArrival } from './countdown.ts';
import { createGrant, type Grant, printMintRequest } from './grant.ts';
import type { Preset } from './preset.ts';
import type { PresenterApi, Session, ShownCode } from './presenter-api.ts';

/** A code on the page together with what it grants: the form may have moved on since. */
export interface Presented {
  readonly company: PresenterCompany;
  readonly grant: Grant;
  readonly code: ShownCode;
  readonly arrival: Arrival;
}

/** Where a narrow page is; a wide one shows the first two and the code side by side. */
export type Step = 'company' | 'login' | 'grant' | 'code' | 'records';

/** What went wrong last: the platform's own words, or that it gave no answer. */
export type Problem = { readonly message: string | null } | null;

/** The state of the page and what can be done with it. */
export interface PresentingState {
  readonly companies: readonly PresenterCompany[] | null;
  readonly step: Step;
  readonly session: Session | null;
  /** The company whose log-in is open. */
  readonly entering: PresenterCompany | null;
  readonly company: PresenterCompany | null;
  readonly grant: Grant | null;
  readonly presented: Presented | null;
  readonly isBusy: boolean;
  readonly problem: Problem;
  goTo(step: Step): void;
  /** Opens the form of the company that is logged in, and of another one its log-in. */
  choose(company: PresenterCompany): void;
  logIn(role: Session['role']): void;
  logOut(): void;
  /** Takes back the grant of the shown code. */
  withdraw(): void;
  change(grant: Grant): void;
  /** Opens the form on what the shown code grants. */
  edit(): void;
  /** Mints for what the form says. */
  present(): void;
  /** Mints again for what the shown code granted. */
  refresh(): void;
  reload(): void;
}

/** Loads the companies, follows the preset once, keeps who is logged in, and the shown code apart from the form. */
export function usePresenting(api: PresenterApi, preset: Preset): PresentingState {
  const [companies, setCompanies] = useState<readonly PresenterCompany[] | null>(null);
  const [step, goTo] = useStep();
  const [chosen, setChosen] = useState<{ company: PresenterCompany; grant: Grant } | null>(null);
  const [problem, setProblem] = useState<Problem>(null);
  const [entering, setEntering] = useState<PresenterCompany | null>(null);
  const minting = useMinting(api, setProblem, () => goTo('code'));
  const { mint, forget } = minting;

  const begin = useCallback((company: PresenterCompany | null) => {
    forget();
    setChosen(company === null ? null : { company, grant: createGrant(company) });
    goTo(company === null ? 'company' : 'grant');
  }, [forget, goTo]);
  const { session, enter, leave } = useSession(api, setProblem, begin);

  const choose = useCallback((company: PresenterCompany) => {
    setEntering(company);
    goTo(company.id === session?.companyId ? 'grant' : 'login');
  }, [goTo, session]);

  const reload = useCallback(async () => {
    setProblem(null);
    const answer = await api.companies();
    if (!answer.ok) return setProblem({ message: answer.message });
    setCompanies(answer.value);
    const company = answer.value.find(({ id }) => id === preset.companyId);
    if (company === undefined) return undefined;
    setEntering(company);
    if (preset.role === null) return goTo('login');
    const isIn = await enter(company, preset.role);
    return preset.auto && isIn ? mint(company, createGrant(company)) : undefined;
  }, [api, preset, enter, mint, goTo]);

  useOnce(reload);

  const { presented } = minting;
  return {
    companies,
    step,
    session,
    entering,
    company: chosen?.company ?? null,
    grant: chosen?.grant ?? null,
    presented,
    isBusy: minting.isBusy,
    problem,
    goTo,
    choose,
    logIn: (role) => void (entering !== null && enter(entering, role)),
    logOut: leave,
    withdraw: () => void (presented !== null && api.withdraw(presented.code.id).then((answer) => setProblem(answer.ok ? null : { message: answer.message }))),
    change: (grant) => setChosen((last) => (last === null ? null : { ...last, grant })),
    edit: () => {
      if (presented !== null) setChosen(presented);
      goTo('grant');
    },
    present: () => void (chosen !== null && mint(chosen.company, chosen.grant)),
    refresh: () => void (presented !== null && mint(presented.company, presented.grant)),
    reload: () => void (companies === null ? reload() : presented !== null ? mint(presented.company, presented.grant) : setProblem(null)),
  };
}

/** Strict mode runs effects twice; the preset must not mint two codes. */
function useOnce(run: () => Promise<unknown>): void {
  const hasRun = useRef(false);
  useEffect(() => {
    if (hasRun.current) return;
    hasRun.current = true;
    void run();
  }, [run]);
}

/** Who is logged in; `onBegin` is told of each company entered, and of null when it is left. */
function useSession(api: PresenterApi, setProblem: (problem: Problem) => void, onBegin: (company: PresenterCompany | null) => void) {
  const [session, setSession] = useState<Session | null>(null);
  const enter = useCallback(async (company: PresenterCompany, role: Session['role']): Promise<boolean> => {
    const answer = await api.logIn({ companyId: company.id, role });
    setProblem(answer.ok ? null : { message: answer.message });
    if (!answer.ok) return false;
    setSession(answer.value);
    onBegin(company);
    return true;
  }, [api, onBegin, setProblem]);
  const leave = (): void => {
    void api.logOut();
    setSession(null);
    onBegin(null);
  };
  return { session, enter, leave };
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
  readonly forget: () => void;
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
  const forget = useCallback(() => setPresented(null), []);
  return { presented, isBusy, mint, forget };
}
