import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createPresenterApi } from './presenter-api.ts';
import { PresenterPage } from './presenter-page.tsx';
import { readPreset } from './preset.ts';
import './presenter.css';

const root = document.getElementById('root');
if (root === null) throw new Error('page without root');
const api = createPresenterApi((path, init) => fetch(path, init));
createRoot(root).render(
  <StrictMode>
    <PresenterPage api={api} preset={readPreset(location.search)} />
  </StrictMode>,
);
