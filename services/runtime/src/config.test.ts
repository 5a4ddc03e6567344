import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError, choice, decimal, integer, onOff, readConfig, secret, text } from './config.js';

const schema = z.object({
  COUNT: integer({ min: 1, max: 9, default: 3, description: 'count' }),
  HOURS: decimal({ default: 1, description: 'hours' }),
  SWITCH: onOff({ default: true, description: 'switch' }),
  WORD: choice(['red', 'blue'], { default: 'red', description: 'word' }),
  NAME: text({ default: 'nobody', description: 'name' }),
  TOKEN: secret({ description: 'token' }),
});

function problems(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(schema, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
  }
  return [];
}

describe('readConfig', () => {
  it('takes defaults for what is unset or empty', () => {
    const defaults = { COUNT: 3, HOURS: 1, SWITCH: true, WORD: 'red', NAME: 'nobody', TOKEN: '' };
    expect(readConfig(schema, {})).toEqual(defaults);
    expect(readConfig(schema, { COUNT: '', NAME: '', SWITCH: '' })).toEqual(defaults);
  });

  it('reads what is set', () => {
    const set = { COUNT: '9', HOURS: '0.5', SWITCH: 'off', WORD: 'blue', NAME: 'x', TOKEN: 's' };
    expect(readConfig(schema, set)).toEqual({
      COUNT: 9,
      HOURS: 0.5,
      SWITCH: false,
      WORD: 'blue',
      NAME: 'x',
      TOKEN: 's',
    });
  });

  it('names every bad variable and its valid values, and none of the values', () => {
    const found = problems({ COUNT: '10', HOURS: '-1', SWITCH: 'maybe', WORD: 'green' });
    expect(found).toHaveLength(4);
    expect(found[0]).toBe('COUNT: must be a whole number from 1 to 9');
    expect(found[3]).toBe('WORD: must be one of: red, blue');
    expect(found.join()).not.toMatch(/10|-1|maybe|green/);
  });

  it.each(['1.5', '1e1', '0x1', ' 1', 'one'])('does not take %j for a whole number', (value) => {
    expect(problems({ COUNT: value })).toHaveLength(1);
  });

  it('reads a secret from the file that NAME_FILE names, and nothing else from files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    const file = join(folder, 'token');
    writeFileSync(file, 'from a file\n');
    expect(readConfig(schema, { TOKEN_FILE: file, NAME_FILE: file })).toMatchObject({
      TOKEN: 'from a file',
      NAME: 'nobody',
    });
    expect(problems({ TOKEN_FILE: join(folder, 'missing') })).toEqual(['TOKEN_FILE: cannot be read']);
    rmSync(folder, { recursive: true });
  });
});
