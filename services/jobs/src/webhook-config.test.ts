import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, isSecret, readConfig } from '@pdf-tools/runtime/config';
import { webhookConfig, webhookKeys, webhookPolicy } from './webhook-config.js';

const schema = z.object(webhookConfig);
const key = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;

describe('the configuration of webhooks', () => {
  it('disables webhooks and allows only public https addresses by default', () => {
    const config = readConfig(schema, {});
    expect(config.WEBHOOK_SECRET).toBe('');
    expect(webhookPolicy(config)).toEqual({ allowHttp: false, ports: new Set([443]), allowedHosts: new Set() });
    expect(isSecret(webhookConfig.WEBHOOK_SECRET)).toBe(true);
  });

  it('reads keys, ports and hosts', () => {
    const config = readConfig(schema, {
      WEBHOOK_SECRET: `${key(24)}, ${key(64)}`,
      WEBHOOK_ALLOW_HTTP: 'on',
      WEBHOOK_ALLOWED_HOSTS: 'Intranet:8080,[0:0::1]:9000,2130706433',
      WEBHOOK_PORTS: '8443, 443',
    });
    expect(webhookKeys(config.WEBHOOK_SECRET).map(({ length }) => length)).toEqual([24, 64]);
    expect(webhookPolicy(config)).toEqual({
      allowHttp: true,
      ports: new Set([8443, 443]),
      allowedHosts: new Set(['intranet:8080', '[::1]:9000', '127.0.0.1']),
    });
    expect(webhookPolicy({ ...config, WEBHOOK_PORTS: '' }).ports).toEqual(new Set([443, 80]));
  });

  it.each([
    ['WEBHOOK_SECRET', 'secret'],
    ['WEBHOOK_SECRET', Buffer.alloc(32).toString('base64')],
    ['WEBHOOK_SECRET', key(23)],
    ['WEBHOOK_SECRET', key(65)],
    ['WEBHOOK_SECRET', `${key(24)}?`],
    ['WEBHOOK_SECRET', `${key(24)},x`],
    ['WEBHOOK_ALLOW_HTTP', 'true'],
    ['WEBHOOK_ALLOWED_HOSTS', 'http://host'],
    ['WEBHOOK_ALLOWED_HOSTS', 'host:0'],
    ['WEBHOOK_ALLOWED_HOSTS', 'intranet:web'],
    ['WEBHOOK_ALLOWED_HOSTS', 'a b'],
    ['WEBHOOK_ALLOWED_HOSTS', '10.0.0.0/8'],
    ['WEBHOOK_PORTS', '0'],
    ['WEBHOOK_PORTS', '65536'],
    ['WEBHOOK_PORTS', '443;80'],
  ])('rejects %s=%s without showing the value', (name, value) => {
    const read = () => readConfig(schema, { [name]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(name);
    expect(read).not.toThrow(value);
  });
});
