#!/usr/bin/env node
import { program } from 'commander';

process.on('SIGTERM', () => process.exit(143));
program.command('watch').action(() => setInterval(() => console.log('no orders'), 1_000));
program.parse();
