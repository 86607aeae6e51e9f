/** What the worker tells the page. */
import type { Picture } from '@dendrite/report';

export type Message =
  | { readonly kind: 'opened'; readonly details: string }
  | {
      readonly kind: 'learned';
      readonly images: number;
      readonly of: number;
      readonly loss: number;
      readonly seconds: number;
    }
  | { readonly kind: 'validated'; readonly images: number; readonly loss: number }
  | {
      readonly kind: 'tested';
      readonly accuracy: number;
      readonly seconds: number;
      readonly pictures: readonly Picture[];
    }
  | { readonly kind: 'failed'; readonly why: string };
