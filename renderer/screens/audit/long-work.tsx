import { Button, Progress } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCounterTools } from '../../counter/counter-context.tsx';

/** How far work over the whole log is. */
export interface Advance {
  readonly sinceAt: number;
  readonly done: number;
  readonly total: number;
}

interface LongWorkProps {
  readonly advance: Advance;
  readonly text: 'audit.verifying' | 'audit.exporting';
  readonly testId: string;
  readonly cancel: () => void;
}

/** A bar with the count behind it, the time so far, and the way out. */
export function LongWork({ advance, text, testId, cancel }: LongWorkProps): ReactNode {
  const { t } = useTranslation();
  const { now } = useCounterTools();
  const { sinceAt, done, total } = advance;
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.round((now() - sinceAt) / 1000)), 250);
    return () => clearInterval(timer);
  }, [now, sinceAt]);
  const words = t(text, { done: done.toLocaleString('en-US'), total: total.toLocaleString('en-US'), seconds });
  return (
    <div className="long-work" data-testid={testId}>
      <p>{words}</p>
      <div>
        <Progress percent={total === 0 ? 0 : Math.floor((done / total) * 100)} size="small" aria-label={words} />
        <Button size="small" onClick={cancel} data-testid={`${testId}-cancel`}>
          {t('audit.cancel')}
        </Button>
      </div>
    </div>
  );
}
