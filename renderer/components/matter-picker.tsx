import { type FormEvent, type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Matter } from '../../domain/contracts/counter.ts';
import { useCounter, useCounterTools } from '../counter/counter-context.tsx';
import { loneKeyEvent } from '../wedge/key-gate.ts';
import { useWindow } from '../window-state.tsx';
import { Dialog } from './dialog.tsx';
import { Kbd } from './icon.tsx';

const mostRecent = 5;

/** The matter of the next case: one key for the last five, a few letters for any other. */
export function MatterPicker(): ReactNode {
  const { t } = useTranslation();
  const { close } = useWindow();
  const { openCase, problem } = useOpenCase();
  const matters = useCounter((state) => state.matters);
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<Matter | null>(null);
  const recent = matters.filter((matter) => matter.recent).slice(0, mostRecent);
  const found = findMatters(matters, search);
  const byKey = useEffectEvent(({ code, ctrlKey, altKey, shiftKey }: KeyboardEvent): void => {
    const digit = ctrlKey || altKey || shiftKey ? undefined : /^(?:Digit|Numpad)([1-5])$/.exec(code)?.[1];
    // The digit itself may stand in the search field by now.
    const matter = digit !== undefined && /^\d?$/.test(search) && chosen === null ? recent[Number(digit) - 1] : undefined;
    if (matter === undefined) return;
    setSearch('');
    void openCase(matter, matter.purposes[0] ?? matter.itemName, '');
  });
  useEffect(() => {
    const press = (event: CustomEventInit<KeyboardEvent>): void => {
      if (event.detail !== undefined) byKey(event.detail);
    };
    window.addEventListener(loneKeyEvent, press);
    return () => window.removeEventListener(loneKeyEvent, press);
  }, []);
  return (
    <Dialog title={t('matters.title')} onClose={close} size="large" testId="matters">
      <div className="matters">
        {matters.length === 0 && <p className="empty">{t('matters.empty')}</p>}
        {matters.length > 0 && (
          <div className="matters-list">
            <input className="field" type="search" data-first-focus placeholder={t('matters.search')} aria-label={t('matters.search')} value={search} data-testid="matter-search" onChange={(event) => setSearch(event.target.value)} />
            {search === '' && recent.length > 0 && <MatterList title={t('matters.recent')} note={t('matters.keyHint')} matters={recent} keys chosen={chosen} choose={setChosen} />}
            <MatterList title={t('matters.all')} matters={found} chosen={chosen} choose={setChosen} />
            {found.length === 0 && <p className="empty-line">{t('matters.noMatch')}</p>}
          </div>
        )}
        {chosen !== null && <CaseForm key={chosen.itemCode} matter={chosen} openCase={openCase} />}
      </div>
      {problem !== null && (
        <p className="note note-refused" role="alert">
          {t(`failure.${problem}`)}
        </p>
      )}
    </Dialog>
  );
}

/** Matters whose name or code contains every word searched for. */
export function findMatters(matters: readonly Matter[], search: string): readonly Matter[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return matters.filter((matter) => words.every((word) => `${matter.itemName} ${matter.itemCode}`.toLowerCase().includes(word)));
}

type OpenCase = (matter: Matter, useFor: string, bizNum: string) => Promise<void>;

function useOpenCase(): { readonly openCase: OpenCase; readonly problem: ReturnType<ReturnType<typeof useCounterTools>['store']['read']>['problem'] } {
  const { store } = useCounterTools();
  const { go } = useWindow();
  const [problem, setProblem] = useState<ReturnType<typeof store.read>['problem']>(null);
  return {
    problem,
    openCase: async ({ itemCode }, useFor, bizNum) => {
      const outcome = await store.call((client) => client.case.open({ itemCode, useFor, ...(bizNum.trim() === '' ? {} : { bizNum: bizNum.trim() }) }));
      if (!outcome.ok) return setProblem(outcome.code);
      store.dispatch({ type: 'case-opened', openCase: outcome.value });
      void store.refreshHistory();
      return go('verify');
    },
  };
}

interface MatterListProps {
  readonly title: string;
  readonly note?: string;
  readonly matters: readonly Matter[];
  readonly keys?: boolean;
  readonly chosen: Matter | null;
  readonly choose: (matter: Matter) => void;
}

function MatterList({ title, note, matters, keys = false, chosen, choose }: MatterListProps): ReactNode {
  const { t } = useTranslation();
  return (
    <section>
      <h3>
        {title} {note !== undefined && <span className="muted">{note}</span>}
      </h3>
      <ul className="matter-items">
        {matters.map((matter, index) => (
          <li key={matter.itemCode}>
            <button type="button" className="matter" aria-pressed={matter === chosen} data-testid={keys ? `matter-recent-${index + 1}` : `matter-${matter.itemCode}`} onClick={() => choose(matter)}>
              {keys && <Kbd>{index + 1}</Kbd>}
              <span>
                <strong>{matter.itemName}</strong>
                <small>{t('matters.needs', { types: matter.certificateTypes.join(t('general.listSeparator')) || t('notice.none') })}</small>
              </span>
              <code>{matter.itemCode}</code>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function CaseForm({ matter, openCase }: { readonly matter: Matter; readonly openCase: OpenCase }): ReactNode {
  const { t } = useTranslation();
  const [useFor, setUseFor] = useState(matter.purposes[0] ?? matter.itemName);
  const [bizNum, setBizNum] = useState('');
  const chosenPurpose = useRef<HTMLInputElement>(null);
  // The keyboard goes on here: Enter opens the case, the arrows change the purpose.
  useEffect(() => chosenPurpose.current?.focus(), []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void openCase(matter, useFor, bizNum);
  };
  return (
    <form className="case-form" onSubmit={submit}>
      <h3>{matter.itemName}</h3>
      <fieldset>
        <legend>{t('matters.purpose')}</legend>
        {(matter.purposes.length === 0 ? [matter.itemName] : matter.purposes).map((purpose) => (
          <label key={purpose} className="radio">
            <input ref={purpose === useFor ? chosenPurpose : undefined} type="radio" name="purpose" value={purpose} checked={purpose === useFor} onChange={() => setUseFor(purpose)} />
            <span>{purpose}</span>
          </label>
        ))}
      </fieldset>
      <label className="labelled">
        <span>{t('matters.bizNum')}</span>
        <input className="field" value={bizNum} maxLength={60} placeholder={t('matters.bizNumHint')} data-testid="case-biznum" onChange={(event) => setBizNum(event.target.value)} />
      </label>
      <button type="submit" className="button primary large" data-testid="case-open">
        {t('matters.open')} <Kbd>Enter</Kbd>
      </button>
    </form>
  );
}
