import mongoose from 'mongoose';

export const Product = mongoose.model('Product', new mongoose.Schema({ name: String }));
await mongoose.connect('mongodb://catalog', { socketTimeoutMS: 5_000 });
