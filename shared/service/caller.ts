import { NotAllowed } from './errors.ts';

/** From weakest to strongest: each role may do what those before it may. */
export const ROLES = ['reader', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who calls, as the access token says. */
export interface Caller {
  /** The token's subject. */
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
  readonly role: Role;
}

const hasRole = (caller: Caller, needed: Role): boolean =>
  ROLES.indexOf(caller.role) >= ROLES.indexOf(needed);

export function requireRole(caller: Caller, needed: Role): void {
  if (!hasRole(caller, needed)) throw new NotAllowed(needed, caller.role);
}

/** Readers see everything but the payloads of others. */
export const maySeePayload = (caller: Caller, job: { createdBy: string; ownerId: string }): boolean =>
  hasRole(caller, 'operator') || job.ownerId === caller.id || job.createdBy === caller.id;

/** Operators control their own jobs, admins all of them. */
export function requireControl(caller: Caller, job: { createdBy: string; ownerId: string }): void {
  requireRole(caller, 'operator');
  const isOwn = job.ownerId === caller.id || job.createdBy === caller.id;
  if (!isOwn) requireRole(caller, 'admin');
}
