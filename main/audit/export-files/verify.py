#!/usr/bin/env python3
"""Checks an exported audit log. Python 3.8 or newer, standard library only; shares no code with the program that wrote it.

usage: verify.py [DIR] [--key FINGERPRINT] [--slip SIZE:HEAD16] [--seed HEX] [--platform FINGERPRINT]
--seed: the first MAC key of the last generation, where the one who checks has it. Entries without a MAC (version 0.1.0 made none) are named.
Prints `OK ENTRIES` or `BAD NUMBER KIND`; exit code 0 or 1. The key must be compared with what is known from elsewhere.
"""
import base64, hashlib, hmac, json, os, re, sys

M = 0xFFFFFFFF


def rol(x, n):
    n %= 32
    return ((x << n) | (x >> (32 - n))) & M


def own_sm3(data):
    v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    for i in range(0, len(padded), 64):
        w = [int.from_bytes(padded[i + 4 * j:i + 4 * j + 4], "big") for j in range(16)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rol(w[j - 3], 15)
            w.append((x ^ rol(x, 15) ^ rol(x, 23)) ^ rol(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = v
        for j in range(64):
            t = 0x79CC4519 if j < 16 else 0x7A879D8A
            s1 = rol((rol(a, 12) + e + rol(t, j)) & M, 7)
            s2 = s1 ^ rol(a, 12)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & M & g)
            t1 = (ff + d + s2 + (w[j] ^ w[j + 4])) & M
            t2 = (gg + h + s1 + w[j]) & M
            d, c, b, a = c, rol(b, 9), a, t1
            h, g, f, e = g, rol(f, 19), e, t2 ^ rol(t2, 9) ^ rol(t2, 17)
        v = [p ^ q for p, q in zip(v, (a, b, c, d, e, f, g, h))]
    return b"".join(x.to_bytes(4, "big") for x in v)


def choose_sm3():
    assert own_sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    try:
        fast = lambda data: hashlib.new("sm3", data).digest()
        return fast if fast(b"abc") == own_sm3(b"abc") else own_sm3
    except (ValueError, TypeError):
        return own_sm3


sm3 = choose_sm3()

# SM2: the curve of GB/T 32918.5.
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
     0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)


# Points as x/z^2, y/z^3; None is the point at infinity.
def double(p):
    if p is None or p[1] == 0:
        return None
    x, y, z = p
    s, m = 4 * x * y * y % P, (3 * x * x + A * pow(z, 4, P)) % P
    u = (m * m - 2 * s) % P
    return u, (m * (s - u) - 8 * pow(y, 4, P)) % P, 2 * y * z % P


def add(p, q):
    if p is None or q is None:
        return p or q
    (x1, y1, z1), (x2, y2, z2) = p, q
    a, b = x1 * z2 * z2 % P, x2 * z1 * z1 % P
    c, d = y1 * z2 ** 3 % P, y2 * z1 ** 3 % P
    if a == b:
        return double(p) if c == d else None
    h, r = b - a, d - c
    x = (r * r - h ** 3 - 2 * a * h * h) % P
    return x, (r * (a * h * h - x) - c * h ** 3) % P, h * z1 * z2 % P


def times(k, p):
    r = None
    for bit in bin(k)[2:]:
        r = double(r)
        if bit == "1":
            r = add(r, p)
    return r


def read_key(pem):
    return read_point(base64.b64decode("".join(pem.split("-----")[2].split()))[-65:])


def read_point(point):
    x, y = int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:65], "big")
    if len(point) != 65 or point[0] != 4 or x >= P or y >= P or (y * y - x * x * x - A * x - B) % P:
        raise ValueError("no point of the curve")
    return x, y


def read_signature(der):
    def integer(at):
        if der[at] != 2 or der[at + 1] > 33:
            raise ValueError
        end = at + 2 + der[at + 1]
        body = der[at + 2:end]
        if not body or body[0] & 0x80 or (len(body) > 1 and body[0] == 0 and not body[1] & 0x80):
            raise ValueError
        return int.from_bytes(body, "big"), end
    if der[0] != 0x30 or der[1] != len(der) - 2:
        raise ValueError
    r, at = integer(2)
    s, at = integer(at)
    if at != len(der):
        raise ValueError
    return r, s


def is_signed(key, message, der):
    try:
        r, s = read_signature(der)
    except (ValueError, IndexError):
        return False
    if not (0 < r < N and 0 < s < N and (r + s) % N):
        return False
    ident = b"1234567812345678"
    parts = [(8 * len(ident)).to_bytes(2, "big"), ident] + [n.to_bytes(32, "big") for n in (A, B, *G, *key)]
    e = int.from_bytes(sm3(sm3(b"".join(parts)) + message), "big")
    point = add(times(s, (*G, 1)), times((r + s) % N, (*key, 1)))
    return point is not None and (e + point[0] * pow(point[2], -2, P) % P) % N == r


class Tree:
    def __init__(self):
        self.size, self.peaks = 0, []

    def append(self, data):
        node, rest = sm3(b"\0" + data), self.size
        while rest & 1:
            node, rest = sm3(b"\1" + self.peaks.pop() + node), rest >> 1
        self.peaks.append(node)
        self.size += 1

    def root(self):
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = sm3(b"\1" + peak + root)
        return root


class Bad(Exception):
    pass


def read(folder, name):
    try:
        with open(os.path.join(folder, name), "rb") as file:
            return file.read()
    except OSError:
        raise Bad("0 missing-" + name)


FORM = re.compile(r"counter-audit/([\w.-]+)/(\d+)\n(\d+)\n([A-Za-z0-9+/=]{44})\n([0-9a-f]{64}) (\S+) (\d+)\n", re.A)


# What people sign for by themselves, each with the key that they made known last (an entry access.signs, signed with that key).
SIGNED_TYPES = ("access.signs", "scan.verdict", "notice.given", "copy.printed", "copy.reprinted", "copy.saved", "copy.forwarded")
# With the escapes that the counter prints and no other: a letter has none.
TEXT = r'"((?:[^"\\]|\\(?:["\\bfnrt]|u00[01][0-9a-f]|ud[89a-f][0-9a-f]{2}))*)"'
LINE = re.compile(
    r'\{"seq":\d+,"gen":\d+,("t":"[^"]*","mono":\d+,"u":\d+,"actor":' + TEXT + ',"role":' + TEXT + ',"device":' + TEXT + ',"type":' + TEXT
    + ',"result":' + TEXT + ',"ref":' + TEXT + r'),"bodyHash":"[0-9a-f]{64}"(?:(,"content":"[0-9a-f]{64}"),"signature":"([A-Za-z0-9+/=]+)")?\}', re.A | re.S)


class People:
    def __init__(self):
        self.keys, self.signed = {}, 0

    def holds(self, line):
        said = LINE.fullmatch(line)
        if said is None:
            return False
        facts, actor, kind, result, ref, content, signature = said.group(1, 2, 5, 6, 7, 8, 9)
        key = self.keys.get(actor)
        if signature is None:
            return kind != "access.signs" and (key is None or kind not in SIGNED_TYPES)
        try:
            if kind == "access.signs":
                key = read_point(bytes.fromhex(result)) if ref == actor else None
            der = base64.b64decode(signature)
        except (ValueError, IndexError):
            return False
        if key is None or not is_signed(key, ("counter-signed-v1\n{%s%s}\n" % (facts, content)).encode(), der):
            return False
        if kind == "access.signs":
            self.keys[actor] = key
        self.signed += 1
        return True


# Without one of these it is no export; in this order.
NEEDED = ("audit.jsonl", "chain.txt", "device.pub", "MANIFEST", "MANIFEST.sig")


# Version 0.1.0 made no MACs: the first entries may have none, up to the first that has one and not past the first checkpoint.
class Macs:
    def __init__(self, folder, gen, seed):
        there = os.path.exists(os.path.join(folder, "macs.txt"))
        self.lines = read(folder, "macs.txt").split(b"\n") if there or seed is not None else None
        self.gen, self.key, self.may_lack, self.checked, self.without = gen, seed, True, 0, 0

    def hold(self, seq, line, stated):
        if self.lines is None:
            return True
        mac = self.lines[seq - 1] if seq < len(self.lines) else b""
        if mac == b"-":
            self.without += 1
            return self.may_lack
        self.may_lack = False
        if self.key is None or not self.is_of(seq, line):
            return True
        self.checked += 1
        return hmac_sm3(self.key, stated).hex().encode() == mac

    def end_epoch(self, seq, line):
        self.may_lack = False
        if self.key is not None and self.is_of(seq, line):
            self.key = sm3(b"ratchet" + self.key)

    def is_of(self, seq, line):
        return line.startswith(b'{"seq":%d,"gen":%d,' % (seq, self.gen))


def check(folder, key_print, slip, seed, platform):
    for name in NEEDED:
        if not os.path.isfile(os.path.join(folder, name)):
            raise Bad("0 missing-" + name)
    pem = read(folder, "device.pub")
    try:
        key = read_key(pem.decode())
    except (ValueError, IndexError):
        raise Bad("0 key")
    point = b"\4" + key[0].to_bytes(32, "big") + key[1].to_bytes(32, "big")
    fingerprint = sm3(point).hex()[:16]
    if key_print is not None and key_print.replace("-", "").lower() != fingerprint:
        raise Bad("0 key")
    lines = read(folder, "audit.jsonl").split(b"\n")
    hashes = read(folder, "chain.txt").split(b"\n")
    entries = len(hashes) - 1
    checkpoints = read_checkpoints(folder, entries)
    newest = checkpoints[entries][2]
    tree, people, macs, previous = Tree(), People(), Macs(folder, int(newest.group(2)) if newest else 0, seed), b"0" * 64
    for seq in range(1, max(entries, len(lines) - 1) + 1):
        line, stated = lines[seq - 1], hashes[seq - 1] if seq <= entries else b""
        if seq > len(lines) - 1:
            raise Bad("%d truncated" % seq)
        if sm3(b"fd-audit-v1\n" + previous + b"\n" + line + b"\n").hex().encode() != stated:
            raise Bad("%d changed" % seq)
        if not line.startswith(b'{"seq":%d,' % seq):
            raise Bad("%d changed" % seq)
        if not people.holds(line.decode()):
            raise Bad("%d signature" % seq)
        if not macs.hold(seq, line, stated):
            raise Bad("%d mac" % seq)
        previous = stated
        tree.append(bytes.fromhex(stated.decode()))
        if seq in checkpoints:
            text, signature, said = checkpoints.pop(seq)
            if said is None or int(said.group(3)) != seq or said.group(5).encode() != stated or base64.b64decode(said.group(4)) != tree.root() or not is_signed(key, text, signature):
                raise Bad("%d checkpoint" % seq)
            macs.end_epoch(seq, line)
    if checkpoints:
        raise Bad("%d truncated" % (entries + 1))
    # A key that no MAC was held against proves nothing.
    if seed is not None and macs.checked == 0:
        raise Bad("1 mac")
    check_countersignatures(folder, platform)
    check_manifest(folder, key)
    if slip is not None:
        size, head = slip.split(":")
        if int(size) > entries or not hashes[int(size) - 1].startswith(head.encode()):
            raise Bad("%s slip" % size)
    print("key %s" % fingerprint)
    if macs.without:
        print("without MAC %s" % ("1" if macs.without == 1 else "1-%d" % macs.without))
    if seed is not None:
        print("MACs checked %d" % macs.checked)
    if people.signed:
        print("signed by people %d" % people.signed)
    return entries


def hmac_sm3(key, data):
    key = key.ljust(64, b"\0")
    return sm3(bytes(k ^ 0x5C for k in key) + sm3(bytes(k ^ 0x36 for k in key) + data))


def texts_in(folder, part, kind):
    place = os.path.join(folder, part)
    names = [name for name in os.listdir(place) if name.endswith(".txt")] if os.path.isdir(place) else []
    for name in names:
        if not re.fullmatch(r"\d{9,}\.txt", name, re.A) or int(name[:-4]) == 0:
            raise Bad("0 " + kind)
    return sorted(names, key=lambda name: int(name[:-4]))


def read_checkpoints(folder, entries):
    found = {}
    for name in texts_in(folder, "checkpoints", "checkpoint"):
        size = int(name[:-4])
        text = read(folder, "checkpoints/" + name)
        said = FORM.fullmatch(text.decode("latin-1"))
        sig = "checkpoints/%s.sig" % name[:-4]
        # A checkpoint of another form, or without its signature, is a bad checkpoint of that entry, found in its turn.
        signature = read(folder, sig) if os.path.isfile(os.path.join(folder, sig)) else b""
        found[size] = (text, signature, said)
    if not found or max(found) != entries:
        last = max(found, default=0)
        raise Bad("%d %s" % (min(last, entries) + 1, "truncated" if last > entries else "unsigned"))
    return found


def check_countersignatures(folder, platform):
    last = 0
    for name in texts_in(folder, "countersigned", "countersignature"):
        base = name[:-4]
        size = int(base)
        try:
            text = read(folder, "countersigned/" + name)
            key = read_key(read(folder, "countersigned/%s.pub" % base).decode())
            signature = read(folder, "countersigned/%s.sig" % base)
            checkpoint = read(folder, "checkpoints/%s.txt" % base)
        except (Bad, ValueError, IndexError):
            raise Bad("%d countersignature" % size)
        heading, t = (text.split(b"\n") + [b""])[:2]
        if text != b"counter-countersigned\n" + t + b"\n" + checkpoint or not is_signed(key, text, signature):
            raise Bad("%d countersignature" % size)
        fingerprint = sm3(b"\4" + key[0].to_bytes(32, "big") + key[1].to_bytes(32, "big")).hex()[:16]
        if platform is not None and platform.replace("-", "").lower() != fingerprint:
            raise Bad("%d platform" % size)
        print("countersigned %d %s" % (size, fingerprint))
        last = size
    if platform is not None and last == 0:
        raise Bad("0 platform")


def check_manifest(folder, key):
    manifest = read(folder, "MANIFEST")
    if not is_signed(key, manifest, read(folder, "MANIFEST.sig")):
        raise Bad("0 manifest")
    for line in manifest.decode("latin-1").rstrip("\n").split("\n"):
        said = re.fullmatch(r"([0-9a-f]{64})  ([\w./-]+)", line, re.A)
        if said is None or ".." in line or said.group(2).startswith("/"):
            raise Bad("0 manifest")
        if sm3(read(folder, said.group(2))).hex() != said.group(1):
            raise Bad("0 file-" + said.group(2))


def main(args):
    options = {"--key": None, "--slip": None, "--seed": None, "--platform": None}
    folder = os.path.dirname(os.path.abspath(__file__))
    if "-h" in args or "--help" in args:
        print(__doc__.strip())
        return 0
    while args:
        word = args.pop(0)
        if word in options:
            options[word] = args.pop(0)
        else:
            folder = word
    seed = bytes.fromhex(options["--seed"]) if options["--seed"] else None
    try:
        print("OK %d" % check(folder, options["--key"], options["--slip"], seed, options["--platform"]))
        return 0
    except Bad as bad:
        print("BAD %s" % bad)
    except (OSError, ValueError, IndexError) as error:
        print("BAD 0 unreadable (%s)" % error)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
