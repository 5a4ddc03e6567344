import { describe, expect, it } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { originOf } from './origin.js';

async function originFor(headers: Record<string, string>, trustProxy = 0): Promise<unknown> {
  const app = express().set('trust proxy', trustProxy);
  app.get('/', (req, res) => {
    res.json({ origin: originOf(req) ?? null });
  });
  const response = await request(app).get('/').set(headers);
  return (JSON.parse(response.text) as { readonly origin: unknown }).origin;
}

describe('originOf', () => {
  it.each([
    ['pdf.example.org', 'http://pdf.example.org'],
    ['PDF.example.org:8443', 'http://pdf.example.org:8443'],
    ['127.0.0.1:8000', 'http://127.0.0.1:8000'],
    ['[::1]:8000', 'http://[::1]:8000'],
    ['pdf_tools', 'http://pdf_tools'],
  ])('of the Host %s is %s', async (host, origin) => {
    expect(await originFor({ Host: host })).toBe(origin);
  });

  it.each(['', '<script>', 'a"b', "a'b", 'a b', '$(id)', 'a/b', 'a@b', 'a:b', 'a\\b', '-a', `${'a'.repeat(300)}.org`])(
    'is unknown for the Host %j',
    async (host) => {
      expect(await originFor({ Host: host })).toBeNull();
    },
  );

  it('has the scheme that a trusted proxy names, and no other word', async () => {
    const host = { Host: 'a.org' };
    expect(await originFor({ ...host, 'X-Forwarded-Proto': 'https' }, 1)).toBe('https://a.org');
    expect(await originFor({ ...host, 'X-Forwarded-Proto': 'https' }, 0)).toBe('http://a.org');
    expect(await originFor({ ...host, 'X-Forwarded-Proto': 'javascript' }, 1)).toBe('http://a.org');
  });
});
