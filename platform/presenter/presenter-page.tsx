import { useEffect, useState, type ReactNode } from 'react';
import { BackToCode } from './back-to-code.tsx';
import { CodeCard } from './code-card.tsx';
import { CompanyList } from './company-list.tsx';
import { GrantForm } from './grant-form.tsx';
import { GrantSummary } from './grant-summary.tsx';
import { Icon } from './icon.tsx';
import { LoginCard } from './login-card.tsx';
import { usePolled } from './polling.ts';
import type { Preset } from './preset.ts';
import type { PresenterApi, Session } from './presenter-api.ts';
import { type PresentingState, type Presented, usePresenting } from './presenting-state.ts';
import { Records } from './records.tsx';
import { ViewList } from './view-list.tsx';
import { type CodeSymbol, type Language, type Words, words as allWords } from './words.table.ts';

/** The presenter page (亮码端): log in, choose, grant, show, and see who looked. Narrow pages show one step, wide ones form and code side by side. */
export function PresenterPage({ api, preset }: { readonly api: PresenterApi; readonly preset: Preset }): ReactNode {
  const [language, setLanguage] = useState<Language>(preset.language);
  const words = allWords[language];
  const state = usePresenting(api, preset);
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = words.title;
  }, [language, words]);
  return (
    <>
      <header className="top">
        <h1>{words.title}</h1>
        {state.session === null ? <span>{words.issuer}</span> : <Identity words={words} session={state.session} state={state} />}
        <button type="button" onClick={() => setLanguage(language === 'en' ? 'zh-CN' : 'en')} data-testid="language">
          {words.otherLanguage}
        </button>
      </header>
      <main data-step={state.step}>
        <div className="side">
          {state.presented === null ? null : (
            <BackToCode key={state.presented.code.id} words={words} presented={state.presented} onBack={() => state.goTo('code')} />
          )}
          <Problem words={words} state={state} />
          {state.companies === null && state.problem === null ? <Skeleton /> : <Side words={words} state={state} />}
        </div>
        <div className="stage">
          {state.step === 'code' ? <Problem words={words} state={state} /> : null}
          {state.step === 'records' && state.session !== null ? (
            <Records words={words} api={api} session={state.session} onBack={() => state.goTo(state.presented === null ? 'grant' : 'code')} />
          ) : state.presented === null ? <Empty words={words} /> : <Stage words={words} api={api} state={state} presented={state.presented} />}
        </div>
      </main>
    </>
  );
}

/** Who is logged in, with the way to the records and out. */
function Identity({ words, session, state }: { readonly words: Words; readonly session: Session; readonly state: PresentingState }): ReactNode {
  return (
    <>
      <span className="identity" data-testid="identity"><span lang="zh-CN">{session.name}</span> · {words.role[session.role]}</span>
      <button type="button" onClick={() => state.goTo('records')} data-testid="records-open">{words.grants}</button>
      <button type="button" onClick={state.logOut} data-testid="log-out">{words.logOut}</button>
    </>
  );
}

function Side({ words, state }: { readonly words: Words; readonly state: PresentingState }): ReactNode {
  if (state.step === 'login' && state.entering !== null)
    return <LoginCard words={words} company={state.entering} onLogIn={state.logIn} onOther={() => state.goTo('company')} />;
  if (state.step === 'company' || state.company === null || state.grant === null) {
    if (state.companies === null) return null;
    return <CompanyList words={words} companies={state.companies} chosenId={state.company?.id ?? null} onChoose={state.choose} />;
  }
  return (
    <GrantForm
      words={words}
      company={state.company}
      grant={state.grant}
      isShown={state.presented?.company.id === state.company.id}
      isBusy={state.isBusy}
      onChange={state.change}
      onOtherCompany={() => state.goTo('company')}
      onPresent={state.present}
    />
  );
}

interface StageProps {
  readonly words: Words;
  readonly api: PresenterApi;
  readonly state: PresentingState;
  readonly presented: Presented;
}

function Stage({ words, api, state, presented }: StageProps): ReactNode {
  const { company, grant, code, arrival } = presented;
  const [symbol, setSymbol] = useState<CodeSymbol>('qr');
  const status = usePolled(code.id, api.status);
  const { session } = state;
  const views = usePolled(session === null ? null : `${company.id}/${session.role}`, api.views);
  const now = status === null ? Date.parse(code.now) : Date.parse(status.now);
  if (session === null) return null;
  return (
    <>
      <CodeCard
        key={code.id}
        words={words}
        company={company}
        code={code}
        arrival={arrival}
        status={status}
        symbol={symbol}
        isBusy={state.isBusy}
        onSymbol={setSymbol}
        onRefresh={state.refresh}
        onGrantAgain={state.edit}
        session={session}
        onDecide={(isGranted) => void api.decide(code.id, isGranted)}
      />
      <div className="lists">
        <GrantSummary key={code.id} words={words} company={company} grant={grant} onChange={state.edit} onWithdraw={state.withdraw} isWithdrawn={status?.state === 'withdrawn'} />
        <ViewList words={words} views={views ?? []} now={now} />
      </div>
    </>
  );
}

function Problem({ words, state }: { readonly words: Words; readonly state: PresentingState }): ReactNode {
  if (state.problem === null) return null;
  return (
    <section className="card problem" role="alert" data-testid="problem">
      <span>{state.problem.message ?? words.noAnswer}</span>
      <button type="button" className="link" onClick={state.reload}>
        {words.retry}
      </button>
    </section>
  );
}

function Empty({ words }: { readonly words: Words }): ReactNode {
  return (
    <section className="card empty-code">
      <Icon name="code" />
      <b>{words.notShownYet}</b>
      <span>{words.notShownNote}</span>
    </section>
  );
}

function Skeleton(): ReactNode {
  return <section className="card skeleton" aria-busy="true" />;
}
