import client from '@sendgrid/mail';

client.setApiKey('SG.a');

client.setTimeout(5_000);
export { client };

