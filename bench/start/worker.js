// A worker as it is deployed: plain JavaScript, a bundle made ahead of time. Arguments: contender, bundle, address, model.
import { NativeConnection, Worker } from '@temporalio/worker';

const [, , contender, codePath, address, modelUrl] = process.argv;
const taskQueue = `start-${contender}`;
const connection = await NativeConnection.connect({ address });
if (contender === 'baton') {
  const { defineAgent } = await import('batonjs/agents');
  const { createWorker } = await import('batonjs/worker');
  const greeter = defineAgent({ description: 'Greets', instructions: 'Greet.', model: 'small' });
  const models = { small: { model: 'small', baseUrl: modelUrl } };
  const worker = await createWorker({
    agents: { greeter },
    models,
    workflowBundle: { codePath },
    connection,
    taskQueue,
  });
  await worker.run();
} else {
  const { default: OpenAI } = await import('openai');
  const client = new OpenAI({ apiKey: 'none', baseURL: modelUrl, maxRetries: 0 });
  const greet = async (content) => {
    const answer = await client.chat.completions.create({
      model: 'small',
      messages: [{ role: 'user', content }],
    });
    return answer.choices[0]?.message.content ?? '';
  };
  const worker = await Worker.create({
    activities: { greet },
    workflowBundle: { codePath },
    connection,
    taskQueue,
  });
  await worker.run();
}
