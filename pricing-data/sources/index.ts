import { source as awsBulk } from './aws-bulk.ts';
import { source as awsSpotAdvisor } from './aws-spot-advisor.ts';
import { source as azureRetail } from './azure-retail.ts';
import { source as gcpBilling } from './gcp-billing.ts';
import { source as gpuhunt } from './gpuhunt.ts';
import { source as lambda } from './lambda.ts';
import { source as runpod } from './runpod.ts';
import { source as skypilot } from './skypilot.ts';
import type { PriceSource } from './source.ts';
import { source as vast } from './vast.ts';

/** Every source of the room, in the order of their names. Made by `npm run generate`. */
export const sources: readonly PriceSource[] = [
  awsBulk,
  awsSpotAdvisor,
  azureRetail,
  gcpBilling,
  gpuhunt,
  lambda,
  runpod,
  skypilot,
  vast,
];
