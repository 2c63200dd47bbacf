import type { Field } from './field.ts';
import { projectSchema } from './schema.ts';

/** A JSON schema, as plain data. */
export type JsonSchema = { readonly [key: string]: unknown };

/** JSON schema of `flopwise.yaml`, for editors without our server. */
export function projectJsonSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'flopwise.yaml',
    ...toJsonSchema(projectSchema),
  };
}

function toJsonSchema(field: Field): JsonSchema {
  const description = field.doc;
  switch (field.kind) {
    case 'text':
      return {
        description,
        type: 'string',
        ...(field.choices && { enum: field.choices }),
        ...(field.example !== undefined && { examples: [field.example] }),
      };
    case 'number':
      return {
        description,
        type: field.whole ? 'integer' : 'number',
        exclusiveMinimum: field.above,
        ...(field.most !== undefined && { maximum: field.most }),
      };
    case 'date':
      return { description, type: 'string', format: 'date' };
    case 'list':
      return { description, type: 'array', items: toJsonSchema(field.item) };
    case 'table':
      return { description, type: 'object', additionalProperties: toJsonSchema(field.value) };
    case 'map':
      return {
        description,
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(Object.entries(field.fields).map(([key, one]) => [key, toJsonSchema(one)])),
        ...(field.required && { required: field.required }),
      };
  }
}
