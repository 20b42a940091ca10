import { PrismaClient } from '@prisma/client';

export const prisma = new PrismaClient({ datasourceUrl: 'postgresql://orders@db/orders' });
