export interface Agent {
  send(text: string): Promise<void>;
}

export class MailAgent implements Agent {
  async send(text: string): Promise<void> {
    await fetch('http://mailer:8080/send', { method: 'POST', body: text });
  }
}

export class LedgerAgent implements Agent {
  async send(text: string): Promise<void> {
    await fetch('http://ledger:8080/notes', {
      method: 'POST',
      body: text,
      signal: AbortSignal.timeout(5_000),
    });
  }
}

export class LogAgent implements Agent {
  async send(text: string): Promise<void> {
    console.log(text);
  }
}
