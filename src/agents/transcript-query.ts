import { z } from 'zod';
import { Message } from './message.js';

/** What a worker asks a run for, by Query: the messages of transcripts from given places on. */
export const TranscriptRequest = z.array(
  z.object({ transcript: z.number().int(), from: z.number().int().nonnegative() }),
);
export type TranscriptRequest = z.infer<typeof TranscriptRequest>;

/** The answer, in the order asked, under a megabyte in all: a page may hold less than was asked for. */
export const TranscriptPage = z.array(
  z.object({ transcript: z.number().int(), from: z.number().int(), messages: z.array(Message) }),
);
export type TranscriptPage = z.infer<typeof TranscriptPage>;
