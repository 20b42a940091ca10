import { HttpService } from '@nestjs/axios';
import { Injectable } from '@nestjs/common';
import { firstValueFrom } from 'rxjs';

@Injectable()
export class PaymentsService {
  constructor(private readonly http: HttpService) {}

  async of(order: string) {
    const answer = await firstValueFrom(this.http.get(`http://payments:8080/payments/${order}`));
    return answer.data;
  }
}
