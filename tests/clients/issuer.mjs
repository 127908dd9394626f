// An issuer of tokens that the server trusts, made with a library that knows nothing of this program: jose.
import fs from 'node:fs';
import path from 'node:path';
import {exportJWK, generateKeyPair, SignJWT} from 'jose';

const NAME = 'https://id.example/realms/staff';
export const AUDIENCE = 'urn:tsunagu';
export const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

export class Issuer {
  // Its files lie in `folder`; `flags` are those of a server that trusts it.
  static async create(folder) {
    const issuer = new Issuer();
    issuer.name = NAME;
    issuer.file = path.join(folder, 'staff.jwks.json');
    issuer.keys = new Map();
    for (const algorithm of ALGORITHMS) await issuer.addKey(algorithm, algorithm);
    issuer.publish();
    const list = path.join(folder, 'issuers.yaml');
    fs.writeFileSync(list, `- issuer: ${NAME}\n  audience: ${AUDIENCE}\n  keys: ${path.basename(issuer.file)}\n`);
    issuer.flags = ['--jwt-issuers', list];
    return issuer;
  }

  async addKey(kid, alg) {
    const {publicKey, privateKey} = await generateKeyPair(alg, {extractable: true});
    this.keys.set(kid, {alg, privateKey, publicKey, jwk: {...await exportJWK(publicKey), kid, alg, use: 'sig'}});
  }

  // Only these; all if none are named.
  publish(kids = [...this.keys.keys()]) {
    fs.writeFileSync(`${this.file}.new`, JSON.stringify({keys: kids.map((kid) => this.keys.get(kid).jwk)}));
    fs.renameSync(`${this.file}.new`, this.file);
  }

  // A token that is good for `seconds`. What `claims` and `header` say goes before what an honest issuer says.
  token(kid, claims = {}, {seconds = 60, header = {}} = {}) {
    const now = Math.floor(Date.now() / 1000);
    const {alg, privateKey} = this.keys.get(kid);
    return new SignJWT({iss: NAME, aud: AUDIENCE, sub: 'client-1', iat: now, exp: now + seconds, ...claims})
        .setProtectedHeader({alg, kid, typ: 'at+jwt', ...header}).sign(privateKey);
  }
}
