import { preview } from './preview.ts';

preview(Number(process.argv[2]));
