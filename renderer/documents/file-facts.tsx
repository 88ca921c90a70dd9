import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CertificateDocument } from '../../domain/contracts/counter.ts';
import { Icon } from '../components/icon.tsx';

const verdictLooks = { authentic: ['check', 'text-verified'], refused: ['cross', 'text-refused'], 'not-verified': ['question', ''] } as const;

/** What the platform answered when it was shown the file (YD 12.1.10): authentic, not, or no answer. */
export function PlatformVerdict({ file }: { readonly file: CertificateDocument }): ReactNode {
  const { t } = useTranslation();
  const [icon, look] = verdictLooks[file.platformVerdict];
  return (
    <span className={`file-facts ${look}`} data-testid="platform-verdict">
      <Icon name={icon} size={16} stroke={2} />
      {t(`certificate.platformVerdict.${file.platformVerdict}`)}
    </span>
  );
}

/** Whether the file was compared with a digest of the platform: said in words either way. */
export function FileFacts({ file }: { readonly file: CertificateDocument }): ReactNode {
  const { t } = useTranslation();
  return (
    <span className={file.digestCompared ? 'file-facts text-verified' : 'file-facts'} data-testid="file-facts" title={`SM3 ${file.sm3}`}>
      <Icon name={file.digestCompared ? 'check' : 'question'} size={16} stroke={2} />
      {t(file.digestCompared ? 'certificate.digestCompared' : 'certificate.digestNotGiven')}
    </span>
  );
}
