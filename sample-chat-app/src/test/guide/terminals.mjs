import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingIn } from './loosely.mjs';

const COMMAND_MS = 180_000;
/** Long enough for a first build on a slow machine. */
const SEE_MS = 180_000;
const END_MS = 40_000;

/** The reader's shells: one in which each command ends before the next one, and numbered ones with what keeps running. */
export class Terminals {
  #work;
  #env;
  #open = new Map();
  #groups = new Set();
  #last;
  #count = 0;

  /** @param work a folder for scripts, outside of the project */
  constructor(folder, work, env) {
    this.folder = folder;
    this.#work = work;
    this.#env = env;
  }

  /** Runs to the end; it may change the folder for all that comes later. */
  async run(script) {
    const where = join(this.#work, 'folder');
    this.#last = this.#spawn(script, `trap 'pwd > "${where}"' EXIT\n`);
    this.#last.script = script;
    await within(COMMAND_MS, this.#last.ended, () => `It did not end:\n${this.#last.output}`);
    this.folder = readFileSync(where, 'utf8').trim();
    if (this.#last.code !== 0) throw new Error(`It ended with ${this.#last.code}:\n${this.#last.output}`);
  }

  start(terminal, script) {
    if (this.#open.get(terminal)?.code === undefined && this.#open.has(terminal)) {
      throw new Error(`Something is still running in terminal ${terminal}`);
    }
    this.#open.set(terminal, this.#spawn(script, ''));
  }

  /** What a numbered terminal shows sooner or later; of a command that ended it is there, or comes when it is run again. */
  async see(expected, { terminal, seconds }) {
    const ends = Date.now() + (terminal ? SEE_MS : seconds * 1000);
    for (;;) {
      const shell = terminal ? this.#of(terminal) : this.#last;
      const missing = missingIn(shell.output, expected);
      if (missing === undefined) return;
      if (Date.now() > ends || (terminal && shell.code !== undefined)) {
        throw new Error(`It does not show\n${missing}\nbut\n${shell.output.slice(-6_000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
      if (!terminal) await this.run(this.#last.script);
    }
  }

  async interrupt(terminal) {
    const shell = this.#of(terminal);
    signal(shell.pid, 'SIGINT');
    await within(END_MS, shell.ended, () => `Terminal ${terminal} did not end:\n${shell.output}`);
    this.#open.delete(terminal);
  }

  /** What each shows at its end, for whoever has to find out why. */
  report() {
    return [...this.#open].map(([name, { output }]) => `--- terminal ${name}\n${output.slice(-8_000)}`).join('\n');
  }

  close() {
    for (const group of this.#groups) signal(group, 'SIGKILL');
  }

  #of(terminal) {
    const shell = this.#open.get(terminal);
    if (!shell) throw new Error(`Nothing was started in terminal ${terminal}`);
    return shell;
  }

  #spawn(script, before) {
    const file = join(this.#work, `step-${++this.#count}.sh`);
    writeFileSync(file, `${before}set -e\n${script}`);
    // A group of its own, so that Ctrl-C reaches what it started, as in a terminal.
    const child = spawn('bash', [file], { cwd: this.folder, env: this.#env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const shell = { pid: child.pid, output: '', code: undefined };
    this.#groups.add(child.pid);
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (shell.output += text));
    shell.ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, name) => resolve((shell.code = code ?? name)));
    });
    return shell;
  }
}

function signal(group, name) {
  try {
    process.kill(-group, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function within(ms, promise, why) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(why())), ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
