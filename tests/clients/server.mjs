// A server of one's own: in a folder of its own, on a free port.
import {execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import readline from 'node:readline';
import {HttpsIssuer, Issuer} from './issuer.mjs';

export class Server {
  // `command`: the binary and what goes before its flags, such as ["build/bin/tsunagu", "serve"]; `flags`: more of them,
  // among which --web-tls stands for a certificate of its own, and --issuers for issuers that it trusts.
  static async start(command, flags = []) {
    const server = new Server();
    server.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsunagu-client-'));
    server.files = fs.mkdtempSync(path.join(os.tmpdir(), 'tsunagu-files-'));
    const [binary, ...before] = command;
    if (flags.includes('--web-tls')) flags = server.#withCertificate(flags);
    if (flags.includes('--issuers')) flags = await server.#withIssuers(flags);
    const given = ['--data-dir', server.folder, '--listen', '127.0.0.1:0', ...flags];
    server.process = spawn(binary, [...before, ...given],
        {stdio: ['ignore', 'pipe', 'inherit']});
    process.on('exit', () => server.process.kill('SIGKILL'));  // also where nobody catches an error
    server.exited = new Promise((resolve) => {
      server.process.on('exit', (code, signal) => resolve(signal ?? code));
      server.process.on('error', (error) => resolve(error.message));
    });
    const lines = readline.createInterface({input: server.process.stdout});
    const told = (beginning) => new Promise((resolve) => {
      lines.on('line', (line) => {
        if (line.startsWith(beginning)) resolve(line.slice(beginning.length));
      });
    });
    const web = flags.includes('--web-listen') ? told('web on ') : undefined;
    const metrics = flags.includes('--admin-listen') ? told('metrics on ') : undefined;
    [server.address, server.web, server.metrics] = await Promise.race([
      Promise.all([told('listening on '), web, metrics]),
      server.exited.then((how) => Promise.reject(new Error(`the server ended before it listened: ${how}`))),
    ]);
    server.key = fs.readFileSync(path.join(server.folder, 'admin.key'), 'utf8').trim();
    return server;
  }

  // One with a file, one with an address, and one with an address that the named authority does not vouch for.
  async #withIssuers(flags) {
    this.issuer = await Issuer.create(this.files);
    const own = this.#makeCertificate('jwks'), other = this.#makeCertificate('other');
    this.machines = await HttpsIssuer.create('https://machines.example', {...own, ca: own.certificate});
    this.impostor = await HttpsIssuer.create('https://impostor.example', {...other, ca: own.certificate});
    const entries = [this.issuer, this.machines, this.impostor].map((issuer) => issuer.entry);
    const list = path.join(this.files, 'issuers.yaml');
    fs.writeFileSync(list, entries.join(''));
    return [...flags.filter((flag) => flag !== '--issuers'), '--jwt-issuers', list];
  }

  // For localhost and 127.0.0.1, signed by itself.
  #makeCertificate(name) {
    const [certificate, key] = ['crt', 'key'].map((ending) => path.join(this.files, `${name}.${ending}`));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1',
      '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', certificate],
    {stdio: 'ignore'});
    return {certificate, key};
  }

  #withCertificate(flags) {
    const {certificate, key} = this.#makeCertificate('web');
    this.certificate = fs.readFileSync(certificate);
    return [...flags.filter((flag) => flag !== '--web-tls'), '--web-tls-cert', certificate, '--web-tls-key', key];
  }

  terminate() {
    this.process.kill('SIGTERM');
  }

  // Whatever happened: leaves nothing behind.
  async remove() {
    this.process.kill('SIGKILL');
    await this.exited;
    this.machines?.server.close();
    this.impostor?.server.close();
    for (const folder of [this.folder, this.files]) fs.rmSync(folder, {recursive: true, force: true});
  }
}
