/** Which dtype each node of an expression has, by the rules of spec's expression language. */
import { DendriteError, type DType, type Expression, type Unary } from '@dendrite/spec';

const anyNumber: ReadonlySet<Unary> = new Set(['neg', 'abs', 'sign']);

const refuse = (operation: string, rule: string, got: string, advice: string): never => {
  throw new DendriteError('DTYPE', `${operation}(): ${rule}, got ${got}. ${advice}`);
};

/** The dtype of an expression's result; undefined for one made of constants and arguments alone. @throws DTYPE */
export function expressionDtype(operation: string, e: Expression, inputs: readonly DType[]): DType | undefined {
  if ('input' in e) return inputs[e.input];
  if ('constant' in e || 'argument' in e) return undefined;
  if ('cast' in e) {
    expressionDtype(operation, e.x, inputs);
    return e.cast;
  }
  if ('where' in e) {
    const condition = expressionDtype(operation, e.where, inputs);
    if (condition !== 'bool' && condition !== undefined)
      refuse(operation, 'condition must be bool', condition, 'Compare first: less(x, y), notEqual(x, 0).');
    return agree(operation, expressionDtype(operation, e.x, inputs), expressionDtype(operation, e.y, inputs));
  }
  if ('unary' in e) {
    const x = expressionDtype(operation, e.x, inputs);
    if (e.unary === 'isNaN' || e.unary === 'isFinite') return 'bool';
    if (e.unary === 'not') {
      if (x !== 'bool' && x !== undefined) refuse(operation, 'operand must be bool', x, 'Compare first.');
      return 'bool';
    }
    if (x === 'bool' || x === 'uint8' || (x === 'int32' && !anyNumber.has(e.unary)))
      refuse(operation, 'operand must be a float tensor', x, "Cast it: cast(x, 'float32').");
    return x;
  }
  const x = expressionDtype(operation, e.x, inputs);
  const y = expressionDtype(operation, e.y, inputs);
  const both = agree(operation, x, y);
  switch (e.binary) {
    case 'lt':
    case 'le':
    case 'eq':
      return 'bool';
    case 'and':
    case 'or':
      if (both !== 'bool' && both !== undefined) refuse(operation, 'operands must be bool', both, 'Compare first.');
      return 'bool';
    case 'div':
    case 'pow':
    case 'atan2':
      if (both === 'int32') refuse(operation, 'operands must be float tensors', both, "Cast them: cast(x, 'float32').");
  }
  if (both === 'bool' || both === 'uint8')
    refuse(operation, 'operands must be float or int32 tensors', both, "Cast them: cast(x, 'float32').");
  return both;
}

function agree(operation: string, x: DType | undefined, y: DType | undefined): DType | undefined {
  if (x !== undefined && y !== undefined && x !== y)
    refuse(
      operation,
      'operands must have one dtype',
      `${x} and ${y}`,
      `Cast one: cast(x, '${x === 'float64' || y === 'float64' ? 'float64' : 'float32'}').`,
    );
  return x ?? y;
}
