import { HttpService } from '@nestjs/axios';
import { Injectable } from '@nestjs/common';
import { firstValueFrom, map, timeout } from 'rxjs';

@Injectable()
export class PaymentsService {
  constructor(private readonly http: HttpService) {}

  async of(order: string) {
    const answers = this.http.get(`http://payments:8080/payments/${order}`);
    const payments = answers.pipe(
      timeout(2_000),
      map(({ data }) => data),
    );
    return firstValueFrom(payments);
  }
}
