import type { Caller } from '../../shared/service/caller.ts';

export const READER: Caller = { id: 'rita', role: 'reader' };
export const OPERATOR: Caller = { id: 'olga', role: 'operator', name: 'Olga', email: 'olga@example.com' };
export const ADMIN: Caller = { id: 'adam', role: 'admin' };
