import { useState, type ReactNode } from 'react';
import { printUsccGrouped } from '../../domain/uscc.ts';
import type { PresenterCompany } from '../presenting/contract.ts';
import { CompanyName } from './company-name.tsx';
import { Icon } from './icon.tsx';
import type { Words } from './words.table.ts';

/** The companies a holder may present, found by any part of name, code or kind. */
export function CompanyList(props: {
  readonly words: Words;
  readonly companies: readonly PresenterCompany[];
  readonly chosenId: string | null;
  readonly onChoose: (company: PresenterCompany) => void;
}): ReactNode {
  const { words, companies, chosenId, onChoose } = props;
  const [search, setSearch] = useState('');
  const wanted = search.replace(/\s/g, '').toUpperCase();
  const found = companies.filter(({ name, type, uscc }) => `${name}${uscc}${type}`.toUpperCase().includes(wanted));
  return (
    <section className="card companies">
      <h2>{words.chooseCompany}</h2>
      <label className="search">
        <Icon name="search" />
        <input
          type="search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          placeholder={words.searchHint}
          aria-label={words.searchHint}
          data-testid="company-search"
        />
      </label>
      {found.length === 0 ? <p className="empty">{words.noCompany}</p> : null}
      <ul>
        {found.map((company) => (
          <li key={company.id}>
            <button
              type="button"
              className="company"
              aria-current={company.id === chosenId}
              onClick={() => onChoose(company)}
              data-testid={`company-${company.id}`}
            >
              <span>
                <b>
                  <CompanyName name={company.name} />
                </b>
                <small>{printUsccGrouped(company.uscc)}</small>
                <small lang="zh-CN">{company.type}</small>
              </span>
              <Icon name="next" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
