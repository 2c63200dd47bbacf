export { productName } from '../../../server/src/protocol.ts';
