import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CannotStart } from './cannot-start.ts';
import { dataFolderPath, prepareDataFolder } from './data-folder/data-folder.ts';
import { isRole, type Person, roles, signMachineToken, signToken } from './issuer/issuer.ts';
import { issuerKey } from './issuer/keys.ts';
import { trustedIssuer } from './issuer/trusted-issuer.ts';
import { projectRoot, synthesise } from './synth.ts';

/** `npm run --silent token -- <role>`: prints a token of the local issuer and nothing else; with `--machine` one of a program. */
const usage = `usage: npm run --silent token -- ${roles.join('|')} [--sub <user id>] [--name <user name>] [--machine]`;

try {
  console.log(await mintToken());
} catch (error) {
  console.error(error instanceof CannotStart ? error.message : error);
  process.exitCode = 1;
}

async function mintToken(): Promise<string> {
  const { machine, ...person } = readArguments();
  const dataFolder = dataFolderPath(projectRoot);
  prepareDataFolder(dataFolder);
  const trusted = trustedIssuer(await assemblyWithTemplate());
  const key = await issuerKey(dataFolder);
  return machine ? signMachineToken(key, trusted, person.role) : signToken(key, trusted, person);
}

function readArguments(): Person & { machine: boolean } {
  const options = {
    sub: { type: 'string' },
    name: { type: 'string' },
    machine: { type: 'boolean', default: false },
  } as const;
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
