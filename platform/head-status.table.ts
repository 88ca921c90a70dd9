/**
 * `head.status` of a refusal and its text. The delta specification prints only "0" for success and gives no list; these
 * numbers are the reference platform's own. "0" never appears here.
 */
export const headMessages = {
  '10': '报文格式错误',
  '11': '调用账号未登记',
  '12': '业务数据无法解密',
  '13': '入参缺失或不合要求',
  '14': '应用可信访问令牌无效或已过期',
  '15': '操作员凭证与调用单位不一致',
  '16': '请求编号已用于另一个码',
  '17': '请求签名校验失败',
  '18': '请求未签名',
  '19': '请求时间与平台相差过大',
  '23': '请求已收到过，不重复受理',
  '24': '请求签名未绑定本接口',
  '20': '用证清单未关联本应用或已失效',
  '21': '用证清单未关联该证照目录',
  '22': '证照目录不在共享可用时间内',
  '30': '持证主体可信令牌无效或已过期',
  '31': '证照标识无效或已过期',
  '32': '持证主体未授权该证照',
  '33': '持证主体已撤回授权',
  '40': '无法识别的政务服务码',
  '41': '企业数字凭证（企业服务码）已过期',
  '42': '一次性授权，码已使用',
  '43': '码签名校验失败',
  '44': '授权对象不是调用单位',
  '45': '等待持证主体二次认证',
  '46': '提供方省市系统未答复',
  '47': '持证主体二次认证时未同意',
  '48': '持证主体未在期限内完成二次认证',
  '49': '签发该码的密钥已吊销',
  '50': '签发该码的密钥不在有效期内',
  '51': '签发该码的平台未答复',
  '90': '调用过于频繁，请稍后再试',
  '91': '请求行为异常，经提示后已切断服务，请联系平台',
  '99': '平台内部错误',
} as const;
/** A refusal's `head.status`. */
export type HeadStatus = keyof typeof headMessages;

/** What an answer says beside its own text when requests have become abnormal, before they are cut off (C 0300-2021 7.2). */
export const abnormalPrompt = '近期请求行为异常，继续将切断服务';

/** The one head of success (printed in 12.1.2). */
export const successHead = { status: '0', message: '接口调用成功' } as const;
