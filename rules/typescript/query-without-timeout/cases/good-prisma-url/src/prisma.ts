import { PrismaClient } from '@prisma/client';

const url = 'postgresql://orders@db/orders?socket_timeout=10';
export const prisma = new PrismaClient({ datasourceUrl: url });
