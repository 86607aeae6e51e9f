/** A module as text to read: one statement a line, expressions folded as in the text format. For eyes, not for parsers. */
import type { Label, Statement } from '../function-builder/statement.ts';
import type { Defined, WasmModule } from '../module/wasm-module.ts';
import type { Node } from '../value/node.ts';

/**
 * What was emitted, function by function. Parameters have their names, other registers are `$r<number>`.
 * @example
 * import { listing, wasmModule } from '@dendrite/wasm-assembler';
 * const m = wasmModule();
 * m.function('twice', { parameters: { x: 'i32' }, result: 'i32' }, (_f, { x }) => x.shl(1));
 * listing(m).split('\n')[0]; // 'twice($x: i32): i32'
 */
export const listing = ({ functions }: Pick<WasmModule, 'functions'>): string =>
  functions.map(listFunction).join('\n\n');

function listFunction({ name, names, parameters, result, body: { statements } }: Defined): string {
  const lines = [
    `${name}(${names.map((each, i) => `$${each}: ${parameters[i]}`).join(', ')})${result ? `: ${result}` : ''}`,
  ];
  const labels: Label[] = [];
  const register = (index: number): string => `$${names[index] ?? `r${index}`}`;
  const nameOf = (label: Label): string => `@${labels.indexOf(label)}`;
  const text = (node: Node): string => {
    switch (node.kind) {
      case 'local':
        return register(node.index);
      case 'constant':
        return typeof node.value === 'object' ? `v128[${node.value.join(' ')}]` : `${node.value}`;
      case 'select':
        return `(select ${node.operands.map(text).join(' ')})`;
      case 'call':
        return `(call ${[node.callee.name, ...node.operands.map(text)].join(' ')})`;
      case 'instruction': {
        const immediates = node.immediates.flatMap((value): (string | number)[] => {
          if (typeof value === 'object') return [...value];
          return value === 0 ? [] : [`+${value}`];
        });
        return `(${[node.instruction.name, ...node.operands.map(text), ...immediates].join(' ')})`;
      }
    }
  };
  const inside = (label: Label, body: readonly Statement[], indent: string): void => {
    labels.push(label);
    for (const each of body) statement(each, `${indent}  `);
    labels.pop();
  };
  function statement(s: Statement, indent: string): void {
    const line = (content: string): void => {
      lines.push(indent + content);
    };
    switch (s.kind) {
      case 'set':
        line(`${register(s.index)} = ${text(s.value)}`);
        return;
      case 'do':
        line(text(s.node));
        return;
      case 'drop':
        line(`drop ${text(s.node)}`);
        return;
      case 'body':
        line(`${s.label.kind} @${labels.length}`);
        inside(s.label, s.body, indent);
        return;
      case 'if':
        line(`if ${text(s.condition)}`);
        inside(s.label, s.yes, indent);
        if (s.no.length === 0) return;
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
  for (const each of statements) statement(each, '  ');
  return lines.join('\n');
}
