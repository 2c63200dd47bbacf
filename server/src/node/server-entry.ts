import { startServer } from './server-main.ts';

startServer(false);
