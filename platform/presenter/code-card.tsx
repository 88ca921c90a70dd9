import { type CSSProperties, type ReactNode, useState } from 'react';
import type { CodeStatus, PresenterCompany } from '../presenting/contract.ts';
import { CodeActions } from './code-actions.tsx';
import { countModules, printSvgUrl } from './code-image.ts';
import { CompanyName } from './company-name.tsx';
import { type Arrival, printClock, type Remaining, useRemaining } from './countdown.ts';
import { Icon } from './icon.tsx';
import { HolderDecision } from './holder-decision.tsx';
import type { Session, ShownCode } from './presenter-api.ts';
import type { CodeSymbol, EndedState, Words } from './words.table.ts';

interface CodeCardProps {
  readonly words: Words;
  readonly company: PresenterCompany;
  readonly code: ShownCode;
  readonly arrival: Arrival;
  readonly status: CodeStatus | null;
  readonly symbol: CodeSymbol;
  readonly isBusy: boolean;
  readonly onSymbol: (symbol: CodeSymbol) => void;
  readonly onRefresh: () => void;
  /** Opens the form on what the code granted. */
  readonly onGrantAgain: () => void;
  readonly session: Session;
  readonly onDecide: (isGranted: boolean) => void;
}

/** The card that is held to the scanner. A code that is over is greyed at once and says why; a click makes a new one, unless the holder took the grant back or said no: then it leads to a new choice. */
export function CodeCard(props: CodeCardProps): ReactNode {
  const { words, company, code, status } = props;
  const remaining = useRemaining(code, props.arrival);
  const svg = props.symbol === 'qr' ? code.qrSvg : code.hanXinSvg;
  const ended: EndedState | null = endedBy(status) ?? (remaining.seconds === 0 ? 'expired' : null);
  const isTakenBack = ended === 'withdrawn' || ended === 'refused';
  return (
    <section className="card code-card" data-testid="code-card" data-state={ended ?? status?.state ?? 'shown'}>
      <h2>
        <CompanyName name={company.name} />
      </h2>
      <p className="who">
        <span className="figures">{company.uscc}</span>
        <span>
          {words.role[props.session.role]} <span lang="zh-CN">{maskName(props.session.name)}</span>
        </span>
      </p>
      <button type="button" className="picture" onClick={isTakenBack ? props.onGrantAgain : props.onRefresh} disabled={props.isBusy} data-testid={isTakenBack ? 'grant-again' : 'refresh'}>
        <CodePicture svg={svg} alt={words.codeAlt(company.name, isTakenBack)} />
        {ended === null ? null : (
          <span className="ended" data-testid="ended">
            <b>{words[ended]}</b>
            <span>
              {isTakenBack ? null : <Icon name="refresh" />}
              {isTakenBack ? words.grantAgain : words.touchToRefresh}
            </span>
          </span>
        )}
      </button>
      <Countdown words={words} remaining={remaining} ended={ended} />
      {isTakenBack ? <div className="symbols-gone" /> : <SymbolSwitch words={words} symbol={props.symbol} onSymbol={props.onSymbol} />}
      <CodeActions key={props.symbol} words={words} companyName={company.name} svg={svg} symbol={props.symbol} mintedAt={code.mintedAt} isOver={ended !== null} />
      <CodeState {...props} ended={ended} />
    </section>
  );
}

function endedBy(status: CodeStatus | null): EndedState | null {
  const state = status?.state;
  return state === 'used' || state === 'withdrawn' || state === 'refused' ? state : null;
}

const symbols: readonly CodeSymbol[] = ['qr', 'hanXin'];

/** The same code in the other symbol: a scanner may know only one of them. */
function SymbolSwitch({ words, symbol, onSymbol }: Pick<CodeCardProps, 'words' | 'symbol' | 'onSymbol'>): ReactNode {
  return (
    <div className="segments symbols" role="radiogroup" aria-label={words.symbol}>
      {symbols.map((each) => (
        <label key={each} className="segment">
          <input type="radio" name="symbol" checked={symbol === each} onChange={() => onSymbol(each)} data-testid={`symbol-${each}`} />
          <span>{words.symbolName[each]}</span>
        </label>
      ))}
    </div>
  );
}

/** Keeps the first character: 刘*; of a name in Latin letters the first word. */
function maskName(name: string): string {
  const [first = ''] = /^[A-Za-z]+/.exec(name) ?? [...name];
  return `${first}*`;
}

function CodePicture({ svg, alt }: { readonly svg: string; readonly alt: string }): ReactNode {
  const style = { '--modules': countModules(svg) } as CSSProperties;
  return (
    <img
      src={printSvgUrl(svg)}
      alt={alt}
      style={style}
      draggable={false}
      data-testid="code-image"
    />
  );
}

/** Below this the time is shown in the colour of warning, seconds. */
const soon = 30;

/** Keeps its place when it is over: nothing moves under a finger. */
function Countdown(props: { readonly words: Words; readonly remaining: Remaining; readonly ended: EndedState | null }): ReactNode {
  const { words, remaining, ended } = props;
  if (ended !== null) return <p className="countdown">{words.endedNote[ended]}</p>;
  return (
    <p className={`countdown ${remaining.seconds <= soon ? 'soon' : ''}`} role="timer">
      <svg className="ring" viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="12" cy="12" r="9.5" />
        <circle cx="12" cy="12" r="9.5" pathLength="1" strokeDasharray={`${remaining.part} 1`} transform="rotate(-90 12 12)" />
      </svg>
      <b className="figures" data-testid="countdown">{printClock(remaining.seconds)}</b>
      <span>
        {words.leftUntil} · {words.touchToRefresh}
      </span>
    </p>
  );
}

function CodeState({ words, status, ended, onDecide, session, code }: CodeCardProps & { readonly ended: EndedState | null }): ReactNode {
  const [confirmedId, setConfirmedId] = useState<string | null>(null);
  if (ended !== null || status === null) return null;
  if (status.state === 'awaiting-confirmation' && confirmedId !== code.id) {
    const decide = (isGranted: boolean): void => {
      setConfirmedId(code.id);
      onDecide(isGranted);
    };
    return <HolderDecision words={words} session={session} onDecide={decide} />;
  }
  const text = status.state === 'verified' ? words.state.verified : confirmedId === code.id ? words.confirmed : null;
  if (text === null) return null;
  return (
    <p className="state good" role="status" data-testid="code-state">
      <Icon name="tick" />
      {text}
    </p>
  );
}
