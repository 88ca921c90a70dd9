import type { ReactNode } from 'react';
import type { View } from '../presenting/contract.ts';
import type { Words } from './words.table.ts';

const shownLines = 6;

/** A request that waits for the holder is no refusal. */
const looks: Readonly<Record<string, string>> = { valid: 'good', secondAuthentication: 'wait' };

/** Who looked at the company in the last seven days, newest first (C 0300-2021 6.2 b). */
export function ViewList({ words, views, now, isWhole = false }: { readonly words: Words; readonly views: readonly View[]; readonly now: number; readonly isWhole?: boolean }): ReactNode {
  return (
    <section className="card list views" data-testid="views">
      <header>
        <h3>{words.whoLooked}</h3>
        <small>{views.length === 0 ? words.nobodyLooked : words.lookedTimes(views.length)}</small>
      </header>
      {views.slice(0, isWhole ? views.length : shownLines).map((view) => (
        <p className="row" key={`${view.viewedAt} ${view.orgName} ${view.operator}`} data-testid="view">
          <span lang="zh-CN">
            {view.orgName}
            <small>{[view.itemName, view.items.join('、')].filter((text) => text !== '').join(' · ')}</small>
            {isWhole ? <small>{[view.operator, view.useFor].filter((text) => text !== '').join(' · ')}</small> : null}
          </span>
          <span>
            <time dateTime={view.viewedAt}>{printWhen(words, view.viewedAt, now)}</time>
            <small className={looks[view.verdict] ?? 'bad'}>{words.verdict[view.verdict] ?? view.verdict}</small>
          </span>
        </p>
      ))}
    </section>
  );
}

const hour = 3600_000;

/** Within the hour as an age, later as day and time in Shanghai. */
function printWhen(words: Words, viewedAt: string, now: number): string {
  const age = now - Date.parse(viewedAt);
  if (age < hour) return words.minutesAgo(Math.max(0, Math.floor(age / 60_000)));
  return new Intl.DateTimeFormat('zh-CN', {
    timeZone: 'Asia/Shanghai',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(Date.parse(viewedAt));
}
