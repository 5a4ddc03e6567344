import { render } from 'preact';
import '../style/index.css';
import './operators.css';
import '../model/theme.js';
import { OperatorPage } from './page.js';
import { watch } from './state.js';

watch();
const root = document.getElementById('app');
if (root) render(<OperatorPage />, root);
