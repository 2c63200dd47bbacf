import { startServer } from './server-main.ts';

startServer(process.argv.includes('--stdio'));
