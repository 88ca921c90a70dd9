import { Button, Input } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SiteKind } from '../../../domain/contracts/devices.ts';
import { classifyCode, codeKindIds } from '../../../domain/code-kind.ts';
import type { FailureCode } from '../../../domain/failure.ts';
import { useCounterTools } from '../../counter/counter-context.tsx';
import { printVerdictKind } from '../../i18n/kind-name.ts';
import { printRule } from './rule-words.ts';
import { type KindSaid, SiteKindForm } from './site-kind-form.tsx';
import { moveKind, nextKindId } from './site-kind-fields.ts';

/** The kinds of codes that this site names itself: the list in the order in which they are asked, one to edit, one text to try them on. */
export function SiteKinds(): ReactNode {
  const { t } = useTranslation();
  const { kinds, problem, save } = useSiteKinds();
  const [chosen, setChosen] = useState<string | null>(null);
  const edited = kinds?.find(({ id }) => id === chosen) ?? null;
  const [said, setSaid] = useState<KindSaid | null>(null);
  const choose = (id: string | null): void => {
    setChosen(id);
    setSaid(null);
  };
  const keep = async (kind: SiteKind): Promise<void> => {
    const all = kinds ?? [];
    if (!(await save(all.some(({ id }) => id === kind.id) ? all.map((old) => (old.id === kind.id ? kind : old)) : [...all, kind]))) return;
    setChosen(kind.id);
    setSaid({ text: t('devices.ownKinds.saved'), isGood: true });
  };
  const remove = async (id: string): Promise<void> => {
    if (await save((kinds ?? []).filter((kind) => kind.id !== id))) choose(null);
  };
  return (
    <div className="devices-columns" data-testid="site-kinds" data-count={kinds?.length ?? ''}>
      <section className="card">
        <header className="card-head">
          <h2>{t('devices.ownKinds.title')}</h2>
          <Button onClick={() => choose(null)} data-testid="kind-new">
            {t('devices.ownKinds.add')}
          </Button>
        </header>
        {problem !== null && <p className="note note-refused">{t(`failure.${problem}`)}</p>}
        {kinds?.length === 0 && <p className="empty">{t('devices.ownKinds.none')}</p>}
        <KindRows kinds={kinds ?? []} chosen={chosen} choose={choose} move={(id, by) => void save(moveKind(kinds ?? [], id, by))} />
        <KindTrial kinds={kinds ?? []} />
      </section>
      {kinds !== null && <SiteKindForm key={chosen ?? 'new'} id={edited?.id ?? nextKindId(kinds)} kind={edited} said={said} say={setSaid} keep={keep} remove={remove} />}
    </div>
  );
}

interface KindRowsProps {
  readonly kinds: readonly SiteKind[];
  readonly chosen: string | null;
  readonly choose: (id: string) => void;
  readonly move: (id: string, by: -1 | 1) => void;
}

function KindRows({ kinds, chosen, choose, move }: KindRowsProps): ReactNode {
  const { t } = useTranslation();
  return (
    <ul className="device-rows">
      {kinds.map(({ id, name, rule }, place) => (
        <li key={id} className="kind-row">
          <button type="button" className="device-row" aria-pressed={chosen === id} data-testid="kind" onClick={() => choose(id)}>
            <span>{place + 1}</span>
            <span>
              <strong>{name}</strong>
              <small>{printRule(rule, t)}</small>
            </span>
          </button>
          <Button size="small" type="text" disabled={place === 0} aria-label={t('devices.ownKinds.up', { name })} onClick={() => move(id, -1)}>
            ↑
          </Button>
          <Button size="small" type="text" disabled={place === kinds.length - 1} aria-label={t('devices.ownKinds.down', { name })} onClick={() => move(id, 1)}>
            ↓
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** What a text would be named; it stays in the window. */
function KindTrial({ kinds }: { readonly kinds: readonly SiteKind[] }): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const { kind } = classifyCode({ text, siteKinds: kinds });
  const siteKind = kinds.find(({ id }) => id === kind);
  return (
    <div className="kind-trial">
      <label htmlFor="kind-trial">{t('devices.ownKinds.trial')}</label>
      <Input id="kind-trial" value={text} maxLength={4096} placeholder={t('devices.ownKinds.trialHint')} onChange={(event) => setText(event.target.value)} data-testid="kind-trial" />
      <p role="status" data-testid="kind-trial-said">
        {text === '' ? t('devices.ownKinds.builtIn', { count: codeKindIds.length }) : t('devices.ownKinds.named', { name: printVerdictKind({ kind, ...(siteKind === undefined ? {} : { siteKind }) }, t) })}
      </p>
    </div>
  );
}

/** The kinds as the host keeps them; `save` tells whether it took the new list. */
function useSiteKinds(): { readonly kinds: readonly SiteKind[] | null; readonly problem: FailureCode | null; readonly save: (kinds: readonly SiteKind[]) => Promise<boolean> } {
  const { store } = useCounterTools();
  const [kinds, setKinds] = useState<readonly SiteKind[] | null>(null);
  const [problem, setProblem] = useState<FailureCode | null>(null);
  useEffect(() => {
    let isShown = true;
    void store.call((client) => client.codeKind.list()).then((outcome) => {
      if (!isShown) return;
      if (outcome.ok) setKinds(outcome.value);
      else setProblem(outcome.code);
    });
    return () => {
      isShown = false;
    };
  }, [store]);
  const save = async (next: readonly SiteKind[]): Promise<boolean> => {
    const outcome = await store.call((client) => client.codeKind.save([...next]));
    if (outcome.ok) setKinds(outcome.value);
    setProblem(outcome.ok ? null : outcome.code);
    return outcome.ok;
  };
  return { kinds, problem, save };
}
