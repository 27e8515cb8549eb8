import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CannotStart } from './cannot-start.ts';
import { dataFolderPath, prepareDataFolder } from './data-folder/data-folder.ts';
import { isRole, issuerKey, type Role, roles, signToken } from './issuer/issuer.ts';
import { trustedIssuer } from './issuer/trusted-issuer.ts';
import { projectRoot, synthesise } from './synth.ts';

/** `npm run --silent token -- <role>`: prints a token of the local issuer and nothing else. */
const usage = `usage: npm run --silent token -- ${roles.join('|')} [--sub <user id>] [--name <user name>]`;

try {
  console.log(await mintToken());
} catch (error) {
  console.error(error instanceof CannotStart ? error.message : error);
  process.exitCode = 1;
}

async function mintToken(): Promise<string> {
  const { role, sub, name } = readArguments();
  const dataFolder = dataFolderPath(projectRoot);
  prepareDataFolder(dataFolder);
  const trusted = trustedIssuer(await assemblyWithTemplate());
  return signToken(await issuerKey(dataFolder), { role, ...trusted, sub, name });
}

function readArguments(): { role: Role; sub?: string | undefined; name?: string | undefined } {
  const options = { sub: { type: 'string' }, name: { type: 'string' } } as const;
  const { positionals, values } = parsed(() => parseArgs({ options, allowPositionals: true }));
  const [role, ...others] = positionals;
  if (isRole(role) && others.length === 0) return { role, ...values };
  return refuse(role === undefined ? 'a role is missing' : `"${positionals.join(' ')}" is not a role`);
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    return refuse(String(error));
  }
}

function refuse(reason: string): never {
  console.error(`${reason}\n${usage}`);
  process.exit(2);
}

async function assemblyWithTemplate(): Promise<string> {
  const assembly = join(projectRoot, 'cdk.out');
  return existsSync(join(assembly, 'manifest.json')) ? assembly : (await synthesise()).assembly;
}
