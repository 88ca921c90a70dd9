import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { zhCn } from './zh-cn.ts';

/** The languages of the window; the first is the original. */
export const languages = ['zh-CN', 'en'] as const;
export type Language = (typeof languages)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof zhCn };
  }
}

/** Starts the texts in Chinese, which is bundled; another language is loaded when it is chosen. */
export async function startLanguage(language: Language): Promise<i18n> {
  await i18next.use(initReactI18next).init({
    lng: 'zh-CN',
    fallbackLng: 'zh-CN',
    resources: { 'zh-CN': { translation: zhCn } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  await chooseLanguage(language);
  return i18next;
}

/** Switches the texts and the language of the document. */
export async function chooseLanguage(language: Language): Promise<void> {
  if (language === 'en' && !i18next.hasResourceBundle('en', 'translation')) {
    const { en } = await import('./en.ts');
    i18next.addResourceBundle('en', 'translation', en);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  document.title = i18next.t('app.name');
}
