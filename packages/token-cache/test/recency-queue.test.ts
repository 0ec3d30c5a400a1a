import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Linked, RecencyQueue } from '../src/recency-queue.ts';

interface Item extends Linked<Item> {
  readonly name: number;
}

test('whatever was added, removed, added again and cleared, items leave in the order they came', () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 8, arbitrary: fc.constant('add') },
      { weight: 4, arbitrary: fc.record({ remove: fc.nat() }) },
      { weight: 4, arbitrary: fc.record({ addAgain: fc.nat() }) },
      { weight: 1, arbitrary: fc.constant('clear') },
    ),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(steps, (list) => {
      const queue = new RecencyQueue<Item>();
      let model: Item[] = [];
      const add = (item: Item): void => {
        queue.add(item);
        model.push(item);
      };
      for (const [name, step] of list.entries()) {
        if (step === 'clear') {
          queue.clear();
          model = [];
        } else if (typeof step === 'string') {
          add({ name, older: undefined, newer: undefined });
        } else {
          const index = 'remove' in step ? step.remove : step.addAgain;
          for (const item of model.splice(index % (model.length + 1), 1)) {
            queue.remove(item);
            if ('addAgain' in step) add(item);
          }
        }
        expect(queue.oldest?.name).toBe(model[0]?.name);
      }
    }),
    { numRuns: 500 },
  );
});
