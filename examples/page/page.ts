/** The page: starts the worker and shows what it tells. */
import { lineChart, type Picture, type Point, pictures } from '@dendrite/report';
import type { Message } from './messages.ts';

const at = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`page: #${id} must be there.`);
  return found;
};
const write = (id: string, text: string): void => {
  at(id).textContent = text;
};

const losses: Point[] = [];
const smooth: Point[] = [];
const validated: Point[] = [];
let drawn = Number.NEGATIVE_INFINITY;

/** At most four times a second: the cores have other work. */
function draw(always = false): void {
  if (!always && performance.now() - drawn < 250) return;
  drawn = performance.now();
  at('curve').innerHTML = lineChart(
    [
      { name: 'batch', points: losses, line: 'faint', color: 0 },
      { name: 'loss', points: smooth, color: 0 },
      { name: 'validation', points: validated, color: 1 },
    ],
    {
      ...{ title: 'Loss while it learns', xLabel: 'images seen', wholeX: true, yScale: 'log' },
      marks: validated.map((point) => ({ at: point, label: `validation ${point[1].toFixed(3)}`, color: 1 })),
    },
  );
}

function show(message: Message): void {
  switch (message.kind) {
    case 'opened':
      write('status', `WebAssembly with ${message.details}; reading MNIST …`);
      write('threads', /(\d+) threads/.exec(message.details)?.[1] ?? '1');
      break;
    case 'learned': {
      const { images, of, loss, seconds } = message;
      losses.push([images, loss]);
      const before = smooth.at(-1)?.[1] ?? loss;
      smooth.push([images, 0.95 * before + 0.05 * loss]);
      write('status', `learning: ${images.toLocaleString('en')} of ${of.toLocaleString('en')} images`);
      write('seconds', seconds.toFixed(1));
      write('speed', Math.round(images / seconds).toLocaleString('en'));
      at('progress').setAttribute('value', String(images / of));
      draw();
      break;
    }
    case 'validated':
      validated.push([message.images, message.loss]);
      draw(true);
      break;
    case 'tested':
      tested(message.accuracy, message.seconds, message.pictures);
      break;
    case 'failed':
      write('status', message.why);
      document.body.dataset.state = 'failed';
  }
}

function tested(accuracy: number, seconds: number, examples: readonly Picture[]): void {
  draw(true);
  write('status', 'learned, and tested on 10,000 images it had never seen');
  write('accuracy', `${(100 * accuracy).toFixed(2)} %`);
  write('seconds', seconds.toFixed(1));
  at('progress').setAttribute('value', '1');
  at('digits').innerHTML = pictures(examples, { title: 'The first test images', columns: 8, size: 72 });
  document.body.dataset.state = 'tested';
}

const worker = new Worker(new URL('./train.ts', import.meta.url), { type: 'module' });
worker.onmessage = ({ data }: MessageEvent<Message>) => show(data);
worker.onerror = ({ message }) => show({ kind: 'failed', why: message || 'the worker could not start' });
