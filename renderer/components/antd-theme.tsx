import { ConfigProvider, theme as antdTheme } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { type ReactNode, useSyncExternalStore } from 'react';
import { usePreferences } from '../application-providers.tsx';
import { type ThemeName, themes } from '../styles/tokens.ts';

/** antd under the window's own tokens, language and style nonce; every screen that uses it stands inside. */
export function AntdTheme({ children }: { readonly children: ReactNode }): ReactNode {
  const { language } = usePreferences();
  const name = useSyncExternalStore(followTheme, readTheme);
  const colours = themes[name];
  return (
    <ConfigProvider
      csp={{ nonce: document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '' }}
      button={{ autoInsertSpace: false }}
      locale={language === 'en' ? enUS : zhCN}
      theme={{
        algorithm: name === 'light' ? antdTheme.defaultAlgorithm : antdTheme.darkAlgorithm,
        token: {
          colorPrimary: colours['brand-fill'],
          colorLink: colours.brand,
          colorText: colours.ink,
          colorTextSecondary: colours['ink-2'],
          colorTextPlaceholder: colours.label,
          colorTextDescription: colours.label,
          colorTextQuaternary: colours.label,
          colorIcon: colours.label,
          colorBgContainer: colours.card,
          colorBgElevated: colours.card,
          colorBgLayout: colours.ground,
          colorBorder: colours['line-strong'],
          colorBorderSecondary: colours.line,
          colorSuccess: colours.verified,
          colorError: colours.refused,
          colorWarning: colours.caution,
          colorTextLightSolid: colours['on-fill'],
          borderRadius: 6,
          borderRadiusLG: 8,
          fontSize: 14,
          fontFamily: 'var(--font)',
          controlHeight: 34,
          motion: false,
          wireframe: false,
        },
        components: {
          Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', dangerColor: colours.card, defaultHoverColor: colours.brand, defaultHoverBorderColor: colours.brand, defaultActiveColor: colours.brand, defaultActiveBorderColor: colours.brand },
          // Dark grey on black shows nobody which one is chosen.
          ...(name !== 'light' ? { Segmented: { itemSelectedBg: colours['brand-fill'], itemSelectedColor: colours['on-fill'] } } : {}),
          Form: { itemMarginBottom: 14, verticalLabelPadding: '0 0 4px' },
        },
      }}
    >
      {children}
    </ConfigProvider>
  );
}

function readTheme(): ThemeName {
  const named = document.documentElement.dataset['theme'];
  return named === 'dark' || named === 'contrast' ? named : 'light';
}

function followTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
