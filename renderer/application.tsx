import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ApplicationProviders, type ApplicationTools } from './application-providers.tsx';
import { isAdministratorRole } from '../domain/roles.ts';
import { useClipboardCare } from './clipboard-care.ts';
import { CaseStrip } from './components/case-strip.tsx';
import { CrashNet } from './components/crash-net.tsx';
import { loadLater } from './components/load-later.tsx';
import { Footer } from './components/footer.tsx';
import { MessageBar } from './components/message-bar.tsx';
import { Rail } from './components/rail.tsx';
import { TopBar } from './components/top-bar.tsx';
import { useCounter } from './counter/counter-context.tsx';
import { Listeners } from './listeners.tsx';
import { Overlays } from './overlays.tsx';
import { VerifyScreen } from './screens/verify/verify-screen.tsx';
import { AccessScreen } from './screens/access/access-screen.tsx';
import { KeyFileAgain } from './screens/access/key-file-again.tsx';
import { SessionKeeper } from './screens/access/session-keeper.tsx';
import { isWorking } from './counter/session-gate.ts';
import { firstPlaceOf, placeOf, type ScreenId, useWindow } from './window-state.tsx';

const CertificatesScreen = loadLater(() => import('./screens/certificates/certificates-screen.tsx').then((module) => module.CertificatesScreen));
const RecordsScreen = lazy(() => import('./screens/records/records-screen.tsx').then((module) => ({ default: module.RecordsScreen })));
const AuditScreen = lazy(() => import('./screens/audit/audit-screen.tsx').then((module) => ({ default: module.AuditScreen })));
const DevicesScreen = lazy(() => import('./screens/devices/devices-screen.tsx').then((module) => ({ default: module.DevicesScreen })));
const PeopleScreen = lazy(() => import('./screens/people/people-screen.tsx').then((module) => ({ default: module.PeopleScreen })));
const SettingsScreen = lazy(() => import('./screens/settings/settings-screen.tsx').then((module) => ({ default: module.SettingsScreen })));

/** The whole window. */
export function Application({ tools }: { readonly tools: ApplicationTools }): ReactNode {
  return (
    <ApplicationProviders tools={tools}>
      <CrashNet>
        <Place hasToken={tools.hasToken} />
      </CrashNet>
    </ApplicationProviders>
  );
}

/** The counter, or, while nobody may work at it, its door. */
function Place({ hasToken }: { readonly hasToken: boolean }): ReactNode {
  const access = useCounter((state) => state.access);
  useClipboardCare();
  useArrival();
  if (access !== null && !isWorking(access.state)) return <AccessScreen access={access} />;
  return (
    <>
      <Listeners />
      <SessionKeeper />
      <KeyFileAgain />
      <Frame hasToken={hasToken} />
    </>
  );
}

/** Whoever logs in after somebody else begins at a place of their own; whoever comes back is where they were. */
function useArrival(): void {
  const operator = useCounter((state) => (state.access?.state === 'open' ? (state.session?.operator ?? null) : null));
  const { go } = useWindow();
  const last = useRef<string | null>(null);
  useEffect(() => {
    if (operator === null) return;
    if (last.current !== null && last.current !== operator.id) go(firstPlaceOf(operator.role));
    last.current = operator.id;
  }, [operator, go]);
}

function Frame({ hasToken }: { readonly hasToken: boolean }): ReactNode {
  const { t } = useTranslation();
  const { screen } = useWindow();
  const known = useCounter((state) => state.session !== null);
  const training = useCounter((state) => state.session?.mode === 'training');
  const worksAtCounter = useCounter((state) => state.session === null || !isAdministratorRole(state.session.operator.role));
  return (
    <div className={training ? 'frame training' : 'frame'} data-screen={screen}>
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <TopBar />
      <Rail />
      <main id="content" tabIndex={-1}>
        <MessageBar hasToken={hasToken} />
        {known && (
          <>
            {worksAtCounter && <CaseStrip />}
            <Suspense fallback={<p className="empty">{t('general.loading')}</p>}>
              <Screen id={screen} />
            </Suspense>
          </>
        )}
      </main>
      <Footer />
      <Overlays />
    </div>
  );
}

function Screen({ id }: { readonly id: ScreenId }): ReactNode {
  const role = useCounter((state) => state.session?.operator.role ?? 'operator');
  switch (placeOf(role, id)) {
    case 'verify':
      return <VerifyScreen />;
    case 'certificates':
      return <CertificatesScreen />;
    case 'records':
      return <RecordsScreen />;
    case 'audit':
      return <AuditScreen />;
    case 'devices':
      return <DevicesScreen />;
    case 'people':
      return <PeopleScreen />;
    case 'settings':
      return <SettingsScreen />;
  }
}
