// Joins a bill and an order export by number and kind, and writes the rows that differ: what DuckDB is asked to do
// by someone who knows it. Prints seconds, processor seconds, greatest memory in kB, differing rows.
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const [bill, orders, out] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const names = ['at', 'app', 'merchant', 'sub', 'device', 'reference', 'number', 'user', 'type', 'state', 'bank',
  'currency', 'settled', 'coupon', 'refund', 'refund_number', 'refunded', 'coupon_refunded', 'refund_type',
  'refund_state', 'product', 'attach', 'fee', 'rate', 'ordered', 'requested', 'note'];
const amounts = { settled: 'DECIMAL(18,2)', refunded: 'DECIMAL(18,2)', fee: 'DECIMAL(18,5)' };
const columns = names.map(name => `'${name}': '${amounts[name] ?? 'VARCHAR'}'`).join(', ');
const since = process.hrtime.bigint();
const result = await connection.runAndReadAll(`
  COPY (
    SELECT coalesce(b.number, o.number) number, coalesce(b.kind, o.kind) kind, b.amount, o.amount, b.fee, o.fee
    FROM (
      SELECT CASE state WHEN 'REFUND' THEN refund_number ELSE number END number,
             CASE state WHEN 'REFUND' THEN '退款' ELSE '支付' END kind,
             CASE state WHEN 'REFUND' THEN refunded ELSE settled END amount,
             round_even(fee, 2)::DECIMAL(18,2) fee
      FROM read_csv('${bill}', auto_detect=false, header=false, skip=1, delim=',\`', quote='', escape='',
        new_line='\\r\\n', ignore_errors=true, parallel=true, columns={${columns}})
    ) b
    FULL OUTER JOIN (
      SELECT 订单号 number, 类型 kind, 金额 amount, 手续费 fee
      FROM read_csv('${orders}', auto_detect=false, header=true, delim=',', quote='', escape='', parallel=true,
        columns={'订单号': 'VARCHAR', '类型': 'VARCHAR', '金额': 'DECIMAL(18,2)', '手续费': 'DECIMAL(18,2)',
          '状态': 'VARCHAR', '支付时间': 'TIMESTAMP', '门店': 'VARCHAR'})
      WHERE 状态 = '成功'
    ) o ON b.number = o.number AND b.kind = o.kind
    WHERE b.amount IS DISTINCT FROM o.amount OR b.fee IS DISTINCT FROM o.fee
  ) TO '${out}' (FORMAT csv)`);
const seconds = Number(process.hrtime.bigint() - since) / 1e9;
const cpu = process.cpuUsage();
const peak = /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
const version = (await connection.runAndReadAll('SELECT version()')).getRows()[0][0];
console.log([seconds, (cpu.user + cpu.system) / 1e6, peak, result.getRows()[0][0], `DuckDB ${version}`].join('\t'));
