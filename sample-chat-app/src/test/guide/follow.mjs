// Follows a guide literally, in an empty folder:
// node follow.mjs GUIDE.md [--section TITLE] [--service FOLDER] [--boot VERSION] [--redis]
// Writes its files, runs its commands, and looks for what it says that one sees. Prints each step; ends with 1 at the
// first that fails. TutorialIT runs it; what it needs to know comes in GUIDE_ variables of the environment.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { section, stepsOf } from './guide.mjs';
import { mavenFor } from './maven.mjs';
import * as project from './project.mjs';
import { Terminals } from './terminals.mjs';
import { provideTools } from './tools.mjs';
import { Windows } from './windows.mjs';

const { values: options, positionals: [guide] } = parseArgs({
  allowPositionals: true,
  options: { section: { type: 'string' }, service: { type: 'string' }, boot: { type: 'string' }, redis: { type: 'boolean' } },
});
const { env } = process;
const root = resolve(env.GUIDE_ROOT ?? '.');
const work = mkdtempSync(join(tmpdir(), 'guide-'));
const folder = join(work, 'empty');
if (options.service) cpSync(options.service, folder, { recursive: true });
else mkdirSync(folder);
if (options.boot && options.service) project.useBoot(folder, options.boot);

const bin = mavenFor(work, {
  root,
  home: env.GUIDE_MAVEN_HOME,
  localRepository: env.GUIDE_LOCAL_REPOSITORY,
  settings: env.GUIDE_SETTINGS?.replace('file:', ''),
  offline: env.GUIDE_OFFLINE === 'offline:true',
  version: env.GUIDE_VERSION,
});
provideTools(bin);
// The guide's ports may be taken on this machine: TutorialIT has reserved others. Nothing else of the guide is changed.
const reserved = env.GUIDE_PORTS?.split(',') ?? [];
const ports = new Map(['8080', '8081', '6379'].map((port, index) => [port, reserved[index] ?? port]));
let text = readFileSync(guide, 'utf8');
if (options.section) text = section(text, options.section);
for (const [written, free] of ports) text = text.replaceAll(new RegExp(`\\b${written}\\b`, 'g'), free);

const terminals = new Terminals(folder, work, {
  ...env,
  PATH: bin + delimiter + env.PATH,
  // Short runs: what they compile is not worth optimizing.
  JAVA_TOOL_OPTIONS: `${env.JAVA_TOOL_OPTIONS ?? ''} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC`,
  SERVER_PORT: ports.get('8080'),
  SPRING_DATA_REDIS_PORT: ports.get('6379'),
});
const windows = new Windows();
const actions = {
  write: (step) => {
    project.write(terminals.folder, step);
    if (options.boot && step.path === 'pom.xml') project.useBoot(terminals.folder, options.boot);
  },
  edit: (step) => project.edit(terminals.folder, step),
  append: (step) => project.append(terminals.folder, step),
  run: ({ script }) => terminals.run(script),
  start: ({ terminal, script }) => terminals.start(terminal, script),
  see: ({ expected, ...where }) => terminals.see(expected, where),
  interrupt: ({ terminal }) => terminals.interrupt(terminal),
  look: (step) => windows.look(step.text),
};

let step;
try {
  if (options.redis) terminals.start('of Redis', `redis-server --port ${ports.get('6379')} --save ''`);
  for (step of stepsOf(text)) {
    const begun = Date.now();
    await actions[step.does](step);
    console.log(`${describe(step)} (${Date.now() - begun} ms)`);
  }
} catch (error) {
  console.error(`FAILED ${describe(step ?? {})}\n${error.stack}\n${terminals.report()}`);
  process.exitCode = 1;
} finally {
  await windows.close();
  terminals.close();
  if (env.GUIDE_KEEP) console.log(`Everything is left in ${work}`);
  else rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}

function describe({ line, heading, does, path, terminal, script, expected, text: sentence }) {
  const what = path ?? (script ?? expected ?? sentence ?? '').trim().split('\n')[0];
  return `line ${line} [${heading}] ${does}${terminal ? ` in terminal ${terminal}` : ''}: ${what}`;
}
