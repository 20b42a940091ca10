/** Small repositories for tests of the join: their texts, linked. */
import { defaultPolicy } from '../src/config/policy.ts';
import { extractManifest } from '../src/extract/kubernetes/extract.ts';
import { extractCode } from '../src/extract/typescript/extract.ts';
import { libraries } from '../src/libraries/index.ts';
import { linkCode } from '../src/model/link/code/link.ts';
import { link } from '../src/model/link/link.ts';
import { linkTogether } from '../src/model/link/together/link.ts';
import type { Together } from '../src/model/whole.ts';
import { readProject } from '../src/project.ts';

/** Texts by path. */
export type Texts = Readonly<Record<string, string>>;

const isCode = (path: string) => /\.[cm]?[jt]s$/.test(path);

/** What the join makes of some files, in the order in which they are given. */
export function joinOf(
  texts: Texts,
  bindings: Readonly<Record<string, string>> = {},
  assume = { mesh: false },
): Together {
  const all = Object.entries(texts).map(([path, text]) => ({ path, text }));
  const files = all.filter(({ path }) => !isCode(path)).map((file) => extractManifest(file));
  const codeFacts = all.filter(({ path }) => isCode(path)).map((file) => extractCode(file));
  const project = readProject(all, libraries);
  const model = link(files, defaultPolicy);
  const code = linkCode(codeFacts, project, libraries);
  const sides = { model, files, code, codeFacts, project, libraries };
  return linkTogether(sides, { bindings: new Map(Object.entries(bindings)), assume });
}

/** A Deployment of one container; `more` are further lines of the container. */
export function deployment(name: string, image: string, more = ''): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  replicas: 3
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: ${name}
          image: ${image}
${more.replace(/^(?=.)/gm, '          ')}
`;
}

/** A package in a folder with a server in src/server.js, and its Dockerfile. */
export function service(folder: string, name = folder.split('/').at(-1) ?? ''): Texts {
  return {
    [`${folder}/package.json`]: JSON.stringify({ name, dependencies: { express: '4.19.2' } }),
    [`${folder}/Dockerfile`]:
      'FROM node:20-slim\nWORKDIR /app\nCOPY . .\nCMD ["node", "src/server.js"]\n',
    [`${folder}/src/server.js`]: SERVER,
  };
}

export const SERVER = `const express = require('express');
const app = express();
app.get('/healthz', (request, response) => response.send('ok'));
app.listen(8080);
`;
