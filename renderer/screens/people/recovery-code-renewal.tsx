import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../components/dialog.tsx';
import { RecoveryCodeSlip } from '../access/recovery-code-slip.tsx';
import { TwoPeopleDialog } from '../access/two-people-dialog.tsx';

/** Two administrators renew the recovery code, and print it. */
export function RecoveryCodeRenewal(): ReactNode {
  const { t } = useTranslation();
  const [step, setStep] = useState<'closed' | 'two' | { readonly code: string }>('closed');
  const close = (): void => setStep((before) => (typeof before === 'object' ? before : 'closed'));
  return (
    <>
      <Button size="small" onClick={() => setStep('two')} data-testid="recovery-renew">
        {t('access.recovery.renew')}
      </Button>
      {step === 'two' && (
        <TwoPeopleDialog
          title={t('access.recovery.renew')}
          note={t('access.recovery.renewNote')}
          confirm={t('access.recovery.renew')}
          testId="recovery-two"
          act={async (client, { two }) => {
            setStep({ code: await client.person.renewRecoveryCode({ two }) });
            return null;
          }}
          onClose={close}
        />
      )}
      {typeof step === 'object' && (
        <Dialog title={t('access.recovery.title')} onClose={() => setStep('closed')} testId="recovery-dialog">
          <RecoveryCodeSlip code={step.code} onDone={() => setStep('closed')} />
        </Dialog>
      )}
    </>
  );
}
