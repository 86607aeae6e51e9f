import { tanh } from '@dendrite/core';
import { classifier, dense, sequential } from '@dendrite/nn';
import { adam } from '@dendrite/optimizers';

const show = (text: string): void => (globalThis.document ? document.body.append(text, '\n') : console.log(text));
const angles = Array.from({ length: 400 }, (_, i) => 2.4 * i);
const x = angles.map((angle, i) => [(1 + (i % 2)) * Math.cos(angle), (1 + (i % 2)) * Math.sin(angle)]);
const y = angles.map((_, i) => (i % 2 ? 'outer ring' : 'inner ring'));

const model = classifier(sequential(dense(16), tanh, dense(2)), { optimizer: adam({ learningRate: 0.03 }) });
const rings = await model.fit(
  { x, y },
  { epochs: 20, onProgress: (e) => e.unit === 'epoch' && show(`loss ${e.metrics.loss}`) },
);
show(`(0, 2) is in the ${await rings.predict([[0, 2]])}`);
