import { useState } from 'preact/hooks';
import { getResult } from '../api/client.js';
import { apiKey } from '../api/key.js';
import { t } from '../text/index.js';
import { Button } from './button.js';
import { Icon } from './icon.js';

/** Downloads a result. The browser itself does so, except with an API key, which a link cannot send. */
export function DownloadLink({ id }: { id: string }) {
  const [isLoading, setLoading] = useState(false);
  const { download } = t().result;
  if (apiKey.value === '') {
    return (
      <a class="button primary" href={`/api/jobs/${id}/result`} download>
        <Icon name="download" />
        <span>{download}</span>
      </a>
    );
  }
  return (
    <Button
      kind="primary"
      icon="download"
      disabled={isLoading}
      onClick={() => {
        setLoading(true);
        void save(id).finally(() => {
          setLoading(false);
        });
      }}
    >
      {download}
    </Button>
  );
}

async function save(id: string): Promise<void> {
  const response = await getResult(id);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = fileName(response.headers.get('content-disposition') ?? '');
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 60_000);
}

/** Returns the file name of a Content-Disposition header (RFC 6266). */
function fileName(disposition: string): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  if (encoded !== undefined) return decodeURIComponent(encoded);
  return /filename="?([^";]+)"?/.exec(disposition)?.[1] ?? 'result.pdf';
}
