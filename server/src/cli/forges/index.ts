import { forge as azureDevops } from './azure-devops.ts';
import { forge as bitbucket } from './bitbucket.ts';
import type { Forge } from './forge.ts';
import { forge as github } from './github.ts';
import { forge as gitlab } from './gitlab.ts';

/** Every forge on which a comment can be kept. */
export const forges: readonly Forge[] = [github, gitlab, azureDevops, bitbucket];
