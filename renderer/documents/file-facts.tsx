import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CertificateDocument } from '../../domain/contracts/counter.ts';
import { Icon } from '../components/icon.tsx';

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
