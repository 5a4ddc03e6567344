import { Fault } from '../../fault.js';

const MAX_NAME = 40;

/** The `Fault` for an entry of an encryption dictionary that is absent or makes no sense. */
export function nonsense(key: string): Fault {
  return new Fault('corrupt_pdf', `has an encryption dictionary whose ${key} makes no sense`);
}

/** The `Fault` for an encryption that is none of ours. The name comes from the file. */
export function unsupported(name: string): Fault {
  const printable = name.replace(/[^ -~]/g, '?').slice(0, MAX_NAME);
  return new Fault('password_required', `is encrypted by a handler that is not supported: ${printable}`);
}
