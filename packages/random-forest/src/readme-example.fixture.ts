import { randomForestClassifier } from '@dendrite/random-forest';

const flowers = Array.from({ length: 90 }, (_, i) => {
  const species = (['setosa', 'versicolor', 'virginica'] as const)[i % 3] ?? 'setosa';
  const size = { setosa: 1.5, versicolor: 4.3, virginica: 5.6 }[species];
  return { petal: size + (i % 7) / 10, sepal: 5 + (i % 5) / 4, colour: i % 3 === 0 ? 'white' : 'violet', species };
});

const forest = await randomForestClassifier({ trees: 50 }).fit({ rows: flowers, target: 'species' }, { seed: 7 });
const [species] = await forest.predict([{ petal: 1.7, sepal: null, colour: 'white' }]); // 'setosa', typed by the data
const importance = await forest.importance('permutation'); // [{ name: 'petal', value: … }, …]
if (species !== 'setosa' || forest.outOfBag.score < 0.95 || (importance[0]?.value ?? 0) <= 0)
  throw new Error(await forest.text(0));
