import client from '@sendgrid/mail';

client.setApiKey('SG.a');

export { client };

