import mongoose from 'mongoose';

export const Item = mongoose.model('Item', new mongoose.Schema({ name: String }));
