#!/usr/bin/env node
import { program } from 'commander';

program.command('list').action(() => console.log('no orders'));
program.parse();
