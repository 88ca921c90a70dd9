import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../../domain/contracts/counter.ts';

/** The granted information, group by group in the standard's order. */
export function InformationTab({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const { t } = useTranslation();
  if (verdict.information.length === 0) return <p className="empty">{t('information.empty')}</p>;
  return (
    <div className="groups" data-testid="information">
      {verdict.information.map((group) => (
        <section key={group.oid} className="group">
          <h3>{group.title}</h3>
          <dl className="facts wide">
            {group.fields.map((field) => (
              <div className="fact" key={field.label}>
                <dt>{field.label}</dt>
                <dd data-testid={`field-${field.label}`} data-masked={field.masked}>
                  {field.value}
                  {field.masked && <span className="tag">{t('information.masked')}</span>}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
