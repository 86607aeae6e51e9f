/** A module as text to read: one statement a line, expressions folded as in the text format. For eyes, not for parsers. */
import type { Body, Label, Statement } from '../function-builder/statement.ts';
import type { ValueType } from '../instructions/signatures.ts';
import type { Defined, Memory, WasmModule } from '../module/wasm-module.ts';
import type { Node } from '../value/node.ts';

/**
 * What was written so far: imports, memory, data, then the functions with their registers. Constants carry their type.
 * @example
 * import { listing, wasmModule } from '@dendrite/wasm-assembler';
 * const m = wasmModule();
 * m.function('next', { parameters: { x: 'i32' }, result: 'i32' }, (_f, { x }) => x.add(1));
 * listing(m); // 'export next($x: i32): i32\n  return (i32.add $x i32:1)'
 */
export function listing(m: WasmModule): string {
  const { imports, functions, segments, memory } = m['~content'];
  const head = [
    ...imports.map(
      (each) => `import ${each.module}.${each.name}${signature(each.names, each.parameters, each.result)}`,
    ),
    ...(memory ? [memoryLine(memory)] : []),
    ...segments.map(({ offset, bytes }) => `data at ${offset}: ${bytes.length} bytes`),
  ];
  return [...(head.length > 0 ? [head.join('\n')] : []), ...functions.map(listFunction)].join('\n\n');
}

function memoryLine({ initial, maximum, shared, from, exportAs }: Memory): string {
  const pages = maximum === undefined ? `${initial}` : `${initial} to ${maximum}`;
  const place = from ? `import ${from.join('.')}, memory` : 'memory';
  return `${place} of ${pages} pages${shared ? ', shared' : ''}${exportAs === undefined ? '' : `, export ${exportAs}`}`;
}

const signature = (names: readonly string[], types: readonly ValueType[], result: ValueType | undefined): string =>
  `(${names.map((each, i) => `$${each}: ${types[i]}`).join(', ')})${result ? `: ${result}` : ''}`;

const constant = (type: ValueType, value: number | bigint | readonly number[]): string =>
  typeof value === 'object' ? `v128[${value.join(' ')}]` : `${type}:${Object.is(value, -0) ? '-0' : value}`;

function listFunction({ name, names, parameters, result, body: { body, locals }, exported }: Defined): string {
  const lines: string[] = [`${exported ? 'export ' : ''}${name}${signature(names, parameters, result)}`];
  if (locals.length > 0)
    lines.push(`  registers ${locals.map((type, i) => `$r${parameters.length + i}: ${type}`).join(', ')}`);
  const labels: Label[] = [];
  const register = (index: number): string => `$${names[index] ?? `r${index}`}`;
  const nameOf = (label: Label): string => `@${labels.indexOf(label)}`;
  const text = (node: Node): string => {
    switch (node.kind) {
      case 'local':
        return register(node.index);
      case 'constant':
        return constant(node.type, node.value);
      case 'select':
        return `(select ${node.operands.map(text).join(' ')})`;
      case 'call':
        return `(call ${[node.callee.name, ...node.operands.map(text)].join(' ')})`;
      case 'instruction': {
        const { name, shape } = node.instruction;
        const immediates = node.immediates.flatMap((value, i): string[] => {
          if (typeof value === 'object') return [`lanes=${value.join()}`];
          if (shape.immediates[i] === 'n') return [`lane=${value}`];
          return value === 0 ? [] : [`+${value}`];
        });
        return `(${[name, ...node.operands.map(text), ...immediates].join(' ')})`;
      }
    }
  };
  const inside = (label: Label, { statements }: Body, indent: string): void => {
    labels.push(label);
    for (const each of statements) statement(each, `${indent}  `);
    labels.pop();
  };
  function statement(s: Statement, indent: string): void {
    const line = (content: string): void => {
      lines.push(indent + content);
    };
    switch (s.kind) {
      case 'set':
        line(`${register(s.local.index)} = ${text(s.value)}`);
        return;
      case 'do':
        line(text(s.node));
        return;
      case 'drop':
        line(`drop ${text(s.node)}`);
        return;
      case 'body':
        if (s.label === undefined) {
          for (const each of s.body.statements) statement(each, indent);
          return;
        }
        line(`${s.label.kind} @${labels.length}`);
        inside(s.label, s.body, indent);
        return;
      case 'if':
        line(`if ${text(s.condition)}`);
        inside(s.label, s.yes, indent);
        if (s.no === undefined) return;
        line('else');
        inside(s.label, s.no, indent);
        return;
      case 'br':
        line(s.condition ? `branch ${nameOf(s.label)} if ${text(s.condition)}` : `branch ${nameOf(s.label)}`);
        return;
      case 'br_table':
        line(`branch [${s.labels.map(nameOf).join(' ')}][${text(s.index)}] or ${nameOf(s.other)}`);
        return;
      case 'return':
        line(s.value ? `return ${text(s.value)}` : 'return');
        return;
      case 'unreachable':
        line('unreachable');
        return;
    }
  }
  for (const each of body.statements) statement(each, '  ');
  return lines.join('\n');
}
