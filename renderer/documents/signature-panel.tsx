import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CertificateDocument } from '../../domain/contracts/counter.ts';
import type { FileSignatures, SignatureView } from '../../domain/contracts/signature.ts';
import { Dialog } from '../components/dialog.tsx';
import { Icon } from '../components/icon.tsx';
import type { IconName } from '../components/icon.table.ts';
import { printDayClock } from '../i18n/durations.ts';
import type { Language } from '../i18n/language.ts';
import { printSignatureStep } from '../i18n/signature-words.ts';
import { PlatformVerdict } from './file-facts.tsx';

type Look = 'verified' | 'caution' | 'refused' | 'plain';

const looks: Readonly<Record<SignatureView['state'] | FileSignatures['state'], Look>> = {
  valid: 'verified',
  none: 'plain',
  partial: 'caution',
  'valid-but-partial': 'caution',
  'changed-after': 'caution',
  'valid-but-modified-after': 'caution',
  untrusted: 'caution',
  unverifiable: 'caution',
  expired: 'refused',
  invalid: 'refused',
  'partly-invalid': 'refused',
};
const icons: Readonly<Record<Look, IconName>> = { verified: 'check', caution: 'warning', refused: 'cross', plain: 'question' };

/** What the file's own seals and signatures are worth, as checked here; a press shows each of them. */
export function SignatureChip({ file }: { readonly file: CertificateDocument }): ReactNode {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const state = file.signatures?.state ?? 'unverifiable';
  const look = looks[state];
  return (
    <>
      <button type="button" className={`file-facts signature-chip text-${look}`} data-testid="signature-chip" data-state={state} onClick={() => setOpen(true)}>
        <Icon name={icons[look]} size={16} stroke={2} />
        {t(`signature.file.${state}`)}
      </button>
      {isOpen && <SignatureDialog file={file} close={() => setOpen(false)} />}
    </>
  );
}

function SignatureDialog({ file, close }: { readonly file: CertificateDocument; readonly close: () => void }): ReactNode {
  const { t } = useTranslation();
  const list = file.signatures?.list ?? [];
  const state = file.signatures?.state ?? 'unverifiable';
  return (
    <Dialog title={t('signature.title')} onClose={close} size="large" testId="signature-panel">
      <div className="signature-answers">
        <div>
          <h3>{t('signature.here')}</h3>
          <p className={`text-${looks[state]}`}>
            <strong>{t(`signature.file.${state}`)}</strong>
          </p>
        </div>
        <div>
          <h3>{t('signature.platform')}</h3>
          <PlatformVerdict file={file} />
        </div>
      </div>
      <p className="muted">{t('signature.both')}</p>
      {list.length === 0 && <p className="note">{t(file.signatures === null ? 'signature.unread' : 'signature.noneWhy')}</p>}
      <ul className="signature-list">
        {list.map((signature, index) => (
          <li key={`${signature.id} ${index}`}>
            <SignatureCard signature={signature} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function SignatureCard({ signature }: { readonly signature: SignatureView }): ReactNode {
  const { t, i18n } = useTranslation();
  const language: Language = i18n.language === 'en' ? 'en' : 'zh-CN';
  const { state, kind, signer, signedAt, seal, covered, notCovered, findings } = signature;
  const look = looks[state];
  const rows: readonly (readonly [string, string])[] = [
    [t('signature.signer'), signer === null ? t('notice.none') : [signer.name, signer.organisation].filter((part, i, all) => part !== '' && all.indexOf(part) === i).join('，')],
    [t('signature.issuer'), signer?.issuer ?? t('notice.none')],
    [t('signature.validity'), signer === null ? t('notice.none') : `${printDayClock(signer.notBeforeAt)} – ${printDayClock(signer.notAfterAt)}`],
    [t('signature.time'), signedAt === null ? t('notice.none') : printDayClock(signedAt)],
    [t('signature.covered'), covered === 0 && notCovered.length === 0 ? t('signature.bytes') : t('signature.parts', { covered, left: notCovered.length })],
    [t('signature.kind'), kind],
  ];
  return (
    <section className="signature-card" data-testid="signature" data-state={state}>
      <div className="signature-seal">
        {seal?.pictureBase64 === undefined || seal.pictureBase64 === null ? (
          <Icon name={look === 'verified' ? 'shield-check' : 'shield'} size={52} stroke={1.2} />
        ) : (
          <img alt={t('signature.sealOf', { name: seal.name })} src={`data:image/${seal.type === 'jpg' ? 'jpeg' : seal.type};base64,${seal.pictureBase64}`} />
        )}
        {seal !== null && <span>{seal.name}</span>}
      </div>
      <div>
        <h3 className={`text-${look}`}>
          <Icon name={icons[look]} size={18} stroke={2} /> {t(`signature.state.${state}`)}
        </h3>
        <ul className="signature-findings">
          {findings.map(({ step, isNote, detail }) => (
            <li key={`${step} ${detail ?? ''}`} className={isNote ? 'muted' : `text-${look}`}>
              <Icon name={isNote ? 'question' : 'cross'} size={14} stroke={2} />
              {printSignatureStep(step, language)}
            </li>
          ))}
        </ul>
        <dl className="facts wide">
          {rows.map(([label, value]) => (
            <div className="fact" key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}
