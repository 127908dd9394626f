// What a reader has while reading: a server with the sample, and a shell in its folder.
import {execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout} from 'node:timers/promises';
import {Server} from '../clients/server.mjs';

const PREFECTURE = '31';
const SERVICES = 4;
const KINDS = ['areas', 'areaChanges', 'areaRoles', 'regions', 'regionMembers', 'jointGroups', 'jointGroupMembers',
  'facilities', 'nurses', 'openings', 'legalBases', 'coordinators', 'placements', 'councils', 'meetings', 'localIssues', 'planTargets'];
// Runs the commands that come on file descriptor 3, separated by NUL, and writes a NUL after the output of each.
const SHELL = 'exec 2>&1; while IFS= read -r -d "" command <&3; do eval "$command" </dev/null 3<&-; printf "\\0"; done';

export class Session {
  // `bin`: the folder of the programs. `root`: of the repository. `language`: ja or en.
  static async start(bin, root, language) {
    const session = new Session();
    session.server = await Server.start([path.join(bin, 'tsunagu'), 'serve', '--log-level', 'warning']);
    session.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsunagu-docs-'));
    fs.symlinkSync(session.server.folder, path.join(session.folder, 'data'));
    const kept = Object.entries(process.env).filter(([name]) => !/^(TSUNAGU_|LC_|LANG)/.test(name));
    session.environment = {
      ...Object.fromEntries(kept),
      PATH: `${path.resolve(bin)}:${process.env.PATH}`,
      LANG: language === 'ja' ? 'ja_JP.UTF-8' : 'C.UTF-8',
      TSUNAGU_ADDR: session.server.address,
      WEB: `http://${session.server.address}`,
      TSUNAGU_KEY_FILE: path.join(session.server.folder, 'admin.key'),
    };
    for (const kind of KINDS) {
      const file = path.join(root, 'services/suite/sample', PREFECTURE, `${kind}.csv`);
      execFileSync(path.join(bin, 'tsunagu'), ['import', kind, file], {env: session.environment});
    }
    for (const [method, file] of [['SurveyFormService/CreateSurveyForm', 'surveyForm.json'],
      ['SurveyRoundService/CreateSurveyRound', 'surveyRound.json']]) {
      const request = `@${path.join(root, 'services/suite/sample', PREFECTURE, file)}`;
      execFileSync(path.join(bin, 'tsunagu'), ['call', `tsunagu.registry.v1.${method}`, request], {env: session.environment});
    }
    execFileSync(path.join(bin, 'tsunagu-demo'), ['--prefecture', PREFECTURE, '--proposal'], {env: session.environment});
    await session.waitForCheckpoints();
    return session;
  }

  // The server signs its first checkpoints within seconds; a reader has them when verify-journal is due.
  async waitForCheckpoints() {
    const folder = path.join(this.server.folder, 'checkpoints');
    const there = () => fs.existsSync(folder) && fs.readdirSync(folder).length === SERVICES;
    for (let tries = 0; !there(); ++tries) {
      if (tries === 300) throw new Error('no checkpoints after 30 seconds');
      await setTimeout(100);
    }
  }

  openShell() {
    this.closeShell();
    const shell = spawn('bash', ['-c', SHELL],
        {cwd: this.folder, env: this.environment, detached: true, stdio: ['ignore', 'pipe', 'inherit', 'pipe']});
    shell.stdout.setEncoding('utf8');
    this.shell = shell;
  }

  // Runs one command in the open shell; the lines that it prints on standard output and standard error, without
  // byte order marks, which a terminal does not show.
  async run(command) {
    const {stdout, stdio} = this.shell;
    stdio[3].write(`${command}\0`);
    let output = '';
    while (!output.endsWith('\0')) {
      const chunk = await new Promise((resolve, reject) => {
        const ended = () => reject(new Error(`the shell ended at: ${command}`));
        stdout.once('data', (text) => {
          stdout.off('end', ended);
          stdout.pause();
          resolve(text);
        });
        stdout.once('end', ended);
        stdout.resume();
      });
      output += chunk;
    }
    const lines = output.slice(0, -1).replaceAll('\uFEFF', '').split('\n');
    if (lines.at(-1) === '') lines.pop();
    return lines;
  }

  closeShell() {
    if (!this.shell) return;
    process.kill(-this.shell.pid, 'SIGKILL');  // and whatever it has started
    this.shell = null;
  }

  async remove() {
    this.closeShell();
    await this.server.remove();
    fs.rmSync(this.folder, {recursive: true, force: true});
  }
}
