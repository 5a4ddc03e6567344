import { currentOperation, openOperation } from '../model/draft.js';
import { operationNames } from '../model/operation.js';
import { operationText, t } from '../text/index.js';
import type { IconName } from './icon.js';
import { TabList } from './tab-list.js';

const ICONS: Readonly<Record<string, IconName>> = {
  'merge-pdf': 'merge',
  'compress-pdf': 'compress',
  'image-to-pdf': 'image',
};

/** The operations as tabs. */
export function Tabs() {
  const tabs = operationNames.map((name) => ({
    name,
    label: operationText(name).name,
    icon: ICONS[name] ?? ('file' as const),
  }));
  return (
    <TabList label={t().tabs} tabs={tabs} open={currentOperation.value} panelId="workspace" onOpen={openOperation} />
  );
}
