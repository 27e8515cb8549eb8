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
export const maySeePayload = (caller: Caller, job: Owned): boolean =>
  hasRole(caller, 'operator') || isOwn(caller, job);

/** Operators control their own jobs, admins all of them. */
export function requireControl(caller: Caller, job: Owned): void {
  requireRole(caller, 'operator');
  if (!mayControl(caller, job)) requireRole(caller, 'admin');
}

export const mayControl = (caller: Caller, job: Owned): boolean =>
  hasRole(caller, 'admin') || (hasRole(caller, 'operator') && isOwn(caller, job));

interface Owned {
  readonly createdBy: string;
  readonly ownerId: string;
}

const isOwn = ({ id }: Caller, { ownerId, createdBy }: Owned): boolean => ownerId === id || createdBy === id;
