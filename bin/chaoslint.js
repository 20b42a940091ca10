#!/usr/bin/env node
// The program is built from src/ into dist/ by `npm run build`.
import '../dist/cli.js';
