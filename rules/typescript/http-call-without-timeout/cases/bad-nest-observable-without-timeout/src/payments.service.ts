import { HttpService } from '@nestjs/axios';
import { Injectable } from '@nestjs/common';
import { firstValueFrom, map, retry } from 'rxjs';

@Injectable()
export class PaymentsService {
  constructor(private readonly http: HttpService) {}

  async of(order: string) {
    const answers = this.http.get(`http://payments:8080/payments/${order}`).pipe(retry(2));
    const payments = answers.pipe(map(({ data }) => data));
    return firstValueFrom(payments);
  }
}
