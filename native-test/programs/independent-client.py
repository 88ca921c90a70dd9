#!/usr/bin/env python3
"""A client of the platform that shares nothing with this project: Python's standard library, written from the standards.

usage: independent-client.py URL ENROLMENT_CODE SERVICE_CODE
Enrols, proves its application (12.2.1), verifies the code, searches (12.1.5), downloads (12.1.6) and has the file verified
(12.1.10); prints one JSON object. Exit code 1 with a sentence when anything is not as it should be.
"""
import base64, hashlib, json, secrets, sys, time, urllib.request

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
     0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)


def sm3(data):
    return hashlib.new('sm3', data).digest()


def add(p, q):
    if p is None: return q
    if q is None: return p
    if p[0] == q[0]:
        if (p[1] + q[1]) % P == 0: return None
        slope = (3 * p[0] * p[0] + A) * pow(2 * p[1], -1, P) % P
    else:
        slope = (q[1] - p[1]) * pow(q[0] - p[0], -1, P) % P
    x = (slope * slope - p[0] - q[0]) % P
    return x, (slope * (p[0] - x) - p[1]) % P


def multiply(k, p):
    result = None
    while k:
        if k & 1: result = add(result, p)
        p, k = add(p, p), k >> 1
    return result


def b32(number):
    return number.to_bytes(32, 'big')


def encode_point(p):
    return b'\x04' + b32(p[0]) + b32(p[1])


def decode_point(data):
    x, y = int.from_bytes(data[1:33], 'big'), int.from_bytes(data[33:65], 'big')
    if data[0] != 4 or (y * y - x * x * x - A * x - B) % P: raise ValueError('not a point of the curve')
    return x, y


def stream(z, length):
    blocks = (sm3(z + i.to_bytes(4, 'big')) for i in range(1, length // 32 + 2))
    return b''.join(blocks)[:length]


def encrypt(public, text):
    k = secrets.randbelow(N - 1) + 1
    shared = multiply(k, public)
    x, y = b32(shared[0]), b32(shared[1])
    c2 = bytes(a ^ b for a, b in zip(text, stream(x + y, len(text))))
    return encode_point(multiply(k, G)) + sm3(x + text + y) + c2


def decrypt(private, data):
    shared = multiply(private, decode_point(data[:65]))
    x, y = b32(shared[0]), b32(shared[1])
    text = bytes(a ^ b for a, b in zip(data[97:], stream(x + y, len(data) - 97)))
    if sm3(x + text + y) != data[65:97]: raise ValueError('not for this key')
    return text


def digest(public, message):
    identity = b'1234567812345678'
    z = sm3((len(identity) * 8).to_bytes(2, 'big') + identity + b32(A) + b32(B) + b32(G[0]) + b32(G[1]) + b32(public[0]) + b32(public[1]))
    return int.from_bytes(sm3(z + message), 'big')


def sign(private, public, message):
    e = digest(public, message)
    while True:
        k = secrets.randbelow(N - 1) + 1
        r = (e + multiply(k, G)[0]) % N
        if r == 0 or r + k == N: continue
        s = pow(1 + private, -1, N) * (k - r * private) % N
        if s: return b32(r) + b32(s)


def verify(public, message, signature):
    r, s = int.from_bytes(signature[:32], 'big'), int.from_bytes(signature[32:], 'big')
    if len(signature) != 64 or not (0 < r < N and 0 < s < N) or (r + s) % N == 0: return False
    point = add(multiply(s, G), multiply((r + s) % N, public))
    return point is not None and (digest(public, message) + point[0]) % N == r


def post(url, value):
    request = urllib.request.Request(url, json.dumps(value).encode(), {'content-type': 'application/json'})
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)


def need(condition, sentence):
    if not condition: sys.exit(sentence)


class Client:
    def __init__(self, url, enrolment_code):
        self.private = secrets.randbelow(N - 2) + 1
        self.public = multiply(self.private, G)
        self.owner = {'corpName': '独立客户端', 'corpCode': '12310115MB2F30123X'}
        self.profile = post(url + '/enrol', {'enrolmentCode': enrolment_code, 'publicKey': encode_point(self.public).hex(), **self.owner})
        self.platform = decode_point(bytes.fromhex(self.profile['envelopePublicKey']))
        self.token = None
        said = self.call('/trust/app/register', {'appId': self.profile['appId'], 'appSecret': self.profile['appSecret'], **self.owner})
        need(said['code'] == 1, '12.2.1 said no: ' + said['msg'])
        self.token = said['data']['token']

    def call(self, path, payload):
        text = base64.b64encode(json.dumps(payload, ensure_ascii=False).encode())
        data = encrypt(self.platform, text).hex().upper()
        account, stamp, nonce = self.profile['accountId'], str(int(time.time() * 1000)), secrets.token_hex(16)
        signed = '|'.join([account, stamp, nonce, sm3(data.encode()).hex().upper(), '2', path])
        head = {'accountId': account, 'timestamp': stamp, 'nonce': nonce, 'signType': 'SM2', 'signVersion': '2', 'interface': path,
                'sign': sign(self.private, self.public, signed.encode()).hex().upper()}
        if self.token: head['appToken'] = self.token
        reply = post(self.profile['baseUrl'] + path, {'head': head, 'encryptData': data})
        answer, data = reply['head'], reply['encryptData']
        bound = '|'.join([account, answer['timestamp'], answer['nonce'], nonce, sm3(data.encode()).hex().upper(), answer['status'], answer['message']])
        need(answer['requestNonce'] == nonce and verify(self.platform, bound.encode(), bytes.fromhex(answer['sign'])), path + ': not the platform\'s answer to this request')
        need(answer['status'] == '0', '%s: %s %s' % (path, answer['status'], answer['message']))
        return json.loads(base64.b64decode(decrypt(self.private, bytes.fromhex(data))))


def check_code(code, keys):
    """A and B signed, S the signature: the text form of the code, checked with the engine's keys."""
    message, signature = code[:-128].encode(), bytes.fromhex(code[-128:])
    return any(verify(decode_point(bytes.fromhex(key['publicKey'])), message, signature) for key in keys)


def main(url, enrolment_code, code):
    client = Client(url, enrolment_code)
    need(check_code(code, client.profile['signingKeys']), 'the code is not signed by the engine')
    purpose = {'useFor': '独立客户端验证', 'itemName': '公司变更登记', 'itemCode': '310131002001', 'itemOrg': '独立客户端', 'operator': '李明', 'bizNum': 'IND-0001'}
    operator = {'operatorId': '1', 'name': '李明', 'orgCode': client.owner['corpCode'], 'orgName': '独立客户端'}
    query = {'code': code, 'operatorCredential': operator, **purpose, 'requestId': secrets.token_hex(16), 'scannedAt': '2026-01-01T00:00:00+08:00', 'deviceId': 'python'}
    verified = client.call('/eis/enterprise/query', query)
    need(verified['verdict'] == 'valid', 'verdict ' + verified['verdict'])
    found = client.call('/cert/search', {'trustedToken': verified['trustedToken'], **purpose})
    need(found['total'] > 0, 'nothing found')
    entry = client.call('/cert/file/by-id', {'certificateID': found['dataList'][0]['certificateID'], **purpose})['dataList'][0]
    with urllib.request.urlopen(entry['fileUrl'], timeout=30) as reply:
        content = reply.read()
    need(sm3(content).hex() == entry['fileSm3'].lower(), 'the file is not the one announced')
    shown = {'fileEntity': base64.b64encode(content).decode(), 'fileFormat': entry['fileFormat'], **purpose}
    genuine = client.call('/cert/file/verify', shown)['result']
    changed = base64.b64encode(content[:-1] + b'\x00').decode()
    forged = client.call('/cert/file/verify', {**shown, 'fileEntity': changed})['result']
    print(json.dumps({'verdict': verified['verdict'], 'subject': verified['subject']['name'], 'found': found['total'], 'format': entry['fileFormat'],
                      'bytes': len(content), 'genuine': genuine, 'forged': forged}, ensure_ascii=False))


if __name__ == '__main__':
    need(len(sys.argv) == 4, __doc__)
    main(*sys.argv[1:])
