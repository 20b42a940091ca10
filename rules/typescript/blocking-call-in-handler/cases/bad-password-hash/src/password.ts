import bcrypt from 'bcryptjs';

export const checked = (password: string, hash: string) => bcrypt.compareSync(password, hash);
