using System.Collections.Frozen;

namespace Jifu.Ledger.Server.Api.Problems;

/// <summary>What a code means to whoever asked.</summary>
/// <param name="Code">Stable: programs compare it.</param>
/// <param name="Status">The HTTP status that goes with it.</param>
/// <param name="Title">One short English sentence; the same for every occurrence.</param>
/// <param name="Chinese">The same in Chinese.</param>
internal sealed record ProblemCode(string Code, int Status, string Title, string Chinese)
{
    /// <summary>True when the same request may do better later.</summary>
    public bool Retryable => Status is 429 or 503 or 507 || Code == "request_in_progress";
}

/// <summary>Every code that the API answers, with its status. A refusal of the domain is its enum's name in
/// snake_case.</summary>
internal static class ProblemTable
{
    private static readonly ProblemCode[] Request =
    [
        new("json_malformed", 400, "The body is not one JSON value", "请求体不是合法的 JSON"),
        new("field_duplicate", 400, "A property stands twice", "字段重复"),
        new("field_unknown", 400, "A property is not known", "未知字段"),
        new("field_missing", 400, "A property is missing", "缺少必填字段"),
        new("field_type_wrong", 400, "A property has the wrong type", "字段类型错误"),
        new("field_invalid", 400, "A property has a value that does not do", "字段取值不合法"),
        new("amount_malformed", 400, "An amount is an integer of minor units", "金额必须是以最小货币单位表示的整数"),
        new("amount_out_of_range", 400, "An amount lies between 0 and 2^53-1", "金额超出范围（0 至 2^53-1）"),
        new("currency_unknown", 400, "The currency is not one of this ledger's", "不支持的币种"),
        new("parameter_invalid", 400, "A parameter of the path or query does not do", "路径或查询参数不合法"),
        new("request_malformed", 400, "The request is malformed", "请求格式错误"),
        new("body_too_large", 413, "The body is larger than 1 MiB", "请求体超过 1 MiB"),
        new("media_type_unsupported", 415, "The body must be application/json", "请求体必须是 application/json"),
        new("not_found", 404, "There is nothing under this address", "地址不存在"),
        new("method_not_allowed", 405, "This address does not take this method", "该地址不支持此方法"),
        new("idempotency_key_missing", 400, "Idempotency-Key is missing", "缺少 Idempotency-Key 请求头"),
        new("idempotency_key_malformed", 400, "Idempotency-Key is malformed", "Idempotency-Key 格式错误"),
        new("idempotency_key_reused", 422, "Idempotency-Key belongs to another request", "幂等键已用于另一请求"),
        new("request_in_progress", 409, "The first request with this key is under way", "同一幂等键的请求正在处理"),
        new("public_key_invalid", 400, "The public key is no RSA key of 2048 bits or more", "公钥不是 2048 位以上的 RSA 公钥"),
        new("cursor_invalid", 400, "The cursor is not of this list", "游标无效"),
        new("notify_url_refused", 400, "The notify_url may not be called", "通知地址不被允许"),
        new("overloaded", 503, "Too much is waiting; nothing was done", "系统繁忙，未作任何处理"),
        new("unavailable", 503, "No answer in time; repeat with the same key", "未及时得到结果，请以相同幂等键重试"),
        new("storage_full", 507, "A disk is full; repeat with the same key", "存储空间不足，请稍后以相同幂等键重试"),
        new("record_unreadable", 500, "A record of this cannot be read", "相关记录无法读取"),
        new("internal_error", 500, "Something is broken on our side", "内部错误"),
    ];

    private static readonly ProblemCode[] Admission =
    [
        new("signature_missing", 401, "The request is not signed", "请求未签名"),
        new("signature_malformed", 401, "The Authorization header is malformed", "Authorization 请求头格式错误"),
        new("signature_wrong", 401, "The signature does not fit the request", "签名与请求不符"),
        new("key_unknown", 401, "There is no such key", "密钥不存在"),
        new("key_revoked", 401, "The key was revoked", "密钥已吊销"),
        new("timestamp_outside_window", 401, "Signed more than 300 seconds from our time", "时间戳与服务器时间相差超过 300 秒"),
        new("nonce_reused", 401, "The nonce was used before", "随机串已被使用"),
        new("role_not_admitted", 403, "The key's role may not do this", "该密钥的角色无权执行此操作"),
    ];

    private static readonly ProblemCode[] Refusals =
    [
        new("merchant_not_found", 404, "There is no such merchant", "商户不存在"),
        new("merchant_already_exists", 409, "The merchant exists with other terms", "商户已存在且条款不同"),
        new("fee_plan_invalid", 422, "The fee plan is invalid", "费率方案不合法"),
        new("split_rules_invalid", 422, "The split rules are invalid", "分账规则不合法"),
        new("risk_limits_invalid", 422, "The limits are invalid", "限额不合法"),
        new("key_id_reused", 409, "The key id belongs to another key", "密钥编号已被使用"),
        new("key_not_found", 404, "The merchant has no such key", "商户没有该密钥"),
        new("too_many_live_keys", 409, "Two keys live already; revoke one", "已有两个有效密钥，请先吊销一个"),
        new("channel_not_open", 422, "The channel is not open to this merchant", "商户未开通该渠道"),
        new("channel_not_available", 503, "The channel is not available", "渠道不可用"),
        new("payer_code_missing", 422, "The payer's code is missing", "缺少付款码"),
        new("currency_not_settled", 422, "The currency is not settled", "该币种不支持结算"),
        new("split_has_no_receivers", 422, "A split needs receivers", "分账没有接收方"),
        new("split_receiver_repeated", 422, "A receiver stands twice", "分账接收方重复"),
        new("split_amount_not_positive", 422, "A share must be positive", "分账金额必须为正"),
        new("split_rate_out_of_range", 422, "A share's rate is out of range", "分账比例超出范围"),
        new("split_exceeds_payment", 422, "The shares exceed what is left", "分账超过可分金额"),
        new("split_no_reused", 409, "The split number belongs to another split", "分账单号已用于另一分账"),
        new("payment_not_found", 404, "There is no such payment", "支付单不存在"),
        new("merchant_order_no_reused", 409, "The order number belongs to another order", "商户订单号已用于另一订单"),
        new("amount_not_positive", 422, "The amount must be positive", "金额必须为正"),
        new("payment_refused_by_risk", 422, "Refused by risk control", "被风控拒绝"),
        new("payment_still_pending", 409, "The payment is not decided yet", "支付尚未有结果"),
        new("payment_already_paid", 409, "The payment is paid", "支付已成功"),
        new("payment_already_failed", 409, "The payment failed", "支付已失败"),
        new("payment_already_closed", 409, "The payment is closed", "支付已关闭"),
        new("payment_already_cancelled", 409, "The payment is cancelled", "支付已撤销"),
        new("payment_being_cancelled", 409, "The payment is being cancelled", "支付正在撤销"),
        new("cancel_day_passed", 409, "A payment is cancelled on its own day only; refund it", "只能当日撤销，请改用退款"),
        new("payment_already_cleared", 409, "The payment is cleared; refund it", "支付已清分，请改用退款"),
        new("cancel_after_refund", 409, "A refunded payment is not cancelled", "已有退款，不能撤销"),
        new("cancel_withdrawn", 409, "This attempt to cancel was given up; ask again", "本次撤销已作废，请重新申请"),
        new("cancel_not_requested", 409, "No cancellation is under way", "没有进行中的撤销"),
        new("refund_not_found", 404, "There is no such refund", "退款单不存在"),
        new("refund_no_reused", 409, "The refund number belongs to another refund", "退款单号已用于另一退款"),
        new("refund_withdrawn", 409, "The refund was given up; take a new number", "退款已作废，请更换单号"),
        new("split_withdrawn", 409, "The split was given up; take a new number", "分账已作废，请更换单号"),
        new("overdraft_limit_negative", 422, "An overdraft limit is zero or more", "透支额度不能为负"),
        new("transfer_to_itself", 422, "Payer and payee are the same", "付款方与收款方相同"),
        new("transfer_target_not_allowed", 422, "The payee's account takes no transfers", "收款账户不允许"),
        new("transfer_no_reused", 409, "The transfer number belongs to another transfer", "转账单号已用于另一转账"),
        new("hold_differs", 409, "The same is under way with a smaller amount", "相同编号正在以较小金额处理"),
        new("funds_insufficient", 422, "The merchant's money does not cover it", "可用余额不足"),
        new("currency_differs", 422, "The payment has another currency", "币种与支付不一致"),
        new("refund_exceeds_payment", 422, "The refund exceeds what is left", "退款超过可退金额"),
        new("clearing_batch_not_found", 404, "There is no such batch", "清分批次不存在"),
        new("clearing_day_not_over", 409, "The day is not over", "账务日尚未结束"),
        new("clearing_day_not_today", 409, "T+0 clears today only", "T+0 只能清分当日"),
        new("clearing_merchants_missing", 409, "Merchants of the batch are not cleared yet", "批次中尚有商户未清分"),
        new("clearing_batch_differs", 409, "The batch exists with other content", "批次已存在且内容不同"),
        new("bill_day_not_over", 409, "The day of the bill is not over", "账单日尚未结束"),
        new("fund_flow_not_ready", 409, "The channel has no fund flow yet", "渠道资金账单尚未就绪"),
        new("bill_not_ready", 409, "The channel has no bill yet", "渠道账单尚未就绪"),
        new("difference_not_found", 404, "There is no such difference", "差异不存在"),
        new("supplement_not_carried_out", 422, "The order could not be booked", "补单未能完成"),
        new("refund_already_paid", 409, "The payer has the money", "退款已支付"),
        new("differences_file_rejected", 422, "The workbook was refused as a whole", "差异处理表被整体拒绝"),
        new("difference_taken_back", 409, "The bill that had it was replaced", "差异所在账单已被替换"),
        new("difference_changed", 409, "The difference has changed since it was looked at", "差异已变化"),
        new("difference_already_closed", 409, "The difference is closed", "差异已关闭"),
        new("difference_not_closed", 409, "The difference is not closed", "差异尚未关闭"),
        new("proposal_already_open", 409, "A proposal waits for another person", "已有待审批的提议"),
        new("reversal_takes_from_merchant", 409, "A merchant has the money", "款项已记入商户"),
        new("proposal_not_found", 404, "No such proposal waits", "没有该待审批提议"),
        new("approver_is_proposer", 403, "The proposer cannot approve", "提议人不能审批自己的提议"),
        new("amount_not_of_correction", 422, "Only a correction is closed with an amount", "只有差错才需要填写金额"),
        new("correction_amount_missing", 422, "The correction's amount is missing", "缺少差错金额"),
        new("supplement_not_possible", 422, "There is no order or merchant to book it for", "不能补单"),
        new("account_not_allowed", 422, "The account does not take differences", "不能调入该科目"),
        new("nothing_to_refund", 422, "There is no money too much", "没有可退款项"),
        new("refund_number_missing", 422, "The refund number is missing", "缺少退款单号"),
        new("hold_owner_missing", 422, "A hold needs an owner", "挂账缺少责任人"),
        new("hold_day_passed", 422, "A hold needs a day to come", "挂账到期日不合法"),
        new("rule_not_found", 404, "There is no such rule", "规则不存在"),
        new("rule_invalid", 422, "No rule can say this", "规则内容不合法"),
        new("rule_proposal_open", 409, "A version of the rule waits for another person", "规则已有待审批版本"),
        new("rule_proposal_not_found", 404, "No such version waits", "没有该待审批版本"),
        new("rule_approver_is_proposer", 403, "The proposer cannot approve", "提议人不能审批自己的规则"),
        new("bill_already_imported", 409, "Another bill of that day is imported", "该日账单已导入"),
        new("bill_not_of_all_trades", 422, "The bill lists only some kinds of trades", "账单不是全部交易账单"),
        new("bill_superseded_before", 409, "The bill was imported, and another took its place", "该账单已被更正文件取代"),
        new("supersede_reason_missing", 422, "Superseding a bill needs a reason", "更正账单必须说明原因"),
        new("file_not_found", 404, "No such file was imported", "没有导入过该文件"),
        new("statement_mapping_missing", 409, "The account has no saved mapping", "该账户尚未保存对账单映射"),
        new("statement_mapping_invalid", 422, "The mapping contradicts itself", "对账单映射不合法"),
        new("statement_mapping_in_use", 409, "Lines are told apart by the mapping as it is", "映射已用于识别流水，不能更改"),
        new("statement_line_not_matched", 404, "The line is matched with nothing", "该流水未勾对"),
        new("statement_line_not_found", 404, "No statement has this line", "没有该流水"),
        new("statement_line_matched", 409, "The line is something already", "该流水已勾对"),
        new("statement_money_not_expected", 409, "The bank is not expected to have this", "银行侧不应有此款项"),
        new("statement_amounts_differ", 409, "The line has another amount", "流水金额与所对款项不符"),
        new("statement_needs_another_person", 403, "Booking money, and taking it back, needs two", "入账或冲回须由另一人确认"),
        new("statement_empty", 422, "The statement holds no lines", "对账单没有流水"),
        new("statement_not_text", 422, "The statement has another encoding than its mapping says", "对账单编码与映射不符"),
        new("statement_workbook_unreadable", 422, "The statement is no whole Excel workbook", "对账单不是完整的 Excel 文件"),
        new("statement_sheet_missing", 422, "The workbook has no such sheet", "工作簿中没有该工作表"),
        new("statement_headings_missing", 422, "The statement lacks headings of its mapping", "对账单缺少映射中的列名"),
        new("statement_too_long", 422, "The statement has too many lines", "对账单行数过多"),
        new("statement_row_malformed", 422, "A row of the statement does not read", "对账单行格式错误"),
        new("statement_cell_unreadable", 422, "A cell of the workbook holds no value", "单元格没有可用的值"),
        new("statement_time_malformed", 422, "A time of the statement does not read", "对账单日期时间格式错误"),
        new("statement_amount_malformed", 422, "An amount of the statement does not read", "对账单金额格式错误"),
        new("bill_empty", 422, "The bill is empty", "账单为空"),
        new("bill_not_utf8", 422, "The bill is not UTF-8", "账单不是 UTF-8 编码"),
        new("bill_not_gbk", 422, "The bill is not GBK", "账单不是 GBK 编码"),
        new("bill_encoding_unknown", 422, "The bill's encoding is unknown", "账单编码无法识别"),
        new("bill_character_forbidden", 422, "The bill has a character that no bill has", "账单含有不允许的字符"),
        new("bill_channel_differs", 422, "The bill is another channel's", "账单渠道不符"),
        new("bill_year_unknown", 422, "Nothing tells the year of the bill", "无法确定账单年份"),
        new("bill_signs_differ", 422, "Some refunds have a minus sign and some have none", "退款金额正负号不一致"),
        new("bill_hash_differs", 422, "The file is not the one that the channel told of", "文件与渠道告知的摘要不符"),
        new("bill_container_damaged", 422, "The archive of the bill is damaged", "账单压缩包已损坏"),
        new("bill_container_too_large", 422, "The archive of the bill unpacks to too much", "账单压缩包解压后过大"),
        new("bill_container_nested", 422, "The archive of the bill holds another", "账单压缩包内含压缩包"),
        new("bill_container_entry_refused", 422, "A name in the archive is no file name", "账单压缩包内文件名不合法"),
        new("bill_line_too_long", 422, "A line of the bill is too long", "账单行过长"),
        new("bill_header_unknown", 422, "The bill has an unknown heading", "账单表头未知"),
        new("bill_row_malformed", 422, "A row of the bill is malformed", "账单行格式错误"),
        new("bill_time_malformed", 422, "A time in the bill is malformed", "账单时间格式错误"),
        new("bill_amount_malformed", 422, "An amount in the bill is malformed", "账单金额格式错误"),
        new("bill_currency_unknown", 422, "A currency in the bill is unknown", "账单币种未知"),
        new("bill_merchant_differs", 422, "The bill is another merchant's", "账单商户不符"),
        new("bill_day_differs", 422, "The bill is another day's", "账单日期不符"),
        new("bill_truncated", 422, "The bill is cut off", "账单不完整"),
        new("bill_totals_differ", 422, "The bill does not sum to its totals", "账单合计与明细不符"),
        new("bill_data_after_summary", 422, "The bill goes on after its totals", "账单合计之后仍有数据"),
        new("finance_file_differs", 409, "An earlier zip of the day has other bytes", "该日已导出的文件内容不同"),
        new("day_not_closed", 409, "The day is not closed yet", "该日尚未关账"),
        new("settlement_not_found", 404, "There is no such settlement", "结算单不存在"),
        new("settlement_amount_not_positive", 422, "Nothing to settle", "结算金额必须为正"),
        new("settlement_differs", 409, "The settlement exists with other content", "结算单已存在且内容不同"),
        new("settlement_held_by_risk", 422, "The settlement is held by risk control", "结算被风控冻结"),
        new("payout_not_sent", 409, "The payout was not sent yet", "出款尚未发出"),
        new("payout_already_confirmed", 409, "The payout is confirmed", "出款已确认"),
        new("payout_already_failed", 409, "The payout failed", "出款已失败"),
        new("payout_confirmed_under_another_reference", 409, "Confirmed under another reference", "出款已以另一流水号确认"),
    ];

    private static readonly ProblemCode[] Runs =
    [
        new("projection_not_found", 404, "There is no such read model", "读模型不存在"),
        new("projection_not_stopped_there", 409, "The read model has not stopped there", "读模型并未停在该事件"),
        new("account_not_found", 404, "There is no such account", "账户不存在"),
        new("view_not_found", 404, "There is no such read model", "读模型不存在"),
        new("fold_stopped", 409, "An event on the way cannot be applied", "途中有事件无法应用"),
        new("nothing_recorded", 404, "No event is recorded there", "没有相应的事件记录"),
        new("log_altered", 409, "The log is not what was written to it", "事件日志与写入时不一致"),
        new("notice_not_found", 404, "There is no such notice", "通知不存在"),
        new("channel_notice_refused", 401, "The channel's notice is not genuine", "渠道通知验签失败"),
    ];

    public static readonly FrozenDictionary<string, ProblemCode> ByCode =
        All.ToFrozenDictionary(entry => entry.Code);

    public static IEnumerable<ProblemCode> All => [.. Request, .. Admission, .. Refusals, .. Runs];

    /// <summary>The code's line. A refusal whose line was forgotten, which a test tells, is still a refusal.</summary>
    public static ProblemCode Of(string code) =>
        ByCode.GetValueOrDefault(code) ?? new(code, StatusCodes.Status422UnprocessableEntity, "Refused", "被拒绝");
}
