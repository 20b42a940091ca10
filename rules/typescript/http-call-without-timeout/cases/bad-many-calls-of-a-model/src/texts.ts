import axios from 'axios';

const model = process.env.MODEL_URL ?? 'http://model:11434';

async function ask(answer: Promise<{ data: unknown }>): Promise<unknown> {
  return (await answer).data;
}

export async function summarise(text: string): Promise<unknown> {
  return ask(axios.post(`${model}/api/chat`, { text, task: 'summary' }));
}

export async function translate(text: string): Promise<unknown> {
  return ask(axios.post(`${model}/api/chat`, { text, task: 'translation' }));
}

export async function classify(text: string): Promise<unknown> {
  return ask(axios.post(`${model}/v1/chat/completions`, { text, task: 'class' }));
}

export async function rank(text: string): Promise<unknown> {
  return ask(axios.post(`${model}/v1/chat/completions`, { text, task: 'rank' }));
}

export async function describe(text: string): Promise<unknown> {
  return ask(axios.post('https://api.openai.com/v1/responses', { text }));
}

export async function price(id: string): Promise<unknown> {
  return ask(axios.get(`http://catalog:8080/prices/${id}`));
}
