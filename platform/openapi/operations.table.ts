import * as v from 'valibot';
import { CodeRecordsQuerySchema, CodeRecordsSchema, EnrolReplySchema, EnrolRequestSchema, EnterpriseQuerySchema, EnterpriseReplySchema, enrolPath, enterprisePaths, OfflineReplySchema, OfflineSubmitSchema, SignedKeyListSchema } from '../../domain/contracts/enterprise.ts';
import { CheckpointReplySchema, CheckpointSubmitSchema, evidencePaths } from '../../domain/contracts/evidence.ts';
import {
  AppRegisterReplySchema, AppRegisterRequestSchema, ByHolderRequestSchema, ByIdRequestSchema, CatalogueReplySchema, CodeVerifyReplySchema, CodeVerifyRequestSchema, FileReplySchema,
  FileVerifyReplySchema, FileVerifyRequestSchema, InfoReplySchema, PersonTokenReplySchema, PersonTokenRequestSchema, ScenariosReplySchema, ScenariosRequestSchema, SearchReplySchema,
  SearchRequestSchema, sharingPaths,
} from '../../domain/contracts/sharing.ts';
import type { JsonObject } from '../../domain/json.ts';
import { operationsSchemas } from '../operations/routes.ts';
import { MintRequestSchema, presenterPaths, SessionRequestSchema } from '../presenting/contract.ts';

/** One operation of the platform's HTTP interface, as the document says it. */
export interface ApiOperation {
  readonly method: 'get' | 'post' | 'delete';
  /** With `:name` for its parts, as it is routed. */
  readonly path: string;
  readonly clause: string;
  readonly summary: string;
  /** `envelope`: the SM2 envelope of 12.1.2 both ways, `request` and `reply` being what is sealed in it. */
  readonly carries: 'envelope' | 'json' | 'other';
  readonly request?: v.GenericSchema;
  readonly reply?: v.GenericSchema;
  readonly example?: JsonObject;
}

const purpose = { useFor: '核验营业执照及法定代表人信息', itemName: '公司变更登记', itemCode: '310131002001', itemOrg: '浦东新区政务服务中心', operator: '周敏', bizNum: 'PD-2026-1121-0387' };
const token = 'f'.repeat(64);
const envelope = (path: string, clause: string, summary: string, request: v.GenericSchema, reply: v.GenericSchema, example: JsonObject): ApiOperation =>
  ({ method: 'post', path, clause, summary, carries: 'envelope', request, reply, example });
const other = (method: ApiOperation['method'], path: string, clause: string, summary: string, more: Partial<ApiOperation> = {}): ApiOperation =>
  ({ method, path, clause, summary, carries: more.request === undefined ? 'other' : 'json', ...more });
const codePath = `${presenterPaths.codes}/:id`;

/** Every route of a platform in one process; a test compares it with what is routed. */
export const apiOperations: readonly ApiOperation[] = [
  envelope(sharingPaths.catalogue, '12.1.3', '证照目录获取', v.object({}), CatalogueReplySchema, {}),
  envelope(sharingPaths.scenarios, '12.1.4', '用证清单获取', ScenariosRequestSchema, ScenariosReplySchema, { appId: 'app-0123456789ab' }),
  envelope(sharingPaths.search, '12.1.5', '证照检索', SearchRequestSchema, SearchReplySchema, { trustedToken: token, ...purpose }),
  envelope(sharingPaths.fileById, '12.1.6', '按证照标识下载证照文件', ByIdRequestSchema, FileReplySchema, { certificateID: token, ...purpose }),
  envelope(sharingPaths.fileByHolder, '12.1.7', '按持证主体下载证照文件', ByHolderRequestSchema, FileReplySchema, { trustedToken: token, certificateType: '营业执照', ...purpose }),
  envelope(sharingPaths.infoById, '12.1.8', '按证照标识获取证照信息', ByIdRequestSchema, InfoReplySchema, { certificateID: token, ...purpose }),
  envelope(sharingPaths.infoByHolder, '12.1.9', '按持证主体获取证照信息', ByHolderRequestSchema, InfoReplySchema, { trustedToken: token, ...purpose }),
  envelope(sharingPaths.fileVerify, '12.1.10', '证照文件核验', FileVerifyRequestSchema, FileVerifyReplySchema, { fileEntity: 'JVBERi0xLjcK', fileFormat: 'PDF', ...purpose }),
  envelope(sharingPaths.appRegister, '12.2.1', '可信应用注册', AppRegisterRequestSchema, AppRegisterReplySchema, { appId: 'app-0123456789ab', appSecret: '由登记时给出', corpName: '浦东新区政务服务中心', corpCode: '12310115MB2F30123X' }),
  envelope(sharingPaths.codeVerify, '12.2.2', '政务服务码验证', CodeVerifyRequestSchema, CodeVerifyReplySchema, { qrCode: 'SSM31000020260001A7F3C9E1', ...purpose }),
  envelope(sharingPaths.personToken, '12.2.3', '申领自然人可信访问凭证（authType 1、2 须有 idType 和 idNo，3 须有 qrCode）', PersonTokenRequestSchema, PersonTokenReplySchema, { transactionId: 'T-0001', authType: '3', qrCode: 'SSM31000020260001A7F3C9E1' }),
  envelope(enterprisePaths.query, 'C 0300 6.3.2', '企业信息查询（自有扩展）', EnterpriseQuerySchema, EnterpriseReplySchema, {
    code: '91310000MA1K000006911QYM1…',
    operatorCredential: { operatorId: '3101', name: '周敏', orgCode: '12310115MB2F30123X', orgName: '浦东新区政务服务中心' },
    ...purpose,
    requestId: '0f8fad5b-d9cb-469f-a165-70867728950e',
    scannedAt: '2026-11-21T10:27:40.000+08:00',
    deviceId: 'window-12',
  }),
  envelope(enterprisePaths.submitOffline, 'C 0300 6.3.1 b', '离线核验补报（自有扩展）', OfflineSubmitSchema, OfflineReplySchema, {
    records: [{ recordId: 'r1', codeSealed: '04AB…', scannedAt: '2026-11-21T10:27:40.000+08:00', clockOffset: 0, deviceId: 'window-12', operatorId: '3101', prevHash: '0', hash: 'ab', provisional: 'provisional' }],
  }),
  envelope(enterprisePaths.records, 'C 0300 6.3.1 b', '制码和验码记录查询（自有扩展）', CodeRecordsQuerySchema, CodeRecordsSchema, { code: '91310000MA1K000006911QYM1…' }),
  envelope(enterprisePaths.signingKeys, 'C 0300 6.1.1 c', '验签公钥清单获取（自有扩展）', v.object({}), SignedKeyListSchema, {}),
  envelope(evidencePaths.checkpoint, 'GB/T 45959 7.6', '审计检查点上报与回签（自有扩展）', CheckpointSubmitSchema, CheckpointReplySchema, {
    publicKey: `04${'0'.repeat(128)}`, text: 'checkpoint', signature: 'MEUCIQ==', from: null, proof: [],
  }),
  other('post', enrolPath, '自有扩展', '凭一次性登记码登记应用系统', {
    request: EnrolRequestSchema, reply: EnrolReplySchema,
    example: { enrolmentCode: 'ABCD-EFGH-JKLM-NPQR-STUV', corpName: '浦东新区政务服务中心', corpCode: '12310115MB2F30123X', publicKey: `04${'0'.repeat(128)}` },
  }),
  other('get', '/files/:id', '12.1.6', '下载证照文件：地址一分钟内有效、只能用一次'),
  other('get', presenterPaths.companies, 'C 0300 6.3.2 b', '亮码端：企业列表'),
  other('post', presenterPaths.sessions, 'C 0300 6.3.2 a', '亮码端：以模拟电子营业执照身份登录', { request: SessionRequestSchema, example: { companyId: 'yunfan', role: 'legal' } }),
  other('delete', presenterPaths.sessions, 'C 0300 6.3.2 a', '亮码端：退出'),
  other('post', presenterPaths.codes, 'C 0300 6.3.2 c–f', '亮码端：授权并制码', {
    request: MintRequestSchema,
    example: { companyId: 'yunfan', certificateTypes: [], informationGroups: ['1.2.156.3002.1'], permissions: { retain: true, download: false, transfer: false }, oneTime: false, minutes: 5 },
  }),
  other('get', presenterPaths.grants, 'C 0300 6.2 b', '亮码端：近 7 天的授权'),
  other('get', presenterPaths.views, 'C 0300 6.2 b', '亮码端：近 7 天谁看过'),
  other('get', `${codePath}/status`, 'C 0300 6.2', '亮码端：码的状态'),
  other('get', `${codePath}/views`, 'C 0300 6.2 b', '亮码端：这个码谁看过'),
  other('post', `${codePath}/confirm`, 'C 0300 5.4.4', '亮码端：二次实人认证，同意查看'),
  other('post', `${codePath}/refuse`, 'C 0300 5.4.4', '亮码端：二次实人认证，不同意'),
  other('post', `${codePath}/withdraw`, 'C 0300 6.2 b', '亮码端：撤回授权，即时生效'),
  other('get', '/health', 'GB/T 45959 7.6', '健康状况'),
  other('get', '/metrics', 'GB/T 45959 7.6', 'Prometheus 指标（仅本机）'),
  other('get', '/ops', 'GB/T 45959 7.6', '运行页面（仅本机）'),
  other('post', '/route/enterprise/query', 'GB/T 45959 7.3', '已登记的其他平台就本平台的码转来的查询：双方平台密钥的信封，签名、时间与随机数必备'),
  other('post', '/route/lists', '6.1 b', '已登记的其他平台获取本平台发布或转发的目录与清单（发布方签名）：信封同上'),
  other('get', '/ops/icon.svg', 'GB/T 45959 7.6', '本机页面的图标（仅本机）'),
  other('get', '/ops/page.css', 'GB/T 45959 7.6', '运行页面的样式（仅本机）'),
  other('get', '/ops/page.js', 'GB/T 45959 7.6', '运行页面的程序（仅本机）'),
  other('post', '/ops/faults', '自有扩展', '开关培训用故障（仅本机）', { request: operationsSchemas.fault, example: { name: 'latencyMs', isOn: true } }),
  other('post', '/ops/keys/rotate', 'GB/T 45959 8.2', '轮换本平台的签发密钥（仅本机）'),
  other('post', '/ops/keys/revoke', 'GB/T 45959 8.2', '吊销一把签发密钥（仅本机）', { request: operationsSchemas.revocation, example: { platformId: '310000', keyId: '0a1b2c3d' } }),
  other('post', '/ops/platforms', 'GB/T 45959 7.3', '按 6 位标识登记平台、地址及其签发密钥；地址不写则不变，写 null 则撤回（仅本机）', {
    request: operationsSchemas.registration,
    example: { platformId: '330000', name: '浙江省企业服务码平台', signingKeys: [{ keyId: 'zj-1', publicKey: `04${'0'.repeat(128)}`, notBefore: '2026-01-01T00:00:00Z', notAfter: '2029-01-01T00:00:00Z' }] },
  }),
  other('post', '/ops/lists', '6.1 b, 9', '转发另一平台发布的目录与清单，或恢复自行发布（仅本机）', { request: operationsSchemas.listSource, example: { originId: '330000', fromId: '330000' } }),
  other('get', '/openapi.json', '自有扩展', '本文档'),
  other('get', '/api', '自有扩展', '接口试用页面（仅本机）'),
  other('get', '/api/page.css', '自有扩展', '接口试用页面的样式（仅本机）'),
  other('get', '/api/page.js', '自有扩展', '接口试用页面的程序（仅本机）'),
  other('post', '/api/try', '自有扩展', '以演示用应用系统的身份签名、加密并发送一次调用（仅本机）', {
    request: v.object({ path: v.string(), payload: v.record(v.string(), v.unknown()) }), example: { path: sharingPaths.catalogue, payload: {} },
  }),
];
