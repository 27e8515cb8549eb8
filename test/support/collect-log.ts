import { jest } from '@jest/globals';

/** Collects the lines that are logged from now on, and keeps them off the terminal; see `log-to-console.ts`. */
export function collectLog(): { lines: () => Record<string, unknown>[] } {
  const texts: unknown[] = [];
  const collect = (text: unknown) => void texts.push(text);
  for (const level of ['info', 'error', 'warn', 'debug'] as const) {
    jest.spyOn(console, level).mockImplementation(collect);
  }
  return { lines: () => texts.map((text) => parsed(String(text))) };
}

function parsed(text: string): Record<string, unknown> {
  const line: unknown = JSON.parse(text);
  if (typeof line !== 'object' || line === null) throw new Error(`This is no log line: ${text}`);
  return { ...line };
}
