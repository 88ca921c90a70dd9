import type { ReactNode } from 'react';
import { printUsccGrouped } from '../../domain/uscc.ts';
import type { PresenterCompany } from '../presenting/contract.ts';
import { CompanyName } from './company-name.tsx';
import { Icon } from './icon.tsx';
import type { Session } from './presenter-api.ts';
import type { Words } from './words.table.ts';

const roles = ['legal', 'agent'] as const;

/** The log-in with an e-licence identity, which here is simulated and says so (6.3.2 a). */
export function LoginCard(props: {
  readonly words: Words;
  readonly company: PresenterCompany;
  readonly onLogIn: (role: Session['role']) => void;
  readonly onOther: () => void;
}): ReactNode {
  const { words, company } = props;
  return (
    <section className="card login" data-testid="login">
      <h2>{words.login}</h2>
      <div className="licence">
        <Icon name="licence" />
        <span>
          <b><CompanyName name={company.name} /></b>
          <small>{printUsccGrouped(company.uscc)}</small>
        </span>
        <button type="button" className="link" onClick={props.onOther} data-testid="other-company">{words.otherCompany}</button>
      </div>
      {roles.map((role) => (
        <button key={role} type="button" className="role" onClick={() => props.onLogIn(role)} data-testid={`login-${role}`}>
          <Icon name={role === 'legal' ? 'seal' : 'person'} />
          <span>
            <b>{words.role[role]}</b>
            <small>{words.roleNote[role]}</small>
          </span>
          <Icon name="next" />
        </button>
      ))}
      <p className="simulated" data-testid="simulated">{words.simulated}</p>
    </section>
  );
}
