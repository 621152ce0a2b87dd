import { isObject, mapBelow, schemasBelow, type JsonSchema } from './models/json-schema.js';

/** Name among the definitions that no schema of the user's has. */
const ROOT = '__output';

/** An object with the schema as its one property. */
export function wrapSchema(property: string, json: JsonSchema): Record<string, unknown> {
  const { $defs, ...root } = json;
  const definitions = isObject($defs) ? $defs : {};
  const object = (schema: JsonSchema, defs: JsonSchema) => ({
    type: 'object',
    properties: { [property]: schema },
    required: [property],
    ...(Object.keys(defs).length > 0 ? { $defs: defs } : {}),
  });
  if (!refersToRoot(json)) return object(root, definitions);
  // A recursive schema refers to its root, which is now a definition.
  const moved = (schema: JsonSchema): JsonSchema => {
    const below = mapBelow(schema, moved);
    return below.$ref === '#' ? { ...below, $ref: `#/$defs/${ROOT}` } : below;
  };
  const { $defs: movedDefinitions = {}, ...movedRoot } = moved({ ...root, $defs: definitions });
  return object(
    { $ref: `#/$defs/${ROOT}` },
    { ...(isObject(movedDefinitions) ? movedDefinitions : {}), [ROOT]: movedRoot },
  );
}

function refersToRoot(schema: JsonSchema): boolean {
  return schema.$ref === '#' || schemasBelow(schema).some(refersToRoot);
}
