import { v5 } from 'uuid';

/** What Dataverse calls an extension is an operation here: its name, hashed, stands for it. */
export const extensionId = (operation: string): string => v5(operation, v5.URL);
