import ky from 'ky';

export const payments = ky.create({ prefixUrl: 'http://payments:8080' });
