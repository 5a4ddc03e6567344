import { render } from 'preact';
import './style/index.css';
import { isUploading, restoreJobs } from './model/jobs.js';
import { loadLimits } from './model/limits.js';
import './model/theme.js';
import { Page } from './ui/page.js';

restoreJobs();
void loadLimits();
addEventListener('beforeunload', (event) => {
  if (isUploading()) event.preventDefault();
});

const root = document.getElementById('app');
if (root) render(<Page />, root);
