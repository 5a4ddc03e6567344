import { describe, expect, it } from '@jest/globals';
import { CallbackRefused, readCallback } from './callback-url.js';
import { webhookPolicy } from './webhook-config.js';

const usual = webhookPolicy({ WEBHOOK_ALLOW_HTTP: false, WEBHOOK_ALLOWED_HOSTS: '', WEBHOOK_PORTS: '' });
const lenient = webhookPolicy({
  WEBHOOK_ALLOW_HTTP: true,
  WEBHOOK_ALLOWED_HOSTS: '127.0.0.1:9000, Intranet.Example, [::1]:9000,10.0.0.5',
  WEBHOOK_PORTS: '',
});

describe('readCallback', () => {
  it.each([
    ['https://example.com', 'https://example.com/'],
    ['HTTPS://Example.COM/Path?q=1#part', 'https://example.com/Path?q=1'],
    ['https://example.com:443/x', 'https://example.com/x'],
    ['https://example.com./x', 'https://example.com./x'],
    ['https://8.8.8.8/', 'https://8.8.8.8/'],
    ['https://134744072/', 'https://8.8.8.8/'],
    ['https://[2606:4700:4700::1111]/', 'https://[2606:4700:4700::1111]/'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
    ['https:example.com', 'https://example.com/'],
    ['https://localhost.example.com/', 'https://localhost.example.com/'],
    ['https://notlocal/', 'https://notlocal/'],
  ])('accepts %s', (text, href) => {
    expect(readCallback(text, usual).url.href).toBe(href);
  });

  it('removes trailing dots and brackets from the host to resolve', () => {
    expect(readCallback('https://Example.com../', usual)).toMatchObject({ host: 'example.com', port: 443 });
    expect(readCallback('https://[2606:4700::1]/', usual).host).toBe('2606:4700::1');
  });

  describe.each<[string, string[]]>([
    [
      'must be an absolute URL',
      ['', 'example.com/x', '/x', '//example.com', 'https://', 'https://exa mple.com/', 'https://example.com:99999/'],
    ],
    ['must be an absolute URL', [' https://example.com/', 'ht\ttps://example.com/', 'https://example.com/\r\nX: y']],
    ['must be an absolute URL', ['https:\\\\example.com\\', 'https://example.com\\@127.0.0.1/', 'https://1.1.1.1\0/']],
    [
      'must be an absolute URL',
      ['https://[::1', 'https://[fe80::1%25eth0]/', 'https://256.1.1.1/', 'https://1.2.3.4.5/'],
    ],
    [
      'must be an https address',
      [
        'http://example.com/',
        'HTTP://example.com/',
        'ftp://example.com/',
        'file:///etc/passwd',
        'gopher://x/',
        'data:,x',
      ],
    ],
    [
      'must be an https address',
      ['javascript:1', 'unix:/var/run/docker.sock', 'ws://example.com/', 'blob:https://x/y'],
    ],
    ['must have no user name', ['https://a@example.com/', 'https://a:b@example.com/', 'https://:b@example.com/']],
    ['must have no user name', ['https://example.com@127.0.0.1/', 'https://example.com%2f@10.0.0.1/']],
    [
      'must have one of the ports 443',
      ['https://example.com:8443/', 'https://example.com:22/', 'https://example.com:80'],
    ],
    ['must have one of the ports 443', ['https://example.com:0/', 'https://127.0.0.1:6379/']],
    ['must have at most 2000 characters', [`https://example.com/${'x'.repeat(1_981)}`]],
  ])('“%s…”', (message, texts) => {
    it.each(texts)('%j', (text) => {
      expect(() => readCallback(text, usual)).toThrow(CallbackRefused);
      expect(() => readCallback(text, usual)).toThrow(message);
    });
  });

  it.each([
    ...[
      'localhost',
      'LOCALHOST',
      'localhost.',
      'a.localhost',
      'printer.local',
      'metadata.google.internal',
      'x.internal.',
    ],
    ...[
      '127.0.0.1',
      '127.0.0.1.',
      '127.1',
      '127.0.1',
      '2130706433',
      '0x7f000001',
      '0x7f.1',
      '0177.0.0.1',
      '017700000001',
    ],
    ...['%31%32%37.0.0.1', '１２７.0.0.1', '127。0。0。1', '①②⑦.0.0.1', '0', '0.0.0.0', '0x0', '00'],
    ...['10.0.0.1', '10.1', '167772161', '0xa000001', '172.16.0.1', '192.168.1.1', '3232235777', '192.168.257'],
    ...['169.254.169.254', '2852039166', '0xA9FEA9FE', '0251.0376.0251.0376', '169.254.43518', '100.100.100.200'],
    ...['100.64.0.1', '192.0.2.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '255.255.255.255', '4294967295'],
    ...['[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[fe80::1]'],
    ...['[fc00::1]', '[fd00:ec2::254]', '[ff02::1]', '[64:ff9b::7f00:1]', '[64:ff9b::169.254.169.254]'],
    ...['[2002:7f00:1::]', '[2001:0:4136:e378:8000:63bf:3fff:fdd2]', '[2001:db8::1]', '[::ffff:0:127.0.0.1]'],
  ])('refuses the host %s, which is not public', (host) => {
    expect(() => readCallback(`https://${host}/x`, usual)).toThrow('must have a public address');
  });

  it('accepts http, port 80 and private hosts if the operator allows them', () => {
    for (const url of [
      'http://example.com/',
      'http://127.0.0.1:9000/',
      'https://INTRANET.example/',
      'https://[::1]:9000',
    ])
      expect(() => readCallback(url, lenient)).not.toThrow();
    expect(readCallback('http://127.0.0.1:9000/', lenient).mayBePrivate).toBe(true);
    expect(readCallback('http://intranet.example./', lenient).mayBePrivate).toBe(true);
    expect(readCallback('http://0x7f.1:9000/', lenient).mayBePrivate).toBe(true);
    expect(readCallback('http://example.com/', lenient).mayBePrivate).toBe(false);
  });

  it.each([
    'http://127.0.0.1:9001/',
    'http://127.0.0.1/',
    'http://10.0.0.5:9000/',
    'http://127.0.0.2:9000/',
    'http://[::1]/',
  ])('refuses %s, because an allowed host is allowed only on its port', (url) => {
    expect(() => readCallback(url, lenient)).toThrow(CallbackRefused);
  });
});
